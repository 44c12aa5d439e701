#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobhost::isolate {

/// A program to run to its end.
struct ProcessRequest {
    std::filesystem::path program;
    std::vector<std::string> arguments;    ///< without the program's own name
    std::vector<std::string> environment;  ///< "NAME=value", the whole of it
    base::Duration limit{};
    std::size_t most_output = 0;  ///< bytes of standard output; more ends the process
    std::size_t most_errors = 0;  ///< bytes of standard error that are kept
};

/// How it ended.
struct ProcessEnd {
    enum class How { Exited, Killed, TimedOut, SaidTooMuch };
    How how = How::Exited;
    int code = 0;        ///< of an exit
    std::string signal;  ///< "SIGSEGV", of a process that a signal ended
    std::string output;
    std::string errors;
};

/// Runs a program in a session of its own, with no other descriptor than its three standard ones
/// (the first reads nothing), and waits for it. At its end and at the limit everything in its
/// process group is killed, and what holds its output open is not waited for. It dies with the
/// thread that started it. `Unavailable` when it cannot be started. [any thread that lives on]
[[nodiscard]] base::Result<ProcessEnd> run_process(const ProcessRequest& request);

}  // namespace jobhost::isolate
