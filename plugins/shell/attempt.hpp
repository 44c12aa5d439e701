#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cancel_signal.hpp"
#include "environment.hpp"
#include "fault.hpp"
#include "settings.hpp"
#include "supervised_command.hpp"

namespace jobhost::shell {

/// How an attempt ended.
struct Conclusion {
    bool cancelled = false;
    std::optional<Fault> fault;  ///< without one, and not cancelled, it is a success
    std::string result_json;     ///< empty when no command came to its end
};

/// One attempt at a job, from its arguments to its conclusion. Blocks; when it returns, no process
/// that it started is alive. `leash` is a descriptor that stays open in the process that watches
/// over the command as long as anything of it lives, or -1.
Conclusion run_attempt(const Settings& settings,
                       std::string_view arguments_json,
                       const JobFacts& facts,
                       const CancelSignal& cancel,
                       const OutputSink& output,
                       int leash);

}  // namespace jobhost::shell
