#include "plugin/description.hpp"

#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include <jobhost/plugin.h>

namespace jobhost::plugin {

namespace {

using base::Error;
using base::ErrorKind;
using base::Json;
using base::JsonArray;
using base::JsonObject;
using base::Result;

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 5> kKinds{{
    {JH_EVENT_BEFORE_RUN, "before_run"},
    {JH_EVENT_AFTER_RUN, "after_run"},
    {JH_EVENT_ENQUEUED, "enqueued"},
    {JH_EVENT_RETRY, "retry"},
    {JH_EVENT_ABANDONED, "abandoned"},
}};

JsonArray names_of(std::uint64_t kinds) {
    JsonArray names;
    for (const auto& [kind, name] : kKinds) {
        if ((kinds & JH_EVENT_BIT(kind)) != 0) {
            names.emplace_back(name);
        }
    }
    return names;
}

JsonObject to_json(const HandlerDescription& handler);
JsonObject to_json(const ScheduleDescription& schedule);
const std::string& to_json(const std::string& text) { return text; }

template <typename T>
JsonArray listed(const std::vector<T>& items) {
    JsonArray array;
    for (const auto& item : items) {
        array.emplace_back(to_json(item));
    }
    return array;
}

JsonObject to_json(const HandlerDescription& handler) {
    JsonObject object;
    object["id"] = handler.id;
    object["display_name"] = handler.display_name;
    object["description"] = handler.description;
    object["kinds"] = names_of(handler.kinds);
    object["runner_glob"] = handler.runner_glob;
    object["priority"] = handler.priority;
    object["timeout"] = base::to_seconds(handler.timeout);
    object["must_pass"] = handler.must_pass;
    object["parameters"] = listed(handler.parameters);
    return object;
}

JsonObject to_json(const ScheduleDescription& schedule) {
    JsonObject object;
    object["id"] = schedule.id;
    object["runner_id"] = schedule.runner_id;
    object["schedule"] = schedule.schedule;
    object["args"] = schedule.args_json;
    object["per_node"] = schedule.per_node;
    object["catch_up"] = schedule.catch_up;
    return object;
}

/// Reads members of one object and remembers the first that is missing or of another kind.
class Members {
public:
    explicit Members(const Json& json) {
        if (json.is_object()) {
            object_ = &json.get_object();
        } else {
            wrong_ = "an object";
        }
    }

    [[nodiscard]] const std::string& wrong() const { return wrong_; }

    void read(std::string_view name, std::string& into) {
        if (const auto* const value = find(name, &Json::is_string)) {
            into = std::string(value->get_string());
        }
    }
    void read(std::string_view name, bool& into) {
        if (const auto* const value = find(name, &Json::is_bool)) {
            into = value->get_bool();
        }
    }
    void read(std::string_view name, std::int32_t& into) {
        if (const auto* const value = find(name, &Json::is_int64)) {
            into = static_cast<std::int32_t>(value->get_int64());
        }
    }
    void read(std::string_view name, base::Duration& into) {
        if (const auto* const value = find(name, &Json::is_number)) {
            into = std::chrono::round<base::Duration>(
                std::chrono::duration<double>(value->to_number<double>()));
        }
    }
    /// Calls `take(item)` for each; it answers whether the item is what it should be.
    template <typename F>
    void each(std::string_view name, F&& take) {
        const auto* const value = find(name, &Json::is_array);
        if (value == nullptr) {
            return;
        }
        for (const auto& item : value->get_array()) {
            if (!take(item)) {
                note(name);
            }
        }
    }

private:
    template <typename Is>
    const Json* find(std::string_view name, Is is) {
        const auto* const value = object_ == nullptr ? nullptr : base::find(*object_, name);
        if (value == nullptr || !std::invoke(is, *value)) {
            note(name);
            return nullptr;
        }
        return value;
    }
    void note(std::string_view name) {
        if (wrong_.empty()) {
            wrong_ = name;
        }
    }

    const JsonObject* object_ = nullptr;
    std::string wrong_;
};

bool read_kinds(Members& members, std::uint64_t& kinds) {
    members.each("kinds", [&](const Json& name) {
        for (const auto& [kind, known] : kKinds) {
            if (name.is_string() && std::string_view(name.get_string()) == known) {
                kinds |= JH_EVENT_BIT(kind);
                return true;
            }
        }
        return false;
    });
    return members.wrong().empty();
}

bool read_handler(const Json& json, PluginDescription& into) {
    HandlerDescription handler;
    Members members(json);
    members.read("id", handler.id);
    members.read("display_name", handler.display_name);
    members.read("description", handler.description);
    members.read("runner_glob", handler.runner_glob);
    members.read("priority", handler.priority);
    members.read("timeout", handler.timeout);
    members.read("must_pass", handler.must_pass);
    // Parameters are written the same way for handlers and for types.
    auto form = core::type_from_json(json);
    if (!read_kinds(members, handler.kinds) || !form) {
        return false;
    }
    handler.parameters = std::move(form->parameters);
    into.handlers.push_back(std::move(handler));
    return true;
}

bool read_schedule(const Json& json, PluginDescription& into) {
    ScheduleDescription schedule;
    Members members(json);
    members.read("id", schedule.id);
    members.read("runner_id", schedule.runner_id);
    members.read("schedule", schedule.schedule);
    members.read("args", schedule.args_json);
    members.read("per_node", schedule.per_node);
    members.read("catch_up", schedule.catch_up);
    into.schedules.push_back(std::move(schedule));
    return members.wrong().empty();
}

void read_parts(Members& members, PluginDescription& into) {
    members.each("types", [&](const Json& json) {
        auto type = core::type_from_json(json);
        if (!type) {
            return false;
        }
        into.types.push_back(*std::move(type));
        return true;
    });
    members.each("handlers", [&](const Json& json) { return read_handler(json, into); });
    members.each("schedules", [&](const Json& json) { return read_schedule(json, into); });
    members.each("warnings", [&](const Json& json) {
        if (json.is_string()) {
            into.warnings.emplace_back(json.get_string());
        }
        return json.is_string();
    });
}

}  // namespace

JsonObject to_json(const PluginDescription& description) {
    JsonObject object;
    object["id"] = description.id;
    object["version"] = description.version;
    object["display_name"] = description.display_name;
    object["vendor"] = description.vendor;
    object["description"] = description.description;
    object["url"] = description.url;
    object["license"] = description.license;
    object["min_level"] = description.min_level;
    object["target_level"] = description.target_level;
    object["types"] = listed(description.types);
    object["handlers"] = listed(description.handlers);
    object["schedules"] = listed(description.schedules);
    object["warnings"] = listed(description.warnings);
    return object;
}

Result<PluginDescription> description_from_json(const Json& json) {
    PluginDescription found;
    Members members(json);
    members.read("id", found.id);
    members.read("version", found.version);
    members.read("display_name", found.display_name);
    members.read("vendor", found.vendor);
    members.read("description", found.description);
    members.read("url", found.url);
    members.read("license", found.license);
    members.read("min_level", found.min_level);
    members.read("target_level", found.target_level);
    read_parts(members, found);
    if (!members.wrong().empty()) {
        return Error{ErrorKind::Invalid, "bad_description",
                     "the description of the plugin is garbled at \"" + members.wrong() + "\""};
    }
    return found;
}

}  // namespace jobhost::plugin
