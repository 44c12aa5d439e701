#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "environment.hpp"
#include "fault.hpp"

namespace jobhost::shell {

/// A line for a shell, which runs it as its argument `-c`.
struct CommandText {
    std::string text;
};

/// A program text, which its interpreter reads from a file.
struct ScriptText {
    std::string text;
};

/// A program and its arguments, without a shell between.
struct ProgramCall {
    std::vector<std::string> words;  ///< never empty
};

/// Which exit codes mean what, where the job says so.
struct ExitCodeRules {
    std::set<int> success = {0};
    std::set<int> retry;
    std::set<int> permanent;
};

/// What one job asks for.
struct JobArguments {
    std::variant<CommandText, ScriptText, ProgramCall> work;
    std::optional<std::string> interpreter;
    std::optional<std::string> working_directory;  ///< absolute
    Environment environment;
    std::string stdin_text;
    std::chrono::milliseconds kill_grace{5000};
    ExitCodeRules exit_codes;
};

/// Reads the arguments of a job; every mistake is named in the fault's message.
Result<JobArguments> read_job_arguments(std::string_view json);

}  // namespace jobhost::shell
