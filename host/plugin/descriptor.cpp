#include "plugin/descriptor.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/version.hpp"
#include "plugin/c_border.hpp"
#include "plugin/fields.hpp"
#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

using base::Result;

constexpr const char* kThePlugin = "the plugin";
constexpr std::uint64_t kKnownKinds =
    JH_EVENT_BIT(JH_EVENT_BEFORE_RUN) | JH_EVENT_BIT(JH_EVENT_AFTER_RUN) |
    JH_EVENT_BIT(JH_EVENT_ENQUEUED) | JH_EVENT_BIT(JH_EVENT_RETRY) |
    JH_EVENT_BIT(JH_EVENT_ABANDONED);

core::ParameterType type_from(std::uint32_t number) {
    const bool known = number >= JH_PARAM_STRING && number <= JH_PARAM_FILE;
    return known ? static_cast<core::ParameterType>(number) : core::ParameterType::Json;
}

core::Duration milliseconds(std::uint64_t number) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
    return core::Duration(static_cast<std::int64_t>(std::min(number, kMost)));
}

int bounded(std::uint32_t number) {
    constexpr auto kMost = static_cast<std::uint32_t>(std::numeric_limits<int>::max());
    return static_cast<int>(std::min(number, kMost));
}

std::string quoted(const std::string& id) { return "`" + id + "`"; }

/// Reads one plugin. It stops at the first mistake; an object that is refused alone is left out and
/// remembered among the warnings.
class Reading {
public:
    Result<Descriptor> of(const jh_plugin& plugin);

private:
    void read_head(const jh_plugin& plugin);
    void judge_levels(std::uint32_t min, std::uint32_t target);
    void read_parts(const jh_plugin& plugin);
    void read_runner(const jh_runner& runner, std::uint32_t index);
    void read_handler(const jh_handler& handler, std::uint32_t index);
    void read_schedule(const jh_schedule& schedule, std::uint32_t index);
    void judge_whole(const jh_plugin& plugin);

    /// Nothing when one of them refuses its owner.
    std::optional<std::vector<core::Parameter>> read_parameters(const jh_param* const* params,
                                                                std::uint32_t count,
                                                                const std::string& owner);
    core::Parameter read_parameter(const jh_param& param,
                                   const std::string& name,
                                   const std::string& where);

    /// Is this object refused alone, because of its flags?
    bool refuses_itself(std::uint32_t flags, std::uint32_t known, const std::string& where);
    void expect_new(const std::string& id, const char* kind);

    Fields fields_;
    Descriptor found_;
    std::unordered_set<std::string> ids_;  ///< of all objects, with their kind
};

Result<Descriptor> Reading::of(const jh_plugin& plugin) {
    found_.plugin = &plugin;
    if (fields_.size(plugin, kThePlugin)) {
        read_head(plugin);
    }
    if (fields_.sound()) {
        read_parts(plugin);
    }
    if (fields_.sound()) {
        judge_whole(plugin);
    }
    return fields_.sound() ? Result<Descriptor>(std::move(found_)) : refused(*fields_.mistake());
}

void Reading::read_head(const jh_plugin& plugin) {
    judge_levels(plugin.min_level, plugin.target_level);
    if (auto sentence = unknown_critical(plugin.flags, 0, kThePlugin)) {
        fields_.refuse(*std::move(sentence));
    }
    auto& description = found_.description;
    description.id = fields_.id(plugin.id, "id", kThePlugin);
    description.version = fields_.line(plugin.version, "version", kThePlugin);
    description.display_name = fields_.text(plugin.display_name, "display_name", kThePlugin);
    description.vendor = fields_.text(plugin.vendor, "vendor", kThePlugin);
    description.description = fields_.text(plugin.description, "description", kThePlugin);
    description.url = fields_.text(plugin.url, "url", kThePlugin);
    description.license = fields_.text(plugin.license, "license", kThePlugin);
    description.min_level = bounded(plugin.min_level);
    description.target_level = bounded(plugin.target_level);
    if (description.display_name.empty()) {
        description.display_name = description.id;
    }
}

void Reading::judge_levels(std::uint32_t min, std::uint32_t target) {
    const auto levels = "`min_level` " + std::to_string(min) + ", `target_level` " +
                        std::to_string(target) + " of the plugin: ";
    if (min == 0) {
        fields_.refuse(levels + "there is no level 0");
    } else if (target < min) {
        fields_.refuse(levels + "the target is below what it needs");
    } else if (min > kHostLevel) {
        fields_.refuse("it needs host level " + std::to_string(min) + ", this is level " +
                       std::to_string(kHostLevel) + " (jobhost " + std::string(base::kVersion) +
                       ")");
    }
}

void Reading::read_parts(const jh_plugin& plugin) {
    fields_.elements(
        plugin.runners, plugin.runner_count, "runners", kThePlugin,
        [this](const jh_runner& runner, std::uint32_t index) { read_runner(runner, index); });
    fields_.elements(
        plugin.handlers, plugin.handler_count, "handlers", kThePlugin,
        [this](const jh_handler& handler, std::uint32_t index) { read_handler(handler, index); });
    fields_.elements(plugin.schedules, plugin.schedule_count, "schedules", kThePlugin,
                     [this](const jh_schedule& schedule, std::uint32_t index) {
                         read_schedule(schedule, index);
                     });
}

void Reading::read_runner(const jh_runner& runner, std::uint32_t index) {
    auto where = "`runners[" + std::to_string(index) + "]`";
    if (!fields_.size(runner, where)) {
        return;
    }
    core::TypeInfo type;
    type.id = fields_.id(runner.id, "id", where);
    where = "runner " + quoted(type.id);
    expect_new(type.id, "runner");
    if (refuses_itself(runner.flags, 0, where)) {
        return;
    }
    auto parameters = read_parameters(runner.params, runner.param_count, where);
    if (!parameters) {
        return;
    }
    type.parameters = *std::move(parameters);
    type.display_name = fields_.text(runner.display_name, "display_name", where);
    type.description = fields_.text(runner.description, "description", where);
    type.plugin = found_.description.id;
    type.plugin_version = found_.description.version;
    type.blocking = runner.start == nullptr;
    type.max_concurrency = bounded(runner.max_concurrency);
    if (runner.retry_base_ms > 0) {
        type.retry_base = milliseconds(runner.retry_base_ms);
    }
    if (type.display_name.empty()) {
        type.display_name = type.id;
    }
    if (runner.run == nullptr && runner.start == nullptr) {
        fields_.refuse(where + " has neither `run` nor `start`");
    }
    found_.description.types.push_back(std::move(type));
    found_.runners.push_back(&runner);
}

void Reading::read_handler(const jh_handler& handler, std::uint32_t index) {
    auto where = "`handlers[" + std::to_string(index) + "]`";
    if (!fields_.size(handler, where)) {
        return;
    }
    HandlerDescription found;
    found.id = fields_.id(handler.id, "id", where);
    where = "handler " + quoted(found.id);
    expect_new(found.id, "handler");
    if (refuses_itself(handler.flags, JH_HANDLER_MUST_PASS, where)) {
        return;
    }
    auto parameters = read_parameters(handler.params, handler.param_count, where);
    if (!parameters) {
        return;
    }
    found.parameters = *std::move(parameters);
    found.display_name = fields_.text(handler.display_name, "display_name", where);
    found.description = fields_.text(handler.description, "description", where);
    found.kinds = handler.kinds & kKnownKinds;
    if (handler.runner_glob != nullptr) {
        found.runner_glob = fields_.line(handler.runner_glob, "runner_glob", where);
    }
    found.priority = handler.priority;
    found.timeout = milliseconds(handler.timeout_ms);
    found.must_pass = (handler.flags & JH_HANDLER_MUST_PASS) != 0;
    if (found.display_name.empty()) {
        found.display_name = found.id;
    }
    if (handler.kinds == 0 || handler.on_event == nullptr) {
        fields_.refuse(where + (handler.kinds == 0 ? " serves no event: its `kinds` is 0"
                                                   : " has no `on_event`"));
    }
    found_.description.handlers.push_back(std::move(found));
}

void Reading::read_schedule(const jh_schedule& schedule, std::uint32_t index) {
    auto where = "`schedules[" + std::to_string(index) + "]`";
    if (!fields_.size(schedule, where)) {
        return;
    }
    ScheduleDescription found;
    found.id = fields_.id(schedule.id, "id", where);
    where = "schedule " + quoted(found.id);
    expect_new(found.id, "schedule");
    if (refuses_itself(schedule.flags, 0, where)) {
        return;
    }
    found.runner_id = fields_.id(schedule.runner_id, "runner_id", where);
    found.schedule = fields_.line(schedule.schedule, "schedule", where);
    found.args_json = fields_.document(schedule.args_json, "args_json", where);
    found.per_node = (schedule.flags & JH_SCHEDULE_PER_NODE) != 0;
    found.catch_up = (schedule.flags & JH_SCHEDULE_CATCH_UP) != 0;
    if (!found.args_json.empty() && !found.args_json.starts_with('{')) {
        fields_.refuse("`args_json` of " + where + " is no JSON object");
    }
    if (fields_.sound() && !ids_.contains("runner " + found.runner_id)) {
        fields_.refuse("`runner_id` of " + where + " is " + quoted(found.runner_id) +
                       ", which is no runner of the plugin");
    }
    found_.description.schedules.push_back(std::move(found));
}

std::optional<std::vector<core::Parameter>> Reading::read_parameters(const jh_param* const* params,
                                                                     std::uint32_t count,
                                                                     const std::string& owner) {
    std::vector<core::Parameter> parameters;
    std::unordered_set<std::string> names;
    bool taken = true;
    fields_.elements(params, count, "params", owner,
                     [&](const jh_param& param, std::uint32_t index) {
                         auto where = "`params[" + std::to_string(index) + "]` of " + owner;
                         if (!taken || !fields_.size(param, where)) {
                             return;
                         }
                         const auto name = fields_.key(param.name, "name", where);
                         where = "parameter " + quoted(name) + " of " + owner;
                         if (!names.insert(name).second) {
                             fields_.refuse(where + " is there twice");
                         }
                         taken = !refuses_itself(param.flags, 0, where);
                         if (!taken) {
                             return;
                         }
                         parameters.push_back(read_parameter(param, name, where));
                         const auto judged = core::check_parameter(parameters.back());
                         if (fields_.sound() && !judged) {
                             fields_.refuse(owner + ": " + judged.error().message);
                         }
                     });
    return taken ? std::optional(std::move(parameters)) : std::nullopt;
}

core::Parameter Reading::read_parameter(const jh_param& param,
                                        const std::string& name,
                                        const std::string& where) {
    core::Parameter parameter;
    parameter.name = name;
    parameter.display_name = fields_.text(param.display_name, "display_name", where);
    parameter.description = fields_.text(param.description, "description", where);
    parameter.type = type_from(param.type);
    parameter.required = (param.flags & JH_PARAM_REQUIRED) != 0;
    parameter.secret = (param.flags & JH_PARAM_SECRET) != 0;
    parameter.repeated = (param.flags & JH_PARAM_REPEATED) != 0;
    parameter.hidden = (param.flags & JH_PARAM_HIDDEN) != 0;
    parameter.deprecated = (param.flags & JH_PARAM_DEPRECATED) != 0;
    parameter.default_json = fields_.document(param.default_json, "default_json", where);
    parameter.schema_json = fields_.document(param.schema_json, "schema_json", where);
    if (parameter.display_name.empty()) {
        parameter.display_name = parameter.name;
    }
    if (parameter.default_json == "null") {
        parameter.default_json.clear();
    }
    return parameter;
}

void Reading::judge_whole(const jh_plugin& plugin) {
    const auto& description = found_.description;
    const bool brings_any = plugin.runner_count + plugin.handler_count > 0;
    if (brings_any && description.types.empty() && description.handlers.empty()) {
        fields_.refuse(description.warnings.front());
    }
}

bool Reading::refuses_itself(std::uint32_t flags, std::uint32_t known, const std::string& where) {
    auto sentence = unknown_critical(flags, known, where);
    if (!sentence) {
        return false;
    }
    found_.description.warnings.push_back(*std::move(sentence));
    return true;
}

void Reading::expect_new(const std::string& id, const char* kind) {
    if (!ids_.insert(std::string(kind) + ' ' + id).second) {
        fields_.refuse(std::string(kind) + ' ' + quoted(id) + " is there twice");
    }
}

}  // namespace

Result<Descriptor> read_descriptor(const jh_plugin* plugin) {
    if (plugin == nullptr) {
        return refused("it refuses this host (level " + std::to_string(kHostLevel) +
                       "): its entry returned no description");
    }
    return Reading().of(*plugin);
}

}  // namespace jobhost::plugin
