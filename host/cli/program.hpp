#pragma once

#include <span>
#include <string>

#include "cli/console.hpp"
#include "config/environment.hpp"

namespace jobhost::cli {

/// The whole program behind `main`: understands the words behind its name and does what they say.
[[nodiscard]] int run_program(std::span<const std::string> words,
                              const config::Environment& environment,
                              Console& console);

/// The same with the words, the environment and the terminal of this process.
[[nodiscard]] int run_program(int argc, char** argv);

}  // namespace jobhost::cli
