#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "plugin/describer.hpp"
#include "plugin/description.hpp"

namespace jobhost::plugin {

/// Maps a library into this process, calls its entry with a host that offers no function, and
/// judges what it returns. Runs the library's code, which may do anything: for the child alone.
[[nodiscard]] base::Result<PluginDescription> describe_here(const std::filesystem::path& library);

/// Asks a describer and reads its answer.
[[nodiscard]] base::Result<PluginDescription> describe_file(const std::filesystem::path& library,
                                                            Describer& describer);

}  // namespace jobhost::plugin
