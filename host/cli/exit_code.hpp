#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::cli {

/// How the program ends; the numbers are documented and never get another meaning.
enum class ExitCode : int {
    Done = 0,
    Failed = 1,
    WrongUse = 2,
    NotFound = 3,
    NotAllowed = 4,
    Unreachable = 5,
    Conflict = 6,
    TimedOut = 7,
    PartlyFailed = 8,
    WrongConfiguration = 78,
    Interrupted = 130,
};

struct ExitCodeText {
    ExitCode code;
    std::string_view meaning;
};

/// Every code, in order, for help and documents.
[[nodiscard]] std::span<const ExitCodeText> exit_codes();

[[nodiscard]] ExitCode exit_code_of(const base::Error& error);

/// Of several things that were asked for: what they have in common, else `PartlyFailed`.
[[nodiscard]] ExitCode combined(std::span<const ExitCode> codes);

/// The command was not understood; nothing was sent.
[[nodiscard]] base::Error wrong_use(std::string message);

/// Ctrl-C, or SIGTERM, while something was waited for.
[[nodiscard]] base::Error interrupted(std::string message = "interrupted");

}  // namespace jobhost::cli
