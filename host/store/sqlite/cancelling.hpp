#pragma once

#include <span>
#include <vector>

#include "store/job_store.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// Stops what waits; marks what is held, so that its holder is told and its landing obeys. [writer]
[[nodiscard]] std::vector<CancelVerdict> cancel(Turn& turn, std::span<const core::JobId> jobs);

/// The same for one job.
CancelVerdict cancel(Turn& turn, JobKey job);

/// Wishes whose holder is forgotten, since the power was lost: the jobs wait again, so the wish is
/// fulfilled at once. [writer, at open]
void fulfil_orphaned_intents(Turn& turn);

}  // namespace jobhost::store::sqlite
