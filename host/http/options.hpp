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
    int threads = 16;  ///< that answer API requests; clients without a request need none
    std::size_t max_body = 1024 * 1024;
    base::Duration keep_alive = std::chrono::seconds(30);  ///< for an idle client of the API
    base::Duration head_time = std::chrono::seconds(10);   ///< to send the head of a request
    base::Duration body_time = std::chrono::seconds(30);   ///< to send its body
    base::Duration send_time = std::chrono::seconds(30);   ///< to take the whole answer
    base::Duration probe_time = std::chrono::seconds(1);   ///< for each of these, of a probe
};

}  // namespace jobhost::http
