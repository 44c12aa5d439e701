#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace jobhost::plugin {

/// What the operator says about one plugin.
struct PluginOptions {
    std::string id;
    std::string config_json = "{}";  ///< handed to the plugin's init; a JSON object
};

struct Options {
    std::vector<std::filesystem::path> dirs;  ///< every `*.so` in them is a plugin
    std::vector<PluginOptions> plugins;
    std::filesystem::path stage_dir;  ///< private copies and described digests
    base::Duration describe_timeout = std::chrono::seconds(2);
    base::Duration init_timeout = std::chrono::seconds(30);
    base::Duration stop_timeout = std::chrono::seconds(5);  ///< for each plugin, at the end
};

}  // namespace jobhost::plugin
