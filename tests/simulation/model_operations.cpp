#include <algorithm>

#include "simulation/model.hpp"

namespace jobhost::simulation {

using core::Operation;
using core::Status;
using In = Place::In;

namespace {

constexpr int kMostRounds = 20;

Failure busy() { return {{base::ErrorKind::Unavailable, "busy", "the job could not be caught"}}; }

}  // namespace

/// Nothing when it is on its way from one place to the next.
std::optional<Place> Model::lock_place(const Statement& statement, JobId job) {
    if (plans.read(statement, job) != nullptr) {
        const PlanRow* const row = plans.lock(statement, job);
        return row ? std::optional(Place{In::Plan, row->status}) : std::nullopt;
    }
    if (const ReadyRow* const row = ready.lock(statement, job)) {
        return Place{In::Ready, waiting_status(row->luggage.tries), row->luggage};
    }
    if (const ParkedRow* const row = parked.lock(statement, job)) {
        return Place{In::Parked, status_of(*row), row->luggage};
    }
    if (const FinishedRow* const row = finished.lock(statement, job)) {
        return Place{In::Finished, row->status, row->luggage};
    }
    const auto runs = running.select(
        statement, [&](const Token&, const RunningRow& row) { return row.job == job; });
    if (!runs.empty() && running.lock(statement, runs.front().first) != nullptr) {
        return Place{In::Running, Status::Running};
    }
    return std::nullopt;
}

store::Verdict Model::apply(Transaction& transaction, Operation operation, JobId job) {
    for (int round = 0; round < kMostRounds; ++round) {
        std::optional<Place> place;
        {
            const Statement lock = statement(transaction);
            if (jobs.read(lock, job) == nullptr) {
                return {};
            }
            place = lock_place(lock, job);
        }
        if (!place) {
            continue;
        }
        store::Verdict verdict{.status = place->status};
        {
            const Statement decide = statement(transaction);
            verdict.refused = refusal(decide, operation, job, *place);
            if (!verdict.refused && operation == Operation::Trigger) {
                verdict.made = bear_extra(decide, job);
            }
        }
        if (!verdict.refused && operation == Operation::Delete) {
            if (!delete_family(transaction, job)) {
                verdict.refused = {base::ErrorKind::Conflict, "children_alive", ""};
            }
        } else if (!verdict.refused && operation != Operation::Trigger) {
            carry_out(transaction, operation, job, *place);
        }
        return verdict;
    }
    throw busy();
}

std::optional<base::Error> Model::refusal(const Statement& statement,
                                          Operation operation,
                                          JobId job,
                                          const Place& place) {
    const core::Want* const wish = place.in == In::Running ? intents.read(statement, job) : nullptr;
    if (!core::allows(place.status, operation, wish != nullptr ? *wish : core::Want::Nothing)) {
        return core::not_allowed(place.status, operation);
    }
    return std::nullopt;
}

/// Of a once-job that nobody holds, or by the ways of those who do.
void Model::carry_out(Transaction& transaction,
                      Operation operation,
                      JobId job,
                      const Place& place) {
    if (place.in == In::Plan) {
        operate_on_plan(transaction, operation, job);
        return;
    }
    const Statement write = statement(transaction);
    if (place.in == In::Running) {
        note_wish(write, operation, job);
        return;
    }
    const bool waits = place.status == Status::Queuing || place.status == Status::FailedRetry;
    switch (operation) {
        case Operation::Start:
        case Operation::Resume:
            arm(write, job, place);
            return;
        case Operation::Pause:
            take_out(write, job, place.in);
            parked.insert(write, job, {Why::Paused, std::nullopt, place.luggage});
            return;
        case Operation::Stop:
        case Operation::Cancel:
            take_out(write, job, place.in);
            stop(transaction, write, job, place.luggage,
                 operation == Operation::Stop ? "stopped" : "cancelled");
            return;
        case Operation::Enable:
        case Operation::Disable:
            if (enable(write, job, operation == Operation::Enable) && waits) {
                take_out(write, job, place.in);
                let_in(write, job, place.luggage,
                       std::max(jobs.read(write, job)->begin.value_or(now()), now()));
            }
            return;
        default:
            return;
    }
}

/// The one wish is the only one there is.
void Model::note_wish(const Statement& statement, Operation operation, JobId job) {
    if (operation == Operation::Enable || operation == Operation::Disable) {
        static_cast<void>(enable(statement, job, operation == Operation::Enable));
        return;
    }
    if (operation == Operation::Resume) {
        static_cast<void>(enable(statement, job, true));
    }
    const core::Want before = take_want(statement, job);
    intents.insert(statement, job, core::want_after(before, operation));
}

void Model::operate_on_plan(Transaction& transaction, Operation operation, JobId job) {
    {
        const Statement write = statement(transaction);
        PlanRow plan = *plans.read(write, job);
        switch (operation) {
            case Operation::Start:
            case Operation::Resume:
                static_cast<void>(enable(write, job, true));
                plan.status = Status::Queuing;
                plan.next_due = plan.resumed_at = now();
                plan.failures = 0;
                break;
            case Operation::Pause:
            case Operation::Stop:
                plan.status = operation == Operation::Pause ? Status::Paused : Status::Stopped;
                plan.next_due = std::nullopt;
                break;
            case Operation::Enable:
            case Operation::Disable:
                if (enable(write, job, operation == Operation::Enable) &&
                    plan.status == Status::Queuing) {
                    plan.next_due = plan.resumed_at =
                        operation == Operation::Enable ? std::optional(now()) : std::nullopt;
                }
                break;
            default:
                break;
        }
        plans.update(write, job, std::move(plan));
    }
    if (operation == Operation::Stop || operation == Operation::Cancel) {
        const Statement seen = statement(transaction);
        for (const auto& [child, row] : live_children(seen, job)) {
            static_cast<void>(apply(transaction, Operation::Cancel, child));
        }
    }
}

/// Says whether that is new.
bool Model::enable(const Statement& statement, JobId job, bool enabled) {
    JobRow row = *jobs.lock(statement, job);
    const bool changes = row.enabled != enabled;
    if (changes) {
        row.enabled = enabled;
        jobs.update(statement, job, std::move(row));
    }
    return changes;
}

/// It waits for nobody while it stands nowhere.
void Model::take_out(const Statement& statement, JobId job, In in) {
    if (in == In::Ready) {
        ready.erase(statement, job);
    } else if (in == In::Parked) {
        parked.erase(statement, job);
    } else {
        finished.erase(statement, job);
    }
    if (const LiveChildRow* const row = children.lock(statement, job)) {
        children.update(statement, job, {row->parent, false, row->is_occurrence});
    }
}

/// Into the queue as if it were new.
void Model::arm(const Statement& statement, JobId job, const Place& place) {
    take_out(statement, job, place.in);
    static_cast<void>(enable(statement, job, true));
    const JobRow row = *jobs.read(statement, job);
    if (place.in == In::Finished && row.parent) {
        children.insert(statement, job, {*row.parent, false, row.nominal.has_value()});
    }
    const bool runs_now = place.status == Status::FailedRetry;
    let_in(statement, job, {.attempts = place.luggage.attempts},
           runs_now ? now() : std::max(row.begin.value_or(now()), now()));
}

/// Behind the gate when its parent never has two children in play and has one.
void Model::let_in(const Statement& statement, JobId job, const Luggage& luggage, Instant due) {
    const JobRow row = *jobs.read(statement, job);
    const PlanRow* const plan = row.parent ? plans.read(statement, *row.parent) : nullptr;
    if (plan != nullptr && plan->recurrence.lock_timeout > core::Duration{0} && row.enabled) {
        const auto live = live_children(statement, *row.parent);
        const bool has_to_wait = std::ranges::any_of(
            live, [&](const auto& child) { return child.first != job && !child.second.gated; });
        if (has_to_wait) {
            children.update(statement, job, {*row.parent, true, row.nominal.has_value()});
            parked.insert(statement, job, {Why::Gate, std::nullopt, luggage});
            return;
        }
    }
    put_in_queue(statement, job, luggage, due);
}

bool Model::bear(const Statement& statement, const Birth& birth) {
    if (birth.nominal && !occurrences.insert(statement, {birth.parent, *birth.nominal}, birth.id)) {
        return false;
    }
    const JobRow basis = *jobs.read(statement, birth.parent);
    jobs.insert(statement, birth.id,
                {.type = basis.type,
                 .priority = basis.priority,
                 .max_tries = birth.max_tries,
                 .created_at = now(),
                 .timeout = basis.timeout,
                 .parent = birth.parent,
                 .nominal = birth.nominal,
                 .begin = birth.due});
    children.insert(statement, birth.id, {birth.parent, birth.gated, birth.nominal.has_value()});
    if (birth.gated) {
        parked.insert(statement, birth.id, {Why::Gate, std::nullopt, {}});
    } else {
        put_in_queue(statement, birth.id, {}, std::max(birth.due, now()));
    }
    return true;
}

JobId Model::bear_extra(const Statement& statement, JobId job) {
    const PlanRow* const plan = plans.read(statement, job);
    const bool alone = plan != nullptr && plan->recurrence.lock_timeout > core::Duration{0};
    const JobId id = new_id();
    static_cast<void>(bear(statement, {.id = id,
                                       .parent = job,
                                       .due = now(),
                                       .max_tries = plan ? plan->recurrence.occurrence_tries
                                                         : jobs.read(statement, job)->max_tries,
                                       .gated = alone && !live_children(statement, job).empty()}));
    return id;
}

/// The job, and after it whatever was made for it.
std::vector<JobId> Model::family_of(const Statement& statement, JobId job) {
    std::vector<JobId> family{job};
    for (std::size_t next = 0; next < family.size(); ++next) {
        const JobId parent = family[next];
        for (const auto& [child, row] :
             jobs.select(statement,
                         [&](const JobId&, const JobRow& row) { return row.parent == parent; })) {
            family.push_back(child);
        }
    }
    return family;
}

/// False when one of them is alive. Who has the locks of all of them knows that no more are born.
bool Model::delete_family(Transaction& transaction, JobId job) {
    std::vector<JobId> seen;
    bool all_over = true;
    {
        const Statement lock = statement(transaction);
        seen = family_of(lock, job);
        for (const JobId member : seen) {
            const auto place = lock_place(lock, member);
            all_over = all_over && place && core::is_final(place->status);
        }
    }
    const Statement decide = statement(transaction);
    if (family_of(decide, job) != seen) {
        throw busy();
    }
    for (const JobId member : all_over ? seen : std::vector<JobId>{}) {
        forget(decide, member);
    }
    return all_over;
}

void Model::forget(const Statement& statement, JobId job) {
    const auto erase = [&](auto& table, const auto& key) {
        if (table.lock(statement, key) != nullptr) {
            table.erase(statement, key);
        }
    };
    erase(jobs, job);
    erase(finished, job);
    erase(plans, job);
    for (const auto& [token, row] : attempts.select(
             statement, [&](const Token&, const AttemptRecord& row) { return row.job == job; })) {
        erase(attempts, token);
    }
    const auto is_of = [&](const auto& key, const auto&) { return key.first == job; };
    for (const auto& [key, row] : occurrences.select(statement, is_of)) {
        erase(occurrences, key);
    }
    for (const auto& [key, row] : not_run.select(statement, is_of)) {
        erase(not_run, key);
    }
}

}  // namespace jobhost::simulation
