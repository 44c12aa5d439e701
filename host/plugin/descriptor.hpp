#pragma once

#include <optional>
#include <vector>

#include <jobhost/plugin.h>

#include "base/result.hpp"
#include "plugin/description.hpp"

namespace jobhost::plugin {

/// What a plugin's entry returned, judged, with the structs behind it.
struct Descriptor {
    PluginDescription description;
    const jh_plugin* plugin = nullptr;
    std::vector<const jh_runner*> runners;  ///< those of `description.types`, in that order
};

/// Copies and judges a description by the rules of the layout (L1 to L12 in plugin.h) and the
/// levels that this host supports. Reads nothing beyond a struct's size. One mistake refuses the
/// plugin, with a sentence that names the field. An unknown critical flag on a runner, a handler, a
/// schedule or one of their parameters leaves out that one object, unread beyond its id, and is
/// listed among the warnings.
[[nodiscard]] base::Result<Descriptor> read_descriptor(const jh_plugin* plugin);

}  // namespace jobhost::plugin
