#pragma once

#include <vector>

#include "store/claim_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/live.hpp"

namespace jobhost::store::sqlite {

/// A row of `ready` that a claim takes.
struct Pick {
    ReadyKey place;
    int tries = 0;
    int crashes = 0;
    int attempts = 0;
};

/// Reads the free rows that `request` asks for, best first: by rank, then due time, over all lanes
/// that this node can run. Reads forward from the floors of `live.frontier()` and moves them, so
/// the work is that of the rows taken, whatever else is stored. The caller holds the lock of `live`
/// and enters what was picked before it lets go.
///
/// With `fair_turn` the head of each lower rank comes first, so that nothing starves; where not all
/// fit, they take turns: it is the last rank that got a place in this way, and is moved on.
[[nodiscard]] std::vector<Pick> pick(Connection& connection,
                                     Live& live,
                                     const ClaimRequest& request,
                                     Rank* fair_turn);

}  // namespace jobhost::store::sqlite
