#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace jobhost::app {

/// What a plugin file says of itself, as JSON; read in a child process, needs no host.
[[nodiscard]] base::Result<std::string> describe_plugin(const std::filesystem::path& file);

}  // namespace jobhost::app
