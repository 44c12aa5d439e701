#pragma once

#include <span>
#include <string>

#include "base/result.hpp"

namespace jobhost::cli {

/// The page for these words: none is the overview, "job" a noun, "job add" a verb, "settings" the
/// settings of the configuration. The error is `wrong_use`.
[[nodiscard]] base::Result<std::string> help_page(std::span<const std::string> words);

}  // namespace jobhost::cli
