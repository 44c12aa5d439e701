#pragma once

#include "simulation/cluster.hpp"

namespace jobhost::simulation {

/// Runs one seed over a real SQLite file: one node, whose process is killed and opens it again. The
/// store is as good as it is; it does not fail on demand. Ids differ from run to run.
[[nodiscard]] Report simulate_sqlite(std::uint64_t seed, Trouble trouble = Trouble::All);

}  // namespace jobhost::simulation
