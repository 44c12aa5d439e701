#pragma once

#include <span>
#include <vector>

#include "store/plan_store.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// See `PlanStore`. [any connection]
[[nodiscard]] DuePlans due_plans(Connection& connection, core::Instant now, int limit);

/// See `PlanStore`. [writer]
[[nodiscard]] std::vector<Advanced> advance(Turn& turn, std::span<const Advance> advances);
[[nodiscard]] int rewind(Turn& turn, core::Instant now);

}  // namespace jobhost::store::sqlite
