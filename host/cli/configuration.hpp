#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "config/environment.hpp"
#include "config/host_config.hpp"

namespace jobhost::cli {

/// Where the configuration stands when --config does not say.
inline constexpr std::string_view kDefaultConfig = "/etc/jobhost/jobhost.toml";

/// The file of this program.
[[nodiscard]] std::filesystem::path program_file();

/// The configuration that --config and --set, the environment and this process' surroundings make.
[[nodiscard]] base::Result<config::HostConfig> read_configuration(
    const Arguments& arguments,
    const config::Environment& environment);

}  // namespace jobhost::cli
