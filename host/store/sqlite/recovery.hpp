#pragma once

#include <cstdint>
#include <vector>

#include "store/sqlite/board.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/live.hpp"

namespace jobhost::store::sqlite {

/// What an opened database says to a process that begins with it.
struct Recovered {
    Live live;
    std::vector<Lane> lanes;
    Epoch epoch;
    std::int64_t last_key = 0;
};

/// Takes a new epoch, and puts into memory what the database and the board say: the lanes and what
/// is ready in them, the counters, the nodes there were, and what they still held when they died.
///
/// An entry of the board is believed when its job still stands in `ready` and has no attempt as new
/// as the entry; a row in `running` always. What the board says beyond that is wiped.
[[nodiscard]] base::Result<Recovered> recover(Connection& connection,
                                              Board board,
                                              core::Instant now);

}  // namespace jobhost::store::sqlite
