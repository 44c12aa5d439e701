#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/state.hpp"
#include "store/maintenance_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/turn.hpp"

/// Does what is stored fit together? Looking is done beside the writer, putting right by it, and
/// only after it has looked again.
namespace jobhost::store::sqlite {

/// One page of jobs that was looked at.
struct LookedAt {
    std::optional<JobKey> to;       ///< nothing: these were the last
    std::vector<JobKey> misplaced;  ///< stand nowhere, in two places, or are no jobs at all
};

/// Looks at the next `limit` jobs behind `from`.
[[nodiscard]] LookedAt look_at_places(Connection& connection, JobKey from, int limit);

/// By how much each counter is too low. Empty when all are right.
[[nodiscard]] std::map<core::Status, std::int64_t> counter_errors(Connection& connection);

/// Lets the job stand in exactly one place: one that stands nowhere is completed when its last
/// attempt was a success, and waits in the queue otherwise; of several places the one that loses
/// nothing is kept. What somebody holds is left for the next time. Counters are left as they are.
void put_right(Turn& turn, JobKey job, Checked& checked);

}  // namespace jobhost::store::sqlite
