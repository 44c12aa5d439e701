#pragma once

#include "store/plan_store.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// See `PlanStore`. [writer]
[[nodiscard]] Backfilled backfill(Turn& turn, const BackfillOrder& order);

}  // namespace jobhost::store::sqlite
