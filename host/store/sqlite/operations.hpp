#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/state.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/turn.hpp"

/// What people do to stored jobs. Where nobody holds the job it is done at once; else it is noted
/// as an intent, so that the holder is told and the landing obeys, also after the holder's death.
namespace jobhost::store::sqlite {

/// Judges by `core::allows` and does it; answers in the order given. [writer]
[[nodiscard]] std::vector<Verdict> apply(Turn& turn,
                                         core::Operation operation,
                                         std::span<const core::JobId> jobs,
                                         const OperationOptions& options);

/// Cancels a job that is not over. [writer]
void cancel(Turn& turn, JobKey job);

/// Intents whose holder is forgotten, since the power was lost: the jobs wait again, so what was
/// wanted is done at once. [writer, at open]
void fulfil_orphaned_intents(Turn& turn);

}  // namespace jobhost::store::sqlite
