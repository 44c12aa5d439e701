#pragma once

#include <vector>

#include "http/router.hpp"

namespace jobhost::http {

/// Every path that the API takes; `openapi.json` describes the same ones.
[[nodiscard]] std::vector<Route> api_routes();

/// Every path that the listener for monitors takes.
[[nodiscard]] std::vector<Route> probe_routes();

}  // namespace jobhost::http
