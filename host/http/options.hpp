#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace jobhost::http {

/// `127.0.0.1:7460` or `[::1]:7460`; port 0 asks the system for a free one.
struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
};

struct Options {
    std::vector<Endpoint> listen = {{"127.0.0.1", 7460}};
    std::vector<std::string> hosts;  ///< further names that a Host header may carry
    std::vector<Endpoint> probes_listen = {{"127.0.0.1", 7461}};
    int threads = 16;
    std::size_t max_body = 1024 * 1024;
    base::Duration keep_alive = std::chrono::seconds(5);
};

}  // namespace jobhost::http
