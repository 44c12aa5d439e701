#include "http/routes.hpp"

#include "http/backfill_api.hpp"
#include "http/host_api.hpp"
#include "http/jobs_api.hpp"
#include "http/occurrences_api.hpp"
#include "http/probes.hpp"
#include "http/why_api.hpp"

namespace jobhost::http {

using core::Operation;

std::vector<Route> api_routes() {
    return {
        {"GET", "/api/v1", {}, show_links},
        {"GET", "/api/v1/status", {}, show_status},
        {"POST", "/api/v1/jobs", {"allow_unknown_type"}, create_job},
        {"GET",
         "/api/v1/jobs",
         {"status", "type", "group", "name", "unique_key", "parent_id", "limit", "cursor", "count"},
         list_jobs},
        {"POST", "/api/v1/jobs/bulk", {"system"}, operate_on_many},
        {"PUT",
         "/api/v1/jobs/by-name/{group}/{name}",
         {"allow_unknown_type", "system"},
         put_named_job},
        {"GET", "/api/v1/jobs/{id}", {"wait"}, show_job},
        {"PATCH", "/api/v1/jobs/{id}", {"allow_unknown_type", "system"}, change_job},
        {"DELETE", "/api/v1/jobs/{id}", {"system"}, delete_job},
        {"GET", "/api/v1/jobs/{id}/attempts", {"after", "limit"}, list_attempts},
        {"GET", "/api/v1/jobs/{id}/output", {"attempt", "stream", "format"}, show_output},
        {"GET", "/api/v1/jobs/{id}/not_run", {"limit", "cursor"}, list_not_run},
        {"POST", "/api/v1/jobs/{id}/backfill", {"system"}, backfill_job},
        {"GET", "/api/v1/jobs/{id}/why", {"at"}, explain_job},
        {"POST", "/api/v1/jobs/{id}/start", {"system"}, operate<Operation::Start>},
        {"POST", "/api/v1/jobs/{id}/trigger", {"system"}, operate<Operation::Trigger>},
        {"POST", "/api/v1/jobs/{id}/pause", {"system"}, operate<Operation::Pause>},
        {"POST", "/api/v1/jobs/{id}/resume", {"system"}, operate<Operation::Resume>},
        {"POST", "/api/v1/jobs/{id}/stop", {"system"}, operate<Operation::Stop>},
        {"POST", "/api/v1/jobs/{id}/cancel", {"system"}, operate<Operation::Cancel>},
        {"POST", "/api/v1/jobs/{id}/enable", {"system"}, operate<Operation::Enable>},
        {"POST", "/api/v1/jobs/{id}/disable", {"system"}, operate<Operation::Disable>},
        {"POST", "/api/v1/jobs/{id}/copy", {"allow_unknown_type"}, copy_job},
        {"POST", "/api/v1/nodes/self/drain", {}, drain_node},
        {"POST", "/api/v1/nodes/self/resume", {}, resume_node},
        {"GET", "/api/v1/types", {}, list_types},
        {"GET", "/api/v1/types/{+id}", {}, show_type},
        {"GET", "/api/v1/plugins", {}, list_plugins},
        {"GET", "/openapi.json", {}, show_openapi},
        {"GET", "/problems/{code}", {}, show_problem},
    };
}

std::vector<Route> probe_routes() {
    return {
        {"GET", "/livez", {"verbose"}, show_liveness},
        {"GET", "/healthz", {"verbose"}, show_liveness},
        {"GET", "/readyz", {"verbose"}, show_readiness},
        {"GET", "/startupz", {"verbose"}, show_startup},
        {"GET", "/metrics", {}, show_metrics},
        {"GET", "/version", {}, show_version},
    };
}

}  // namespace jobhost::http
