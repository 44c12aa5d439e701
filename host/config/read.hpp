#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/environment.hpp"
#include "config/host_config.hpp"

namespace jobhost::config {

/// Everything that a configuration is made of besides the defaults.
struct Inputs {
    std::filesystem::path file;
    Environment environment;
    std::vector<std::string> sets;      ///< `run.workers=8`, the later wins
    std::filesystem::path working_dir;  ///< absolute; what paths in `sets` start from
    std::filesystem::path program_dir;  ///< absolute; where the plugins folder is looked for
    std::string machine_name;           ///< the default of host.name
};

inline constexpr std::size_t kLargestConfig = 256 * 1024;

/// Reads the file, puts environment and `--set` above it and judges all of it. The error lists
/// every mistake at once (see `to_error`). Nothing is written anywhere.
[[nodiscard]] base::Result<HostConfig> read(const Inputs& inputs);

}  // namespace jobhost::config
