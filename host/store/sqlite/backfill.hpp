#pragma once

#include "store/plan_store.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// What a backfill would do. [any connection]
[[nodiscard]] Backfilled count_backfill(Connection& connection, const BackfillOrder& order);

/// See `PlanStore`. [writer]
[[nodiscard]] Backfilled backfill(Turn& turn, const BackfillOrder& order);

}  // namespace jobhost::store::sqlite
