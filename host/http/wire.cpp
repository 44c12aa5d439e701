#include "http/wire.hpp"

#include <utility>

#include "http/object_text.hpp"

namespace jobhost::http {

namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

Json seconds_json(const std::optional<base::Duration>& duration) {
    return duration ? Json(base::to_seconds(*duration)) : Json(nullptr);
}

Json labels_json(const core::LabelMap& labels) {
    JsonObject object;
    for (const auto& [key, value] : labels) {
        if (key != core::kNodeLabel) {
            object[key] = value;
        }
    }
    return object;
}

Json node_json(const core::LabelMap& labels) {
    const auto pinned = labels.find(std::string(core::kNodeLabel));
    return pinned == labels.end() ? Json(nullptr) : Json(pinned->second);
}

Json progress_json(const store::Job& job) {
    constexpr double kPermyriadOfPercent = 100;
    if (!job.progress && job.progress_note.empty()) {
        return nullptr;
    }
    return JsonObject{
        {"percent", job.progress ? Json(*job.progress / kPermyriadOfPercent) : Json(nullptr)},
        {"note", text_or_null(job.progress_note)}};
}

/// Where its file says that there is such a job, and whose file that is or was.
void add_declaration(ObjectText& text, const std::optional<core::Declaration>& declared) {
    text.add("declared_at", text_or_null(declared ? declared->place : ""))
        .add("declared_by", text_or_null(declared ? declared->host : ""));
}

void add_wish(ObjectText& text, const core::JobSpec& spec) {
    text.add("kind", core::name(spec.kind))
        .add("source", core::name(spec.source))
        .add("name", spec.name ? Json(*spec.name) : Json(nullptr))
        .add("group", spec.group)
        .add("priority", core::name(spec.priority))
        .add("description", spec.description)
        .add("creator", text_or_null(spec.creator))
        .add("unique_key", spec.unique_key ? Json(*spec.unique_key) : Json(nullptr))
        .add("node_name", node_json(spec.labels))
        .add("labels", labels_json(spec.labels))
        .add("begin_time", instant_json(spec.begin_time))
        .add("end_time", instant_json(spec.recurrence ? spec.recurrence->end_time : spec.end_time))
        .add("timeout", seconds_json(spec.timeout))
        .add("max_try_count", spec.max_tries)
        .add("enabled", spec.enabled)
        .add("preset", text_or_null(spec.preset))
        .add("retry", spec.retry.empty() ? Json(nullptr) : core::retry_json(spec.retry));
}

/// Of a job that is still to run, while failures have lowered it.
Json effective_priority_json(const store::Job& job) {
    const auto counts = core::effective_priority(job.spec.priority, job.tries, job.spec.max_tries);
    const bool lowered = counts != job.spec.priority && !core::is_final(job.status);
    return lowered ? Json(core::name(counts)) : Json(nullptr);
}

void add_recurrence(ObjectText& text, const store::Job& job) {
    const core::Recurrence& recurrence = *job.spec.recurrence;
    const bool by_cron = !recurrence.cron.empty();
    text.add("cron", text_or_null(recurrence.cron))
        .add("cron_days", core::name(recurrence.days))
        .add("time_zone", recurrence.time_zone)
        .add("interval", by_cron ? Json(nullptr) : Json(base::to_seconds(recurrence.interval)))
        .add("max_count", recurrence.max_count)
        .add("misfire", core::name(recurrence.misfire))
        .add("misfire_limit", recurrence.misfire_limit)
        .add("catch_up", seconds_json(recurrence.catch_up))
        .add("overlap", core::name(recurrence.overlap))
        .add("lock_timeout", base::to_seconds(recurrence.lock_timeout))
        .add("jitter", base::to_seconds(recurrence.jitter))
        .add("occurrence_tries", recurrence.occurrence_tries)
        .add("calendars", JsonArray(recurrence.calendars.begin(), recurrence.calendars.end()))
        .add("run_count", job.run_count)
        .add("last_fired_at", instant_json(job.last_fired_at));
}

void add_state(ObjectText& text, const store::Job& job) {
    text.add("parent_id", job.parent ? Json(job.parent->text()) : Json(nullptr))
        .add("nominal_at", instant_json(job.nominal_at))
        .add("status", core::name(job.status))
        .add("reason", text_or_null(job.reason))
        .add("is_abandoned", job.abandoned)
        .add("effective_priority", effective_priority_json(job))
        .add("attempts", job.attempts)
        .add("dropped_attempts", job.dropped_attempts)
        .add("tries", job.tries)
        .add("version", job.version)
        .add("created_at", instant_json(job.created_at))
        .add("next_run_at", instant_json(job.next_run_at))
        .add("started_at", instant_json(job.started_at))
        .add("ended_at", instant_json(job.ended_at))
        .add("progress", progress_json(job))
        .add("last_error", text_or_null(job.last_error));
}

std::string failure_text(const core::Failure& failure) {
    ObjectText text;
    text.add("category", core::name(failure.category))
        .add("type", text_or_null(failure.type))
        .add("code", failure.code)
        .add("message", failure.message)
        .add("retry", core::name(failure.hint))
        .add("retry_after", seconds_json(failure.retry_after))
        .add_text("details", failure.details_json);
    return std::move(text).finish();
}

}  // namespace

std::string job_text(const store::Job& job, Detail detail) {
    ObjectText text;
    text.add("id", job.id.text()).add("type", job.spec.type);
    if (detail == Detail::Whole) {
        text.add_text("args", job.spec.args);
    }
    add_wish(text, job.spec);
    add_declaration(text, job.spec.declared);
    if (job.spec.recurrence) {
        add_recurrence(text, job);
    }
    add_state(text, job);
    if (detail == Detail::Whole) {
        text.add_text("result", job.result_json);
    }
    return std::move(text).finish();
}

std::string attempt_text(const store::AttemptRow& attempt) {
    std::optional<base::Duration> duration;
    if (attempt.ended_at) {
        duration = *attempt.ended_at - attempt.started_at;
    }
    ObjectText text;
    text.add("number", attempt.number)
        .add("outcome", attempt.outcome ? Json(core::name(*attempt.outcome)) : Json(nullptr))
        .add("repeats", attempt.repeats)
        .add("since", instant_json(attempt.since))
        .add("node", attempt.node)
        .add("started_at", instant_json(attempt.started_at))
        .add("ended_at", instant_json(attempt.ended_at))
        .add("duration", seconds_json(duration))
        .add_text("error", attempt.failure ? failure_text(*attempt.failure) : "")
        .add_text("result", attempt.result_json);
    return std::move(text).finish();
}

std::string not_run_text(const store::NotRunRow& row) {
    ObjectText text;
    text.add("reason", core::name(row.gap.verdict))
        .add("rule", row.gap.rule)
        .add("first", instant_json(row.gap.first))
        .add("last", instant_json(row.gap.last))
        .add("count", row.gap.count)
        .add("is_count_capped", !row.gap.is_counted)
        .add("recorded_at", instant_json(row.recorded_at));
    return std::move(text).finish();
}

JsonObject plugin_json(const PluginView& plugin) {
    JsonArray types;
    for (const auto& type : plugin.types) {
        types.emplace_back(type);
    }
    return {{"id", text_or_null(plugin.id)},
            {"version", text_or_null(plugin.version)},
            {"file", plugin.file},
            {"state", plugin.state},
            {"reason", text_or_null(plugin.reason)},
            {"isolation", text_or_null(plugin.isolation)},
            {"min_level", plugin.min_level},
            {"target_level", plugin.target_level},
            {"is_reduced", plugin.reduced},
            {"types", std::move(types)},
            {"digest", text_or_null(plugin.digest)},
            {"misbehaved", plugin.misbehaved}};
}

Json instant_json(const std::optional<base::Instant>& instant) {
    return instant ? Json(base::format_instant(*instant)) : Json(nullptr);
}

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string_view stream_name(core::Stream stream) {
    return stream == core::Stream::Out ? "stdout" : "stderr";
}

}  // namespace jobhost::http
