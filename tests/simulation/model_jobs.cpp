#include "simulation/model.hpp"

namespace jobhost::simulation {

base::Result<std::vector<store::Enqueued>> ModelJobs::enqueue(
    std::span<const core::JobSpec> specs) {
    return caller_.model.transact(
        caller_.owner, Cause::Enqueue, caller_.node, [&](Transaction& transaction) {
            const Statement statement = caller_.model.statement(transaction);
            std::vector<store::Enqueued> answers;
            for (const core::JobSpec& spec : specs) {
                answers.push_back(enqueue_one(statement, spec));
            }
            return answers;
        });
}

store::Enqueued ModelJobs::enqueue_one(const Statement& statement, const core::JobSpec& spec) {
    Model& model = caller_.model;
    const Instant now = model.now();
    const JobId id = model.new_id();
    if (spec.recurrence) {
        const auto timetable = core::timetable_of(*spec.recurrence, spec.begin_time.value_or(now));
        const Instant last = now - core::Duration{1};
        const auto next = timetable ? timetable->next(last) : std::nullopt;
        if (!next) {
            return {.id = {}, .refused = base::Error{base::ErrorKind::Invalid, "never_fires", ""}};
        }
        model.plans.insert(statement, id,
                           {.recurrence = *spec.recurrence,
                            .begin = spec.begin_time.value_or(now),
                            .created_at = now,
                            .last = last,
                            .next_due = next,
                            .max_tries = spec.max_tries});
    } else {
        model.put_in_queue(statement, id, {}, std::max(spec.begin_time.value_or(now), now));
    }
    model.jobs.insert(statement, id,
                      {.type = spec.type,
                       .priority = spec.priority,
                       .max_tries = spec.max_tries,
                       .created_at = now,
                       .timeout = spec.timeout,
                       .recurs = spec.recurrence.has_value(),
                       .begin = spec.begin_time});
    return {.id = id, .refused = std::nullopt};
}

base::Result<std::vector<CancelVerdict>> ModelJobs::cancel(std::span<const JobId> ids) {
    return caller_.model.transact(
        caller_.owner, Cause::Cancel, caller_.node, [&](Transaction& transaction) {
            std::vector<CancelVerdict> verdicts;
            for (const JobId id : ids) {
                {
                    const Statement statement = caller_.model.statement(transaction);
                    caller_.model.lock_parents(statement, {id});
                }
                verdicts.push_back(caller_.model.cancel(transaction, id));
            }
            return verdicts;
        });
}

/// The job may be on its way from one place to the next: then it is looked for again, by a new
/// statement, which sees where it went.
CancelVerdict Model::cancel(Transaction& transaction, JobId job) {
    constexpr int kMostRounds = 20;
    for (int round = 0; round < kMostRounds; ++round) {
        const Statement seen = statement(transaction);
        if (jobs.read(seen, job) == nullptr) {
            return {};
        }
        if (plans.read(seen, job) != nullptr) {
            const core::Status where = plans.lock(seen, job)->status;
            if (!core::allows(where, core::Operation::Cancel)) {
                return {.status = where, .accepted = false};
            }
            for (const auto& [child, row] : live_children(seen, job)) {
                static_cast<void>(cancel(transaction, child));
            }
            return {.status = where, .accepted = true};
        }
        if (const FinishedRow* const row = finished.read(seen, job)) {
            return {.status = row->status, .accepted = false};
        }
        if (ready.read(seen, job) != nullptr) {
            if (const ReadyRow* const row = ready.lock(seen, job)) {
                const Luggage luggage = row->luggage;
                ready.erase(seen, job);
                stop(transaction, seen, job, luggage, "cancelled");
                return {.status = waiting_status(luggage.tries), .accepted = true};
            }
            continue;
        }
        if (parked.read(seen, job) != nullptr) {
            if (const ParkedRow* const row = parked.lock(seen, job)) {
                const Luggage luggage = row->luggage;
                parked.erase(seen, job);
                stop(transaction, seen, job, luggage, "cancelled");
                return {.status = waiting_status(luggage.tries), .accepted = true};
            }
            continue;
        }
        const auto runs = running.select(
            seen, [&](const Token&, const RunningRow& row) { return row.job == job; });
        if (!runs.empty() && running.lock(seen, runs.front().first) != nullptr) {
            // What stood there is replaced: the one wish is the only one there is.
            static_cast<void>(take_want(seen, job));
            intents.insert(seen, job, core::Want::Cancel);
            return {.status = core::Status::Running, .accepted = true};
        }
    }
    throw Failure{{base::ErrorKind::Unavailable, "busy", "the job could not be caught"}};
}

}  // namespace jobhost::simulation
