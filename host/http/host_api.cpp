#include "http/host_api.hpp"

#include <algorithm>
#include <utility>

#include "base/version.hpp"
#include "core/parameters.hpp"
#include "http/job_answers.hpp"
#include "http/openapi_text.hpp"
#include "http/problem.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

Response json_response(const JsonObject& body) { return {.body = base::to_text(body)}; }

JsonObject counts_json(const std::map<core::Status, std::int64_t>& counts) {
    JsonObject object;
    for (const auto status : core::all_statuses()) {
        if (status != core::Status::None) {
            const auto found = counts.find(status);
            object[core::name(status)] = found == counts.end() ? 0 : found->second;
        }
    }
    return object;
}

Answer set_standby(const Call& call, bool on) {
    if (auto checked = check_no_members(call.request.body); !checked) {
        return std::move(checked).error();
    }
    call.services.host.set_standby(on);
    return show_status(call);
}

}  // namespace

Answer show_links(const Call& call) {
    return json_response({{"name", call.services.host.status().name},
                          {"version", base::kVersion},
                          {"links",
                           {{"status", "/api/v1/status"},
                            {"jobs", "/api/v1/jobs"},
                            {"types", "/api/v1/types"},
                            {"plugins", "/api/v1/plugins"},
                            {"openapi", "/openapi.json"}}}});
}

Answer show_status(const Call& call) {
    const auto counts = call.services.jobs.counts();
    if (!counts) {
        return counts.error();
    }
    const auto status = call.services.host.status();
    const auto now = call.services.clock.now();
    return json_response({{"name", status.name},
                          {"node_id", status.node_id},
                          {"state", status.state},
                          {"version", base::kVersion},
                          {"revision", text_or_null(base::kRevision)},
                          {"started_at", instant_json(status.started_at)},
                          {"now", instant_json(now)},
                          {"uptime", base::to_seconds(now - status.started_at)},
                          {"storage", status.storage},
                          {"workers", status.workers},
                          {"running", status.running},
                          {"stuck", status.stuck},
                          {"jobs", counts_json(*counts)}});
}

Answer drain_node(const Call& call) { return set_standby(call, true); }
Answer resume_node(const Call& call) { return set_standby(call, false); }

Answer list_plugins(const Call& call) {
    JsonArray items;
    for (const auto& plugin : call.services.host.plugins()) {
        items.push_back(plugin_json(plugin));
    }
    return json_response({{"items", std::move(items)}});
}

Answer list_types(const Call& call) {
    const auto types = call.services.nodes.types();
    if (!types) {
        return types.error();
    }
    JsonArray items;
    for (const auto& type : *types) {
        items.push_back(core::to_json(type));
    }
    return json_response({{"items", std::move(items)}});
}

Answer show_type(const Call& call) {
    const auto types = call.services.nodes.types();
    if (!types) {
        return types.error();
    }
    const auto found = std::ranges::find(*types, call.path.front(), &core::TypeInfo::id);
    if (found == types->end()) {
        return base::Error{base::ErrorKind::NotFound, "no_such_type",
                           "No host that is up runs jobs of the type " + call.path.front() + "."};
    }
    return json_response(core::to_json(*found));
}

Answer show_openapi(const Call& /*call*/) {
    return Response{.body = std::string(kOpenapi.front().second)};
}

Answer show_problem(const Call& call) {
    const auto codes = problem_codes();
    const auto found = std::ranges::find(codes, call.path.front(), &ProblemCode::code);
    if (found == codes.end()) {
        return base::Error{base::ErrorKind::NotFound, "not_found",
                           "There is no problem with the code " + call.path.front() + "."};
    }
    return json_response(
        {{"code", found->code}, {"status", found->status}, {"title", found->title}});
}

}  // namespace jobhost::http
