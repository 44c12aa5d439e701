#pragma once

#include <vector>

#include "config/judge.hpp"
#include "config/problem.hpp"
#include "config/value.hpp"
#include "plugin/options.hpp"

namespace jobhost::config {

/// Reads the `[[plugin]]` tables. What stands under `config` is the plugin's own and becomes JSON.
/// `complete` is false when the text could not be read to its end, so that a missing `id` may only
/// have been cut off.
[[nodiscard]] std::vector<plugin::PluginOptions> read_plugin_tables(const Entry& entry,
                                                                    bool complete,
                                                                    const Folders& folders,
                                                                    std::vector<Problem>& problems);

}  // namespace jobhost::config
