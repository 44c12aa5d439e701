#include "cli/exit_code.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jobhost::cli {

namespace {

using base::ErrorKind;

constexpr std::string_view kWrongUse = "wrong_use";
constexpr std::string_view kInterrupted = "interrupted";
constexpr std::string_view kConfiguration = "config_invalid";

constexpr std::array kCodes{
    ExitCodeText{ExitCode::Done, "done; what was asked for is so"},
    ExitCodeText{ExitCode::Failed, "it failed: the job was stopped, the host refused the request"},
    ExitCodeText{ExitCode::WrongUse, "the command was not understood; nothing was sent"},
    ExitCodeText{ExitCode::NotFound, "there is no such job, attempt or file"},
    ExitCodeText{ExitCode::NotAllowed, "not allowed"},
    ExitCodeText{ExitCode::Unreachable, "the host cannot be reached, or cannot serve at present"},
    ExitCodeText{ExitCode::Conflict, "a name is taken, or the job stands where this is impossible"},
    ExitCodeText{ExitCode::TimedOut, "the time to wait was over first"},
    ExitCodeText{ExitCode::PartlyFailed, "of several jobs some failed"},
    ExitCodeText{ExitCode::WrongConfiguration, "the configuration has mistakes"},
    ExitCodeText{ExitCode::Interrupted, "interrupted while waiting; the job goes on"},
};

}  // namespace

std::span<const ExitCodeText> exit_codes() { return kCodes; }

ExitCode exit_code_of(const base::Error& error) {
    if (error.code == kWrongUse) {
        return ExitCode::WrongUse;
    }
    if (error.code == kInterrupted) {
        return ExitCode::Interrupted;
    }
    if (error.code == kConfiguration) {
        return ExitCode::WrongConfiguration;
    }
    switch (error.kind) {
        case ErrorKind::NotFound:
            return ExitCode::NotFound;
        case ErrorKind::Forbidden:
            return ExitCode::NotAllowed;
        case ErrorKind::Unavailable:
        case ErrorKind::Timeout:
            return ExitCode::Unreachable;
        case ErrorKind::Conflict:
        case ErrorKind::Stale:
            return ExitCode::Conflict;
        case ErrorKind::Invalid:
        case ErrorKind::Limit:
        case ErrorKind::Internal:
            return ExitCode::Failed;
    }
    return ExitCode::Failed;
}

ExitCode combined(std::span<const ExitCode> codes) {
    if (codes.empty()) {
        return ExitCode::Done;
    }
    const bool equal = std::ranges::all_of(codes, [&](auto code) { return code == codes[0]; });
    return equal ? codes[0] : ExitCode::PartlyFailed;
}

base::Error wrong_use(std::string message) {
    return {ErrorKind::Invalid, std::string(kWrongUse), std::move(message), {}};
}

base::Error interrupted(std::string message) {
    return {ErrorKind::Timeout, std::string(kInterrupted), std::move(message), {}};
}

}  // namespace jobhost::cli
