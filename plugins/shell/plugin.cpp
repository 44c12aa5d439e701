#include <array>
#include <cstdlib>

#include <jobhost/plugin.hpp>

#include "attempt.hpp"
#include "job_arguments.hpp"
#include "leash.hpp"
#include "settings.hpp"

namespace {

using namespace jobhost::sdk;
namespace shell = jobhost::shell;

constexpr std::array kParameters = {
    "command", "script",     "argv",          "interpreter", "working_directory", "environment",
    "stdin",   "kill_grace", "success_codes", "retry_codes", "permanent_codes"};

Category category_of(shell::Category category) {
    switch (category) {
        case shell::Category::Business:
            return Category::Business;
        case shell::Category::Network:
            return Category::Network;
        case shell::Category::System:
            return Category::System;
        case shell::Category::Application:
            break;
    }
    return Category::Application;
}

Failure failure_of(const shell::Fault& fault) {
    Failure failure(category_of(fault.category), fault.type, fault.message);
    failure.code(static_cast<std::uint32_t>(fault.code));
    if (fault.retry == shell::Retry::Worthwhile) {
        failure.retryable();
    } else if (fault.retry == shell::Retry::Useless) {
        failure.permanent();
    }
    return failure;
}

std::string arguments_json(const Arguments& arguments) {
    std::string json;
    for (const char* const name : kParameters) {
        if (const auto value = arguments.find_json(name)) {
            json += std::string(json.empty() ? "{" : ",") + "\"" + name + "\":" + *value;
        }
    }
    return json.empty() ? "{}" : json + "}";
}

void judge(const Arguments& arguments) {
    const auto read = shell::read_job_arguments(arguments_json(arguments));
    if (!read) {
        throw failure_of(read.fault());
    }
}

shell::JobFacts facts_of(const jh_run_info& info) {
    const auto text = [](jh_str borrowed) { return std::string(detail::view(borrowed)); };
    return {text(info.job_id), text(info.job_name), text(info.traceparent), info.attempt};
}

class Shell {
public:
    explicit Shell(const Setup& setup)
        : settings_(read(setup.config_json)),
          leash_(shell::leash_descriptor(std::getenv("JOBHOST_LEASH_FD"))) {}

    Outcome run(Attempt& attempt) {
        const auto cancel = shell::CancelSignal::open();
        if (!cancel) {
            return failure_of(cancel.fault());
        }
        const auto watch = attempt.on_cancel([&] {
            const bool lost = attempt.cancel_reason() == CancelReason::LeaseLost;
            cancel->ask(lost ? shell::Urgency::AtOnce : shell::Urgency::Polite);
        });
        const auto print = [&](shell::Stream stream, std::string_view text) {
            stream == shell::Stream::Stdout ? attempt.print(text) : attempt.print_error(text);
        };
        const auto conclusion = shell::run_attempt(
            settings_, attempt.args_json(), facts_of(attempt.info()), *cancel, print, leash_);
        if (!conclusion.result_json.empty() && !attempt.set_result(conclusion.result_json)) {
            attempt.log(LogLevel::Warn, "the host did not take the result");
        }
        if (conclusion.fault) {
            return failure_of(*conclusion.fault);
        }
        return conclusion.cancelled ? cancelled() : done();
    }

private:
    static shell::Settings read(std::string_view config_json) {
        auto settings = shell::read_settings(config_json);
        if (!settings) {
            throw failure_of(settings.fault());
        }
        return std::move(*settings);
    }

    const shell::Settings settings_;
    const int leash_;
};

Runner shell_runner() {
    return runner<&Shell::run>("shell.run")
        .describe("Run a command",
                  "Runs a command, a script or a program, and ends when that ends. Processes that "
                  "it leaves behind are killed.")
        .param(Param("command", ParamType::Text)
                   .describe("Command",
                             "A line for the shell. Give exactly one of command, script, argv."))
        .param(Param("script", ParamType::Text)
                   .describe("Script",
                             "The text of a program. Its first line may name the interpreter: "
                             "#!/usr/bin/env python3"))
        .param(Param("argv", ParamType::String)
                   .repeated()
                   .describe("Program and arguments", "Run as they are, without a shell."))
        .param(Param("interpreter", ParamType::File)
                   .describe("Interpreter",
                             "Runs the command as its argument -c, or the script. Without it: the "
                             "one that the script names, or the shell of the plugin's "
                             "configuration, /bin/sh."))
        .param(Param("working_directory", ParamType::File)
                   .pattern("^/")
                   .describe("Working directory",
                             "An absolute path. Without it: the one of the plugin's configuration, "
                             "or /."))
        .param(Param("environment", ParamType::Json)
                   .describe("Environment variables",
                             "An object of texts. The command finds these, a small base and "
                             "JOBHOST_..., and nothing of the host's own environment."))
        .param(Param("stdin", ParamType::Text)
                   .describe("Standard input", "What the command reads from its standard input."))
        .param(Param("kill_grace", ParamType::Duration)
                   .fallback(5)
                   .at_least(0)
                   .at_most(3600)
                   .describe("Time to stop",
                             "How long the command may go on after SIGTERM, when it is cancelled "
                             "or its time is over, before it is killed."))
        .param(Param("success_codes", ParamType::Int)
                   .repeated()
                   .fallback_json("[0]")
                   .describe("Exit codes of success", "Any other exit code is a failure."))
        .param(Param("retry_codes", ParamType::Int)
                   .repeated()
                   .describe("Exit codes to try again", "Another try may succeed."))
        .param(Param("permanent_codes", ParamType::Int)
                   .repeated()
                   .describe("Exit codes to give up", "Another try cannot succeed."))
        .validate<judge>();
}

}  // namespace

JOBHOST_PLUGIN(Plugin("shell", JOBHOST_SHELL_VERSION)
                   .describe("Shell", "Runs commands, scripts and programs.")
                   .license("Apache-2.0")
                   .runner(shell_runner()))
