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
    }
    model.jobs.insert(statement, id,
                      {.type = spec.type,
                       .priority = spec.priority,
                       .max_tries = spec.max_tries,
                       .created_at = now,
                       .timeout = spec.timeout,
                       .recurs = spec.recurrence.has_value(),
                       .begin = spec.begin_time});
    if (!spec.recurrence) {
        model.put_in_queue(statement, id, {}, std::max(spec.begin_time.value_or(now), now));
    }
    return {.id = id, .refused = std::nullopt};
}

base::Result<store::Verdict> ModelJobs::apply(core::Operation operation, JobId id) {
    return caller_.model.transact(
        caller_.owner, Cause::Operate, caller_.node,
        [&](Transaction& transaction) {
            {
                const Statement statement = caller_.model.statement(transaction);
                caller_.model.lock_parents(statement, {id});
            }
            return caller_.model.apply(transaction, operation, id);
        },
        operation);
}

}  // namespace jobhost::simulation
