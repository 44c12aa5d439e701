#include "store/sqlite/job_reader.hpp"

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

void read_row(Connection& connection, JobKey key, Job& job) {
    auto row = connection.query(kJob, key);
    if (!row.next()) {
        return;
    }
    job.id = row.column<core::JobId>(0);
    job.spec.type = row.column<std::string>(1);
    job.spec.labels = labels_from_text(row.column<std::string>(2));
    job.spec.kind = row.column<core::Kind>(3);
    job.spec.source = row.column<core::Source>(4);
    job.spec.priority = row.column<core::Priority>(5);
    job.spec.max_tries = row.column<int>(6);
    job.version = row.column<std::int64_t>(7);
    job.created_at = row.column<core::Instant>(8);
    job.spec.begin_time = row.column<std::optional<core::Instant>>(9);
    job.spec.timeout = row.column<std::optional<core::Duration>>(10);
    job.spec.name = row.column<std::optional<std::string>>(11);
    job.spec.group = row.column<std::string>(12);
    job.spec.description = row.column<std::string>(13);
    job.spec.args = row.column<std::string>(14);
    job.parent = row.column<std::optional<core::JobId>>(15);
    job.nominal_at = row.column<std::optional<core::Instant>>(16);
    job.spec.enabled = row.column<bool>(17);
    job.spec.retry = core::retry_from_text(row.column<std::string>(18));
    job.spec.end_time = row.column<std::optional<core::Instant>>(19);
    job.spec.creator = row.column<std::string>(20);
    job.spec.unique_key = row.column<std::optional<std::string>>(21);
    job.spec.preset = row.column<std::string>(22);
    if (job.spec.name) {
        job.spec.declared = declaration_of(connection, key);
    }
}

void read_attempts(Connection& connection, JobKey key, Job& job) {
    auto last = connection.query(kLastAttempt, key);
    if (!last.next()) {
        return;
    }
    job.attempts = last.column<int>(0);
    job.started_at = last.column<core::Instant>(2);
    if (last.column<core::AttemptOutcome>(1) == core::AttemptOutcome::Succeeded) {
        job.result_json = last.column<std::string>(3);
    }
    if (auto history = connection.query(kHistory, key); history.next()) {
        job.dropped_attempts = history.column<int>(1);
    }
    if (auto error = connection.query(kLastError, key); error.next()) {
        job.last_error = error.column<std::string>(0);
    }
}

void read_recurrence(Connection& connection, JobKey key, Job& job) {
    if (auto plan = read_plan(connection, key)) {
        job.run_count = plan->point.ran;
        job.last_fired_at = plan->last_fired;
        job.spec.recurrence = std::move(plan->recurrence);
    }
}

void show_running(const RunningAttempt& attempt, Job& job) {
    job.attempts = attempt.number;
    job.started_at = attempt.started_at;
    job.next_run_at = std::nullopt;
    job.progress = attempt.progress;
    job.progress_note = attempt.note;
}

}  // namespace

core::Status status_of(const Standing& standing, const Running& running) {
    const bool runs = standing.in_ready &&
                      running.find(standing.luggage.job, standing.luggage.attempts) != nullptr;
    return runs ? core::Status::Running : standing.status;
}

core::JobSpec read_spec(Connection& connection, JobKey key) {
    Job job;
    read_row(connection, key, job);
    read_recurrence(connection, key, job);
    return std::move(job.spec);
}

Job read_job(Connection& connection, const Standing& standing, const Running& running) {
    Job job;
    job.status = status_of(standing, running);
    job.reason = standing.reason;
    job.abandoned = standing.abandoned;
    job.tries = standing.luggage.tries;
    job.next_run_at = standing.due;
    job.ended_at = standing.ended_at;
    read_row(connection, standing.luggage.job, job);
    if (standing.recurs) {
        read_recurrence(connection, standing.luggage.job, job);
        return job;
    }
    read_attempts(connection, standing.luggage.job, job);
    if (job.status == core::Status::Running) {
        show_running(*running.find(standing.luggage.job, standing.luggage.attempts), job);
    }
    return job;
}

std::optional<JobKey> key_of(Connection& connection, core::JobId id) {
    auto row = connection.query(kKeyOfJob, id);
    return row.next() ? std::optional(row.column<JobKey>(0)) : std::nullopt;
}

}  // namespace jobhost::store::sqlite
