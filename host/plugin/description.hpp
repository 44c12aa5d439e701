#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/parameters.hpp"

namespace jobhost::plugin {

/// An event handler that a plugin brings.
struct HandlerDescription {
    std::string id;
    std::string display_name;
    std::string description;
    std::uint64_t kinds = 0;  ///< a bit for each event kind, numbered as at the border
    std::string runner_glob;  ///< empty = jobs of all runners
    std::int32_t priority = 0;
    base::Duration timeout{};  ///< 0 = the host decides
    bool must_pass = false;
    std::vector<core::Parameter> parameters;

    friend bool operator==(const HandlerDescription&, const HandlerDescription&) = default;
};

/// A recurring job that a plugin brings as data.
struct ScheduleDescription {
    std::string id;
    std::string runner_id;
    std::string schedule;
    std::string args_json;
    bool per_node = false;
    bool catch_up = false;

    friend bool operator==(const ScheduleDescription&, const ScheduleDescription&) = default;
};

/// All that a plugin says of itself, copied and judged.
struct PluginDescription {
    std::string id;
    std::string version;
    std::string display_name;
    std::string vendor;
    std::string description;
    std::string url;
    std::string license;
    int min_level = 0;
    int target_level = 0;
    std::vector<core::TypeInfo> types;
    std::vector<HandlerDescription> handlers;
    std::vector<ScheduleDescription> schedules;
    /// Runners and handlers that were refused while the rest was not, one sentence each.
    std::vector<std::string> warnings;

    friend bool operator==(const PluginDescription&, const PluginDescription&) = default;
};

/// How deep a description is nested at most: a default as deep as any document, and what is around.
inline constexpr std::size_t kDescriptionDepth = 2 * base::kJsonDepth;

/// What `jobhost-child --describe` prints and `jobhost plugin describe` shows.
[[nodiscard]] base::JsonObject to_json(const PluginDescription& description);

/// Reads back what `to_json` wrote.
[[nodiscard]] base::Result<PluginDescription> description_from_json(const base::Json& json);

}  // namespace jobhost::plugin
