#pragma once

#include <string>
#include <string_view>

#include "environment.hpp"
#include "fault.hpp"

namespace jobhost::shell {

/// What the operator of a host decides for all jobs of the plugin.
struct Settings {
    std::string shell = "/bin/sh";  ///< runs commands, and scripts that name no interpreter
    std::string working_directory = "/";
    std::string script_directory = "/tmp";  ///< where the files for scripts are made
    Environment environment = default_environment();
};

/// Reads the operator's JSON object; every mistake is named in the fault's message.
Result<Settings> read_settings(std::string_view json);

}  // namespace jobhost::shell
