#pragma once

#include <cstdint>
#include <functional>

#include "simulation/cluster.hpp"

namespace jobhost::simulation {

using RunSeed = std::function<Report(std::uint64_t)>;

/// Which kinds of faults a program must have seen to be content, once it ran a hundred seeds.
enum class Kinds { All, Some };

/// The program of the long form: so many seeds, or one of them again.
///
///   simulate SEEDS [FIRST]      seeds from FIRST, 1 when not said
///   simulate --seed N           this one, and what it did last
int long_form(int argc, char** argv, const RunSeed& run_seed, Kinds kinds);

}  // namespace jobhost::simulation
