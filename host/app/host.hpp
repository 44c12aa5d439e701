#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/host_config.hpp"

namespace jobhost::app {

/// A whole running host. `start` brings it up to the point where it serves and runs jobs; `run`
/// blocks until a signal has stopped it.
class Host {
public:
    /// The error says which part could not start and what to do. [main, before threads]
    [[nodiscard]] static base::Result<std::unique_ptr<Host>> start(
        const config::HostConfig& config);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Where the API listens: `127.0.0.1:7460`.
    [[nodiscard]] const std::vector<std::string>& api_addresses() const;
    [[nodiscard]] const std::vector<std::string>& probe_addresses() const;

    /// Serves until SIGTERM or SIGINT, stops in order and returns the exit code. When foreign code
    /// does not stop the process ends here, since its threads cannot be ended. [main]
    [[nodiscard]] int run();

private:
    struct Parts;
    explicit Host(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace jobhost::app
