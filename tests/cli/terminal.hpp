#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "config/environment.hpp"

namespace jobhost::cli::testing {

/// What a command said and how it ended.
struct Said {
    int code = 0;
    std::string out;
    std::string err;
};

/// Runs the program with these words, as a shell would, and with this environment alone.
[[nodiscard]] Said run(std::vector<std::string> words, const config::Environment& environment = {});

/// The same against the host at an address.
[[nodiscard]] Said run_at(const std::string& address, std::vector<std::string> words);

}  // namespace jobhost::cli::testing
