#pragma once

#include "store/sqlite/arrivals.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// Gives a job what of a spec may change. A new place in the file that declares it is noted without
/// a new version when nothing else changes. [writer]
[[nodiscard]] Verdict update(Turn& turn,
                             LaneBook& book,
                             core::JobId job,
                             const Arrival& arrival,
                             const OperationOptions& options);

}  // namespace jobhost::store::sqlite
