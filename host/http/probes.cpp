#include "http/probes.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/version.hpp"
#include "http/response.hpp"

namespace jobhost::http {

namespace {

constexpr std::string_view kPlain = "text/plain; charset=utf-8";

bool wants_json(const Call& call) {
    return accepts_rather(call.request.head, "application/json", "text/plain");
}

Response text_response(std::string text) { return {200, std::string(kPlain), std::move(text)}; }

std::string checks_json(const std::vector<Check>& checks, std::string_view verdict) {
    base::JsonArray list;
    for (const auto& check : checks) {
        list.push_back(base::JsonObject{
            {"name", check.name}, {"status", check.ok ? "ok" : "fail"}, {"detail", check.detail}});
    }
    return base::to_text(base::JsonObject{{"status", verdict}, {"checks", std::move(list)}}) + '\n';
}

/// One line for each check: `[+]storage ok`, `[-]storage fail: disk full`.
std::string checks_text(const std::vector<Check>& checks) {
    std::string text;
    for (const auto& check : checks) {
        text += (check.ok ? "[+]" : "[-]") + check.name + (check.ok ? " ok" : " fail");
        text += check.detail.empty() ? "\n" : ": " + check.detail + "\n";
    }
    return text;
}

Response health(const Call& call, const std::vector<Check>& checks) {
    const bool ok = std::ranges::all_of(checks, &Check::ok);
    const std::string_view verdict = ok ? "ok" : "fail";
    Response response{ok ? 200 : 503};
    if (wants_json(call)) {
        response.body = checks_json(checks, verdict);
        return response;
    }
    response.type = kPlain;
    if (call.query.flag("verbose").value_or(true)) {
        response.body = checks_text(checks);
    }
    response.body += std::string(verdict) + '\n';
    return response;
}

}  // namespace

Answer show_liveness(const Call& call) { return health(call, call.services.host.liveness()); }

Answer show_readiness(const Call& call) { return health(call, call.services.host.readiness()); }

Answer show_startup(const Call& call) {
    const auto state = call.services.host.status().state;
    return health(call, {{"startup", state != "starting", state}});
}

Answer show_metrics(const Call& call) {
    auto response = text_response(call.services.metrics.text());
    response.type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
}

Answer show_version(const Call& call) {
    if (wants_json(call)) {
        const base::JsonObject body{{"version", base::kVersion}, {"revision", base::kRevision}};
        return Response{.body = base::to_text(body) + '\n'};
    }
    const std::string revision(base::kRevision);
    return text_response("jobhost " + std::string(base::kVersion) +
                         (revision.empty() ? "" : " (" + revision + ")") + '\n');
}

}  // namespace jobhost::http
