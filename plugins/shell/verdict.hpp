#pragma once

#include <optional>

#include "fault.hpp"
#include "job_arguments.hpp"
#include "supervised_command.hpp"

namespace jobhost::shell {

/// What the end of a command, not cancelled, means for the job: nothing when it is a success. The
/// table of exit codes stands in docs/plugin-shell.md.
std::optional<Fault> fault_of(const RunReport& report, const ExitCodeRules& rules);

}  // namespace jobhost::shell
