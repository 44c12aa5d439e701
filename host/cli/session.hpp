#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "config/environment.hpp"

namespace jobhost::cli {

/// What a verb works with besides its own arguments.
class Session {
public:
    /// The console must outlive this.
    Session(Console& console, config::Environment environment)
        : console_(console), environment_(std::move(environment)) {}

    [[nodiscard]] Console& console() const { return console_; }
    [[nodiscard]] const config::Environment& environment() const { return environment_; }

    /// The host that --host names, else JOBHOST_HOST, else the one on this machine.
    [[nodiscard]] base::Result<ApiClient> client(const Arguments& arguments) const;

private:
    Console& console_;
    config::Environment environment_;
};

}  // namespace jobhost::cli
