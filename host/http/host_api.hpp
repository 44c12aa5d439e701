#pragma once

#include "http/router.hpp"

namespace jobhost::http {

/// Handlers about the host itself; `docs/http-api.md` says what each takes and gives.
[[nodiscard]] Answer show_links(const Call& call);
[[nodiscard]] Answer show_status(const Call& call);
[[nodiscard]] Answer drain_node(const Call& call);
[[nodiscard]] Answer resume_node(const Call& call);
[[nodiscard]] Answer list_plugins(const Call& call);
[[nodiscard]] Answer list_types(const Call& call);
[[nodiscard]] Answer show_type(const Call& call);
[[nodiscard]] Answer show_openapi(const Call& call);
/// Where the `type` of a problem document leads.
[[nodiscard]] Answer show_problem(const Call& call);

}  // namespace jobhost::http
