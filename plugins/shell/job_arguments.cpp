#include "job_arguments.hpp"

#include <cmath>

#include "json_members.hpp"

namespace jobhost::shell {

namespace {

constexpr double kLongestGraceSeconds = 3600;

void read_work(JsonMembers& members, JobArguments& arguments) {
    auto command = members.plain_text("command");
    auto script = members.text("script");
    auto argv = members.plain_texts("argv");
    if (command.has_value() + script.has_value() + argv.has_value() != 1) {
        members.add_mistake("give exactly one of command, script and argv");
    } else if (command) {
        arguments.work = CommandText{std::move(*command)};
    } else if (script) {
        arguments.work = ScriptText{std::move(*script)};
    } else if (argv->empty() || argv->front().empty()) {
        members.add_mistake("argv: its first element names the program");
    } else {
        arguments.work = ProgramCall{std::move(*argv)};
    }
}

void read_interpreter(JsonMembers& members, JobArguments& arguments) {
    arguments.interpreter = members.plain_text("interpreter");
    if (!arguments.interpreter) {
        return;
    }
    if (arguments.interpreter->empty()) {
        members.add_mistake("interpreter: is empty");
    }
    if (std::holds_alternative<ProgramCall>(arguments.work)) {
        members.add_mistake("interpreter: argv runs without one");
    }
}

void read_working_directory(JsonMembers& members, JobArguments& arguments) {
    arguments.working_directory = members.plain_text("working_directory");
    const auto& path = arguments.working_directory;
    if (path && (path->empty() || path->front() != '/')) {
        members.add_mistake("working_directory: has to be an absolute path");
    }
}

void read_exit_codes(JsonMembers& members, ExitCodeRules& rules) {
    rules.success = members.exit_codes("success_codes").value_or(rules.success);
    rules.retry = members.exit_codes("retry_codes").value_or(rules.retry);
    rules.permanent = members.exit_codes("permanent_codes").value_or(rules.permanent);
    for (int code = 0; code <= 255; ++code) {
        if (rules.success.count(code) + rules.retry.count(code) + rules.permanent.count(code) > 1) {
            members.add_mistake("exit code " + std::to_string(code) +
                                " stands in more than one of success_codes, retry_codes and "
                                "permanent_codes");
        }
    }
}

}  // namespace

Result<JobArguments> read_job_arguments(std::string_view json) {
    JobArguments arguments;
    JsonMembers members(json);
    read_work(members, arguments);
    read_interpreter(members, arguments);
    read_working_directory(members, arguments);
    arguments.environment = members.environment("environment").value_or(Environment{});
    arguments.stdin_text = members.text("stdin").value_or("");
    if (const auto seconds = members.number("kill_grace", 0, kLongestGraceSeconds)) {
        arguments.kill_grace = std::chrono::milliseconds(std::llround(*seconds * 1000));
    }
    read_exit_codes(members, arguments.exit_codes);
    const std::string mistakes = members.mistakes();
    if (!mistakes.empty()) {
        return bad_request(mistakes);
    }
    return arguments;
}

}  // namespace jobhost::shell
