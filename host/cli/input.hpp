#pragma once

#include <string>

#include "base/result.hpp"

namespace jobhost::cli {

/// The text that an argument stands for: `-` is standard input, `@FILE` a file, anything else
/// itself.
[[nodiscard]] base::Result<std::string> read_input(const std::string& source);

}  // namespace jobhost::cli
