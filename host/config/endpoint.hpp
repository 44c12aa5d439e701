#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/options.hpp"

namespace jobhost::config {

/// Reads `127.0.0.1:7460`, `[::1]:7460` or `localhost:7460`. Only addresses: a name that has to be
/// looked up could mean something else tomorrow.
[[nodiscard]] base::Result<http::Endpoint> parse_endpoint(std::string_view text);

/// Is it what a client may send as the Host of a request: a name or an address, IPv6 in brackets,
/// with or without a port?
[[nodiscard]] bool is_host_name(std::string_view text);

/// Can it be reached from this machine only?
[[nodiscard]] bool is_loopback(const http::Endpoint& endpoint);

/// Would the two listeners be in each other's way? Port 0 never is.
[[nodiscard]] bool collide(const http::Endpoint& one, const http::Endpoint& other);

/// The form that `parse_endpoint` reads.
[[nodiscard]] std::string to_text(const http::Endpoint& endpoint);

}  // namespace jobhost::config
