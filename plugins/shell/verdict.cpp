#include "verdict.hpp"

#include <algorithm>
#include <array>
#include <signal.h>
#include <string.h>
#include <string>

namespace jobhost::shell {

namespace {

struct KnownExitCode {
    int code;
    Category category;
    Retry retry;
    const char* meaning;
};

// The first five are conventions of sysexits.h, the last two of the shells.
constexpr std::array kKnownExitCodes = {
    KnownExitCode{64, Category::Business, Retry::Useless, "it was called the wrong way"},
    KnownExitCode{65, Category::Business, Retry::Useless, "its input is wrong"},
    KnownExitCode{69, Category::Network, Retry::Worthwhile, "a service that it needs is away"},
    KnownExitCode{75, Category::System, Retry::Worthwhile, "it asks to be tried again later"},
    KnownExitCode{78, Category::Application, Retry::Useless, "its configuration is wrong"},
    KnownExitCode{126, Category::Application, Retry::Useless, "a program is not executable"},
    KnownExitCode{127, Category::Application, Retry::Useless, "a program was not found"},
};

// What a shell adds to the number of the signal that ended its command.
constexpr int kShellSignalBase = 128;

std::string signal_name(int signal) {
    const char* const name = ::sigabbrev_np(signal);
    return name == nullptr ? std::to_string(signal) : std::string("SIG") + name;
}

std::string exit_message(int code, const char* meaning) {
    std::string message = "the command exited with code " + std::to_string(code);
    if (meaning != nullptr) {
        return message + ": " + meaning;
    }
    const int signal = code - kShellSignalBase;
    if (signal > 0 && ::sigabbrev_np(signal) != nullptr) {
        message += ", by convention of the shell: a process was ended by " + signal_name(signal);
    }
    return message;
}

Fault signal_fault(int signal) {
    // Nobody but us kills by this signal on purpose; the kernel does when memory runs out.
    const bool maybe_memory = signal == SIGKILL;
    std::string message = "the command was ended by " + signal_name(signal);
    if (maybe_memory) {
        message += ", perhaps because memory ran out";
    }
    return {maybe_memory ? Category::System : Category::Application, Retry::HostDecides,
            "shell.signal", std::move(message), signal};
}

}  // namespace

std::optional<Fault> fault_of(const RunReport& report, const ExitCodeRules& rules) {
    if (report.signal != 0) {
        return signal_fault(report.signal);
    }
    const int code = report.exit_code;
    if (rules.success.count(code) != 0) {
        return std::nullopt;
    }
    Fault fault{Category::Application, Retry::HostDecides, "shell.exit", {}, code};
    const auto known = std::find_if(kKnownExitCodes.begin(), kKnownExitCodes.end(),
                                    [code](const KnownExitCode& row) { return row.code == code; });
    const bool is_known = known != kKnownExitCodes.end();
    if (is_known) {
        fault.category = known->category;
        fault.retry = known->retry;
    }
    fault.message = exit_message(code, is_known ? known->meaning : nullptr);
    if (rules.retry.count(code) != 0) {
        fault.retry = Retry::Worthwhile;
    } else if (rules.permanent.count(code) != 0) {
        fault.retry = Retry::Useless;
    }
    return fault;
}

}  // namespace jobhost::shell
