#include "core/job_change.hpp"

#include <array>
#include <string>
#include <string_view>

#include "core/mistakes.hpp"

namespace jobhost::core {

namespace {

/// A member that may change, and how a draft forgets it.
struct Changeable {
    std::string_view name;
    void (*forget)(JobDraft& draft);
};

constexpr std::array kChangeable{
    Changeable{"enabled", [](JobDraft& draft) { draft.enabled.reset(); }},
    Changeable{"description", [](JobDraft& draft) { draft.description.reset(); }},
    Changeable{"args", [](JobDraft& draft) { draft.args = JobDraft{}.args; }},
    Changeable{"priority", [](JobDraft& draft) { draft.priority.reset(); }},
    Changeable{"max_try_count", [](JobDraft& draft) { draft.max_try_count.reset(); }},
    Changeable{"timeout", [](JobDraft& draft) { draft.timeout.reset(); }},
    Changeable{"retry", [](JobDraft& draft) { draft.retry = {}; }},
    Changeable{"labels", [](JobDraft& draft) { draft.labels.clear(); }},
    Changeable{"node_name", [](JobDraft& draft) { draft.node_name.reset(); }},
    Changeable{"begin_time", [](JobDraft& draft) { draft.begin_time.reset(); }},
    Changeable{"cron", [](JobDraft& draft) { draft.cron.reset(); }},
    Changeable{"cron_days", [](JobDraft& draft) { draft.cron_days.reset(); }},
    Changeable{"time_zone", [](JobDraft& draft) { draft.time_zone.reset(); }},
    Changeable{"interval", [](JobDraft& draft) { draft.interval.reset(); }},
    Changeable{"end_time", [](JobDraft& draft) { draft.end_time.reset(); }},
    Changeable{"max_count", [](JobDraft& draft) { draft.max_count.reset(); }},
    Changeable{"misfire", [](JobDraft& draft) { draft.misfire.reset(); }},
    Changeable{"misfire_limit", [](JobDraft& draft) { draft.misfire_limit.reset(); }},
    Changeable{"catch_up", [](JobDraft& draft) { draft.catch_up.reset(); }},
    Changeable{"overlap", [](JobDraft& draft) { draft.overlap.reset(); }},
    Changeable{"lock_timeout", [](JobDraft& draft) { draft.lock_timeout.reset(); }},
    Changeable{"jitter", [](JobDraft& draft) { draft.jitter.reset(); }},
    Changeable{"occurrence_tries", [](JobDraft& draft) { draft.occurrence_tries.reset(); }},
    Changeable{"calendars", [](JobDraft& draft) { draft.calendars.reset(); }},
};

base::Json text_or_null(const std::optional<std::string>& text) {
    return text ? base::Json(*text) : base::Json();
}

/// A member that never changes, and what it is.
struct Fixed {
    std::string_view name;
    base::Json (*value)(const JobSpec& job);
};

constexpr std::array kFixed{
    Fixed{"type", [](const JobSpec& job) { return base::Json(job.type); }},
    Fixed{"kind", [](const JobSpec& job) { return base::Json(name(job.kind)); }},
    Fixed{"source", [](const JobSpec& job) { return base::Json(name(job.source)); }},
    Fixed{"group", [](const JobSpec& job) { return base::Json(job.group); }},
    Fixed{"name", [](const JobSpec& job) { return text_or_null(job.name); }},
    Fixed{"creator", [](const JobSpec& job) { return base::Json(job.creator); }},
    Fixed{"unique_key", [](const JobSpec& job) { return text_or_null(job.unique_key); }},
};

JobDraft identity_of(const JobSpec& job) {
    JobDraft draft;
    draft.type = job.type;
    draft.kind = std::string(name(job.kind));
    draft.name = job.name;
    draft.group = job.group;
    draft.creator = job.creator;
    draft.unique_key = job.unique_key;
    return draft;
}

void add_recurrence(const Recurrence& recurrence, JobDraft& draft) {
    if (recurrence.cron.empty()) {
        draft.interval = recurrence.interval;
    } else {
        draft.cron = recurrence.cron;
        draft.cron_days = std::string(name(recurrence.days));
    }
    draft.time_zone = recurrence.time_zone;
    draft.end_time = recurrence.end_time;
    draft.max_count = recurrence.max_count;
    draft.misfire = std::string(name(recurrence.misfire));
    if (recurrence.misfire == Misfire::RunAll) {
        draft.misfire_limit = recurrence.misfire_limit;
    }
    draft.catch_up = recurrence.catch_up;
    draft.overlap = std::string(name(recurrence.overlap));
    draft.lock_timeout = recurrence.lock_timeout;
    draft.jitter = recurrence.jitter;
    draft.occurrence_tries = recurrence.occurrence_tries;
    draft.calendars = recurrence.calendars;
}

JobDraft draft_of(const JobSpec& job) {
    JobDraft draft = identity_of(job);
    draft.args = job.args;
    draft.priority = std::string(name(job.priority));
    draft.description = job.description;
    draft.begin_time = job.begin_time;
    draft.end_time = job.end_time;
    draft.timeout = job.timeout;
    draft.max_try_count = job.max_tries;
    draft.retry = job.retry;
    draft.labels = job.labels;
    if (auto pinned = draft.labels.extract(std::string(kNodeLabel))) {
        draft.node_name = std::move(pinned.mapped());
    }
    draft.enabled = job.enabled;
    if (job.recurrence) {
        add_recurrence(*job.recurrence, draft);
    }
    return draft;
}

/// What the body names is read anew, and with it what only followed from it.
void forget_named(const JobSpec& job, const base::JsonText& body, JobDraft& draft) {
    const base::JsonObject& members = body.value.get_object();
    for (const Changeable& member : kChangeable) {
        if (members.contains(member.name)) {
            member.forget(draft);
        }
    }
    if (const auto* misfire = base::find(members, "misfire");
        misfire != nullptr && *misfire != base::Json(name(Misfire::RunAll))) {
        draft.misfire_limit.reset();
    }
    if (members.contains("max_try_count") && job.kind == Kind::Persistent &&
        job.recurrence->occurrence_tries == job.max_tries) {
        draft.occurrence_tries.reset();
    }
}

base::Result<base::Unit> check_fixed(const JobSpec& job, const base::JsonText& body) {
    Mistakes mistakes;
    for (const Fixed& member : kFixed) {
        const auto* said = base::find(body.value.get_object(), member.name);
        if (said != nullptr && !said->is_null() && *said != member.value(job)) {
            mistakes.add(std::string(member.name), "immutable", "never changes");
        }
    }
    return mistakes.empty() ? base::done() : std::move(mistakes).error("immutable", "the change");
}

/// The body without what never changes.
base::JsonText changes_in(const base::JsonText& body) {
    base::JsonText changes = body;
    for (const Fixed& member : kFixed) {
        changes.value.get_object().erase(member.name);
    }
    return changes;
}

base::Result<JobSpec> with_changes(const JobSpec& job,
                                   const base::JsonText& body,
                                   const JobDefaults& defaults,
                                   JobDraft draft) {
    if (auto fixed = check_fixed(job, body); !fixed) {
        return std::move(fixed).error();
    }
    forget_named(job, body, draft);
    return JobSpec::from_json(changes_in(body), job.source, defaults, std::move(draft));
}

base::Error no_object() {
    return {base::ErrorKind::Invalid, "invalid_job", "a job is written as a JSON object"};
}

}  // namespace

base::Result<JobSpec> changed(const JobSpec& job,
                              const base::JsonText& body,
                              const JobDefaults& defaults) {
    if (!body.value.is_object()) {
        return no_object();
    }
    JobDefaults as_asked = defaults;
    as_asked.presets = {};
    auto spec = with_changes(job, body, as_asked, draft_of(job));
    if (spec) {
        spec->preset = job.preset;
    }
    return spec;
}

base::Result<JobSpec> replaced(const JobSpec& job,
                               const base::JsonText& body,
                               const JobDefaults& defaults) {
    return body.value.is_object() ? with_changes(job, body, defaults, identity_of(job))
                                  : no_object();
}

base::Result<JobSpec> copied(const JobSpec& job,
                             const base::JsonText& body,
                             const JobDefaults& defaults) {
    if (!body.value.is_object()) {
        return no_object();
    }
    JobDraft draft = draft_of(job);
    draft.name.reset();
    draft.creator.reset();
    draft.unique_key.reset();
    forget_named(job, body, draft);
    return JobSpec::from_json(body, Source::User, defaults, std::move(draft));
}

}  // namespace jobhost::core
