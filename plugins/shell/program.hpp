#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fault.hpp"
#include "job_arguments.hpp"

namespace jobhost::shell {

/// What is executed.
struct Program {
    std::string path;                ///< of the file; relative ones start at the working directory
    std::vector<std::string> words;  ///< the program's arguments, with its own name first
};

/// The words of the `#!` line that a script begins with: the interpreter and at most one argument,
/// as the kernel cuts them. Empty when there is none.
std::vector<std::string> interpreter_line(std::string_view script);

/// The program for `work`. A name without a slash is looked up in the absolute folders of
/// `search_path`. `interpreter` runs commands and scripts; `script_path` is where the text of a
/// script stands, and otherwise unused.
Result<Program> program_for(const JobArguments& arguments,
                            const std::string& shell,
                            const std::string& script_path,
                            std::string_view search_path);

}  // namespace jobhost::shell
