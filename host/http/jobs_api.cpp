#include "http/jobs_api.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/nearest.hpp"
#include "core/parameters.hpp"
#include "core/state.hpp"
#include "http/object_text.hpp"
#include "http/problem.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr std::int64_t kLongestWait = 60;
/// The events that end a wait are best effort, so a waiting request looks for itself as well.
constexpr base::Duration kLookAgain = std::chrono::seconds(2);
constexpr std::int64_t kMostCounted = 100'000;

std::string path_of(core::JobId id) { return "/api/v1/jobs/" + id.text(); }

Response job_response(const store::Job& job, int status = 200) {
    return {status,
            "application/json",
            job_text(job, Detail::Whole),
            {{"ETag", '"' + std::to_string(job.version) + '"'}}};
}

Error unknown_job(std::string_view id) {
    return {ErrorKind::NotFound, "unknown_job", "There is no job " + std::string(id) + "."};
}

Result<core::JobSpec> read_spec(const Call& call) {
    const auto body = base::parse_json(call.request.body);
    if (!body) {
        return body.error();
    }
    return core::JobSpec::from_json(*body, core::Source::User,
                                    call.services.host.status().time_zone);
}

Error unknown_type(const std::string& type, const std::vector<core::TypeInfo>& types) {
    std::vector<std::string> ids;
    std::ranges::transform(types, std::back_inserter(ids), &core::TypeInfo::id);
    const auto hint = base::did_you_mean(type, ids);
    const auto message =
        "no host that is up runs jobs of this type" + (hint.empty() ? "" : "; " + hint);
    return {ErrorKind::Invalid,
            "unknown_type",
            "The type \"" + type + "\" is not known: " + message + ".",
            {{"type", "unknown", message}}};
}

/// Is there somebody who can run it, and would the arguments be taken?
Result<Unit> check_type(const Call& call, const core::JobSpec& spec) {
    const auto allow_unknown = call.query.flag("allow_unknown_type");
    if (!allow_unknown) {
        return allow_unknown.error();
    }
    const auto types = call.services.nodes.types();
    if (!types) {
        return types.error();
    }
    const auto type = std::ranges::find(*types, spec.type, &core::TypeInfo::id);
    if (type == types->end()) {
        return *allow_unknown ? base::done() : unknown_type(spec.type, *types);
    }
    const auto args = base::parse_json(spec.args);
    return args ? core::check_args(*type, args->value.get_object()) : args.error();
}

/// The name is taken: says by which job.
Response name_conflict(const Call& call, const core::JobSpec& spec, const Error& error) {
    base::JsonObject members;
    if (spec.name) {
        store::JobQuery query;
        query.group = spec.group;
        query.name = *spec.name;
        query.limit = 1;
        const auto page = call.services.jobs.list(query);
        if (page && !page->jobs.empty()) {
            members["holder"] = page->jobs.front().id.text();
        }
    }
    return problem(error, call.request.id, std::move(members));
}

/// A job that has just been stored. It is stored even if it cannot be read back now.
store::Job stored_job(const Call& call, core::JobId id, core::JobSpec spec) {
    auto found = call.services.jobs.find(std::array{id});
    if (found && !found->empty()) {
        return std::move(found->front());
    }
    store::Job job;
    job.id = id;
    job.spec = std::move(spec);
    job.created_at = call.services.clock.now();
    return job;
}

Result<store::JobQuery> read_job_query(const Query& query) {
    store::JobQuery jobs;
    jobs.type = query.text("type");
    jobs.group = query.text("group");
    jobs.name = query.text("name");
    jobs.cursor = query.text("cursor");
    if (query.has("parent_id")) {
        jobs.parent = core::JobId::parse(query.text("parent_id"));
        if (!jobs.parent) {
            return bad_query("parent_id", "must be the id of a job");
        }
    }
    if (query.has("status")) {
        jobs.status = core::status_from(query.text("status"));
        if (!jobs.status || *jobs.status == core::Status::None) {
            return bad_query(
                "status", "must be queuing, running, failed_retry, paused, stopped or completed");
        }
    }
    const auto limit = query.number("limit", kUsualPage, 1, kLongestPage);
    if (!limit) {
        return limit.error();
    }
    jobs.limit = static_cast<int>(*limit);
    return jobs;
}

/// How many jobs match; nothing unless it was asked for.
Result<std::optional<store::JobCount>> total_of(const Call& call, const store::JobQuery& query) {
    const auto wanted = call.query.flag("count");
    if (!wanted) {
        return wanted.error();
    }
    if (!*wanted) {
        return std::optional<store::JobCount>();
    }
    const auto total = call.services.jobs.count(query, kMostCounted);
    if (!total) {
        return total.error();
    }
    return std::optional(*total);
}

/// A cancel says all it has to say in its path.
Result<Unit> check_no_members(const std::string& body) {
    if (body.empty()) {
        return base::done();
    }
    const auto document = base::parse_json(body);
    if (!document) {
        return document.error();
    }
    if (!document->value.is_object() || !document->value.get_object().empty()) {
        return Error{ErrorKind::Invalid, "invalid", "The body of a cancel is empty or {}."};
    }
    return base::done();
}

}  // namespace

Result<store::Job> find_job(const Call& call) {
    const auto& text = call.path.front();
    const auto id = core::JobId::parse(text);
    if (!id) {
        return unknown_job(text);
    }
    auto found = call.services.jobs.find(std::array{*id});
    if (!found) {
        return std::move(found).error();
    }
    if (found->empty()) {
        return unknown_job(text);
    }
    return std::move(found->front());
}

Answer create_job(const Call& call) {
    auto spec = read_spec(call);
    if (!spec) {
        return std::move(spec).error();
    }
    if (auto checked = check_type(call, *spec); !checked) {
        return std::move(checked).error();
    }
    const auto stored = call.services.jobs.enqueue(std::array{*spec});
    if (!stored) {
        return stored.error();
    }
    const auto& [id, refused] = stored->front();
    if (refused) {
        return name_conflict(call, *spec, *refused);
    }
    auto response = job_response(stored_job(call, id, std::move(*spec)), 201);
    response.fields.push_back({"Location", path_of(id)});
    return response;
}

Answer list_jobs(const Call& call) {
    const auto query = read_job_query(call.query);
    if (!query) {
        return query.error();
    }
    const auto total = total_of(call, *query);
    if (!total) {
        return total.error();
    }
    const auto page = call.services.jobs.list(*query);
    if (!page) {
        const bool bad_cursor = page.error().kind == ErrorKind::Invalid;
        return bad_cursor ? bad_query("cursor", "must be a next_cursor that this server gave")
                          : page.error();
    }
    ArrayText items;
    for (const auto& job : page->jobs) {
        items.add_text(job_text(job, Detail::Listed));
    }
    const auto& counted = *total;
    ObjectText text;
    text.add_text("items", std::move(items).finish())
        .add("next_cursor", text_or_null(page->next_cursor))
        .add("total", counted ? base::Json(counted->jobs) : base::Json(nullptr))
        .add("is_total_capped", counted && counted->capped);
    return Response{.body = std::move(text).finish()};
}

Answer show_job(const Call& call) {
    const auto wait = call.query.number("wait", 0, 0, kLongestWait);
    if (!wait) {
        return wait.error();
    }
    const auto now = call.services.clock.steady();
    const auto until = call.request.received + std::chrono::seconds(*wait);
    const auto id = core::JobId::parse(call.path.front());
    std::unique_ptr<Interest> interest;
    if (id && call.request.may_wait && now < until) {
        interest = call.waits.watch(*id, call.request.resume);
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    if (interest == nullptr || core::is_final(job->status)) {
        return job_response(*job);
    }
    return Wait{std::min(until, now + kLookAgain), std::move(interest)};
}

Answer cancel_job(const Call& call) {
    if (auto checked = check_no_members(call.request.body); !checked) {
        return std::move(checked).error();
    }
    const auto id = core::JobId::parse(call.path.front());
    if (!id) {
        return unknown_job(call.path.front());
    }
    const auto verdicts = call.services.jobs.cancel(std::array{*id});
    if (!verdicts) {
        return verdicts.error();
    }
    const auto& verdict = verdicts->front();
    if (!verdict.status) {
        return unknown_job(call.path.front());
    }
    if (!verdict.accepted) {
        const auto status = core::name(*verdict.status);
        const Error error{ErrorKind::Conflict, "not_cancellable",
                          "A job that is " + std::string(status) + " cannot be cancelled."};
        return problem(error, call.request.id, {{"job_status", status}});
    }
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    return job_response(*job);
}

}  // namespace jobhost::http
