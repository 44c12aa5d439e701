#pragma once

#include "http/router.hpp"

namespace jobhost::http {

/// Handlers for monitors. They answer from memory, so that nothing a job, a client or the database
/// does can make them slow. Plain text, or JSON when the Accept field names it.
[[nodiscard]] Answer show_liveness(const Call& call);
[[nodiscard]] Answer show_readiness(const Call& call);
[[nodiscard]] Answer show_startup(const Call& call);
[[nodiscard]] Answer show_metrics(const Call& call);
[[nodiscard]] Answer show_version(const Call& call);

}  // namespace jobhost::http
