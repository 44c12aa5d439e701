#pragma once

#include <string>

#include "supervised_command.hpp"

namespace jobhost::shell {

/// The result of a job as a JSON object, as docs/plugin-shell.md describes it.
std::string result_text(const RunReport& report);

}  // namespace jobhost::shell
