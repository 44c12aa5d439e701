#include "attempt.hpp"

#include "job_arguments.hpp"
#include "program.hpp"
#include "result_text.hpp"
#include "script_file.hpp"
#include "verdict.hpp"

namespace jobhost::shell {

namespace {

Conclusion failed(Fault fault) { return {false, std::move(fault), {}}; }

Result<std::optional<ScriptFile>> write_script(const Settings& settings,
                                               const JobArguments& arguments) {
    const auto* const script = std::get_if<ScriptText>(&arguments.work);
    if (script == nullptr) {
        return std::optional<ScriptFile>();
    }
    auto file = ScriptFile::write(settings.script_directory, script->text);
    if (!file) {
        return file.fault();
    }
    return std::optional<ScriptFile>(std::move(*file));
}

Result<Invocation> invocation_for(const Settings& settings,
                                  const JobArguments& arguments,
                                  const JobFacts& facts,
                                  const std::string& script_path) {
    Invocation invocation;
    invocation.environment = environment_for(settings.environment, arguments.environment, facts);
    auto program =
        program_for(arguments, settings.shell, script_path, invocation.environment["PATH"]);
    if (!program) {
        return program.fault();
    }
    invocation.program = std::move(*program);
    invocation.working_directory = arguments.working_directory.value_or(settings.working_directory);
    invocation.stdin_text = arguments.stdin_text;
    invocation.remove_afterwards = script_path;
    invocation.kill_grace = arguments.kill_grace;
    return invocation;
}

}  // namespace

Conclusion run_attempt(const Settings& settings,
                       std::string_view arguments_json,
                       const JobFacts& facts,
                       const CancelSignal& cancel,
                       const OutputSink& output,
                       int leash) {
    const auto arguments = read_job_arguments(arguments_json);
    if (!arguments) {
        return failed(arguments.fault());
    }
    // Declared before the command, so that the file is there until the last process is dead.
    const auto script = write_script(settings, *arguments);
    if (!script) {
        return failed(script.fault());
    }
    const std::string script_path = *script ? (*script)->path() : std::string();
    auto invocation = invocation_for(settings, *arguments, facts, script_path);
    if (!invocation) {
        return failed(invocation.fault());
    }
    invocation->leash = leash;
    if (cancel.asked()) {
        return {true, std::nullopt, {}};
    }
    auto command = SupervisedCommand::start(*invocation);
    if (!command) {
        return failed(command.fault());
    }
    const auto report = command->attend(cancel, output);
    if (!report) {
        return failed(report.fault());
    }
    return {report->cancelled,
            report->cancelled ? std::nullopt : fault_of(*report, arguments->exit_codes),
            result_text(*report)};
}

}  // namespace jobhost::shell
