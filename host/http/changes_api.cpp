#include <utility>

#include "core/job_change.hpp"
#include "http/conditions.hpp"
#include "http/job_answers.hpp"
#include "http/jobs_api.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

using Change = Result<core::JobSpec> (*)(const core::JobSpec& job,
                                         const base::JsonText& body,
                                         const core::JobDefaults& defaults);

Error version_required() {
    return {
        ErrorKind::Invalid, "version_required",
        "Say in If-Match which version you change, as ETag has it, or * for whichever is there."};
}

/// What stays as it was has been judged before, perhaps by a host that is not up now.
Result<base::Unit> check_arguments(const Call& call,
                                   const core::JobSpec& before,
                                   const core::JobSpec& after) {
    return before.args == after.args ? base::done() : check_type(call, after);
}

/// Gives `job` what the body says, if it is the version that the request means.
Answer change(const Call& call, const store::Job& job, Change change_spec) {
    const auto condition = read_if_match(call.request.head);
    if (!condition) {
        return condition.error();
    }
    if (!condition->given) {
        return version_required();
    }
    const auto system = call.query.flag("system");
    if (!system) {
        return system.error();
    }
    const auto body = base::parse_json(call.request.body);
    if (!body) {
        return body.error();
    }
    const auto spec = change_spec(job.spec, *body, defaults_of(call));
    if (!spec) {
        return spec.error();
    }
    if (auto checked = check_arguments(call, job.spec, *spec); !checked) {
        return std::move(checked).error();
    }
    const auto verdict = call.services.jobs.update(
        job.id, *spec, {.system = *system, .version = condition->version.value_or(job.version)});
    if (!verdict) {
        return verdict.error();
    }
    if (!verdict->status) {
        return unknown_job(job.id.text());
    }
    return verdict->refused ? refused(call, *verdict) : answer_with(call, job.id);
}

/// The job of that group and name, if there is one.
Result<std::optional<store::Job>> named_job(const Call& call,
                                            const std::string& group,
                                            const std::string& name) {
    store::JobQuery query;
    query.group = group;
    query.name = name;
    query.limit = 1;
    auto page = call.services.jobs.list(query);
    if (!page) {
        return std::move(page).error();
    }
    if (page->jobs.empty()) {
        return std::optional<store::Job>();
    }
    return std::optional(std::move(page->jobs.front()));
}

/// The body with the group and the name of the path, which it may repeat.
Result<base::JsonText> named_body(const Call& call) {
    auto body = base::parse_json(call.request.body);
    if (!body || !body->value.is_object()) {
        return body;
    }
    auto& members = body->value.get_object();
    for (const auto& [key, value] : {std::pair("group", call.path[0]), {"name", call.path[1]}}) {
        const auto* said = base::find(members, key);
        if (said != nullptr && !said->is_null() && *said != base::Json(value)) {
            const std::string sentence = "must be that of the path";
            return Error{ErrorKind::Invalid,
                         "immutable",
                         std::string(key) + " " + sentence + ".",
                         {{key, "immutable", sentence}}};
        }
        members[key] = value;
    }
    return body;
}

Answer create_named(const Call& call) {
    const auto body = named_body(call);
    if (!body) {
        return body.error();
    }
    auto spec = core::JobSpec::from_json(*body, core::Source::User, defaults_of(call));
    if (!spec) {
        return std::move(spec).error();
    }
    if (auto checked = check_type(call, *spec); !checked) {
        return std::move(checked).error();
    }
    return store_job(call, *std::move(spec), Holder::IsInTheWay);
}

}  // namespace

Answer change_job(const Call& call) {
    const auto job = find_job(call);
    return job ? change(call, *job, core::changed) : Answer(job.error());
}

Answer put_named_job(const Call& call) {
    const auto only_new = read_if_none_match(call.request.head);
    if (!only_new) {
        return only_new.error();
    }
    const auto condition = read_if_match(call.request.head);
    if (!condition) {
        return condition.error();
    }
    const auto job = named_job(call, call.path[0], call.path[1]);
    if (!job) {
        return job.error();
    }
    if (*job) {
        return *only_new ? Answer(Error{ErrorKind::Stale, "stale", "There is such a job already."})
                         : change(call, **job, core::replaced);
    }
    return condition->given
               ? Answer(Error{ErrorKind::Stale, "stale", "There is no such job to be replaced."})
               : create_named(call);
}

Answer copy_job(const Call& call) {
    const auto job = find_job(call);
    if (!job) {
        return job.error();
    }
    const auto body = base::parse_json(call.request.body.empty() ? "{}" : call.request.body);
    if (!body) {
        return body.error();
    }
    auto spec = core::copied(job->spec, *body, defaults_of(call));
    if (!spec) {
        return std::move(spec).error();
    }
    if (auto checked = check_type(call, *spec); !checked) {
        return std::move(checked).error();
    }
    return store_job(call, *std::move(spec), Holder::IsInTheWay);
}

}  // namespace jobhost::http
