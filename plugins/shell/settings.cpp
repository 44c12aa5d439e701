#include "settings.hpp"

#include "json_members.hpp"

namespace jobhost::shell {

namespace {

void read_path(JsonMembers& members, const char* name, std::string& path) {
    const auto given = members.plain_text(name);
    if (!given) {
        return;
    }
    if (given->empty() || given->front() != '/') {
        members.add_mistake(std::string(name) + ": has to be an absolute path");
        return;
    }
    path = *given;
}

}  // namespace

Result<Settings> read_settings(std::string_view json) {
    Settings settings;
    JsonMembers members(json);
    read_path(members, "shell", settings.shell);
    read_path(members, "working_directory", settings.working_directory);
    read_path(members, "script_directory", settings.script_directory);
    for (auto& [name, value] : members.environment("environment").value_or(Environment{})) {
        settings.environment.insert_or_assign(name, value);
    }
    const std::string mistakes = members.mistakes();
    if (!mistakes.empty()) {
        return Fault{Category::Business, Retry::Useless, "shell.config", mistakes};
    }
    return settings;
}

}  // namespace jobhost::shell
