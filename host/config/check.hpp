#pragma once

#include <string>
#include <vector>

#include "config/host_config.hpp"

namespace jobhost::config {

/// One thing outside the configuration that a start needs.
struct Check {
    std::string name;  ///< "data folder"
    bool ok = false;
    std::string detail;  ///< what was found, one sentence

    friend bool operator==(const Check&, const Check&) = default;
};

/// Looks at what the configuration points to: can the data folder and the database be written, are
/// there plugins? Changes nothing, so another host or user may still change the answer.
[[nodiscard]] std::vector<Check> check_surroundings(const HostConfig& config);

}  // namespace jobhost::config
