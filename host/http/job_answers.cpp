#include "http/job_answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/nearest.hpp"
#include "core/parameters.hpp"
#include "core/planning.hpp"
#include "http/problem.hpp"
#include "http/wire.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

std::string path_of(core::JobId id) { return "/api/v1/jobs/" + id.text(); }

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
        leave_out_excluded(call, found->front());
        return std::move(found->front());
    }
    store::Job job;
    job.id = id;
    job.spec = std::move(spec);
    job.created_at = call.services.clock.now();
    return job;
}

base::JsonArray operations_at(core::Status status) {
    base::JsonArray names;
    for (const auto operation : core::all_operations()) {
        if (core::allows(status, operation)) {
            names.emplace_back(core::name(operation));
        }
    }
    return names;
}

}  // namespace

void leave_out_excluded(const Call& call, store::Job& job, int& steps) {
    if (!job.spec.recurrence || !job.next_run_at) {
        return;
    }
    const core::Recurrence& recurrence = *job.spec.recurrence;
    const core::Blackout blackout(call.services.calendars, recurrence.calendars);
    job.next_run_at =
        core::next_run(recurrence, blackout, job.spec.begin_time.value_or(job.created_at),
                       *job.next_run_at, steps);
}

void leave_out_excluded(const Call& call, store::Job& job) {
    int steps = core::kMostSteps;
    leave_out_excluded(call, job, steps);
}

Response job_response(const store::Job& job, int status) {
    return {status,
            "application/json",
            job_text(job, Detail::Whole),
            {{"ETag", '"' + std::to_string(job.version) + '"'}}};
}

Error unknown_job(std::string_view id) {
    return {ErrorKind::NotFound, "unknown_job", "There is no job " + std::string(id) + "."};
}

Result<Unit> check_no_members(const std::string& body) {
    if (body.empty()) {
        return base::done();
    }
    const auto document = base::parse_json(body);
    if (!document) {
        return document.error();
    }
    if (!document->value.is_object() || !document->value.get_object().empty()) {
        return Error{ErrorKind::Invalid, "invalid", "The body of an operation is empty or {}."};
    }
    return base::done();
}

core::JobDefaults defaults_of(const Call& call) {
    return {.time_zone = call.services.host.status().time_zone,
            .max_tries = call.services.default_tries,
            .calendars = &call.services.calendars,
            .presets = call.services.presets};
}

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

Answer store_job(const Call& call, core::JobSpec spec, Holder holder) {
    const auto stored = call.services.jobs.enqueue(std::array{spec});
    if (!stored) {
        return stored.error();
    }
    const auto& [id, is_new, refused] = stored->front();
    if (refused) {
        return name_conflict(call, spec, *refused);
    }
    if (!is_new && holder == Holder::IsInTheWay) {
        return problem({ErrorKind::Conflict, "unique_key_taken",
                        "The job " + id.text() + " has this unique_key."},
                       call.request.id, {{"holder", id.text()}});
    }
    if (!is_new) {
        return answer_with(call, id);
    }
    auto response = job_response(stored_job(call, id, std::move(spec)), 201);
    response.fields.push_back({"Location", path_of(id)});
    return response;
}

Answer answer_with(const Call& call, core::JobId id, int status) {
    auto found = call.services.jobs.find(std::array{id});
    if (!found) {
        return std::move(found).error();
    }
    if (found->empty()) {
        return unknown_job(id.text());
    }
    leave_out_excluded(call, found->front());
    auto response = job_response(found->front(), status);
    if (status == 201) {
        response.fields.push_back({"Location", path_of(id)});
    }
    return response;
}

Answer refused(const Call& call, const store::Verdict& verdict) {
    base::JsonObject members;
    if (verdict.refused->code == "wrong_status") {
        members["job_status"] = core::name(*verdict.status);
        members["allowed"] = operations_at(*verdict.status);
    }
    return problem(*verdict.refused, call.request.id, std::move(members));
}

}  // namespace jobhost::http
