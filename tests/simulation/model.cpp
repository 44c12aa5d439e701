#include "simulation/model.hpp"

#include <algorithm>

namespace jobhost::simulation {

namespace {

base::Error away(const char* why) { return {base::ErrorKind::Unavailable, "unavailable", why}; }

base::Error unknown() {
    return {base::ErrorKind::Timeout, "outcome_unknown", "the answer did not come"};
}

}  // namespace

Model::Model(const Settings& its_settings,
             Scheduler& its_scheduler,
             Dice& its_dice,
             FaultCounts& its_counts)
    : settings(its_settings),
      scheduler(its_scheduler),
      dice(its_dice),
      counts(its_counts),
      engine(its_scheduler),
      jobs([this](const JobId& id, const JobRow* before, const JobRow* after) {
          diff_.jobs.insert(id);
          if (before == nullptr && after != nullptr) {
              diff_.born.emplace_back(id, *after);
          }
      }),
      ready([this](const JobId& id, const ReadyRow*, const ReadyRow*) { diff_.jobs.insert(id); }),
      parked(
          [this](const JobId& id, const ParkedRow*, const ParkedRow*) { diff_.jobs.insert(id); }),
      running([this](const Token& token, const RunningRow* before, const RunningRow* after) {
          if (before != nullptr && after == nullptr) {
              diff_.jobs.insert(before->job);
              diff_.left.emplace_back(token, *before);
          } else if (before == nullptr && after != nullptr) {
              diff_.jobs.insert(after->job);
              diff_.claimed.emplace_back(token, *after);
          }
      }),
      finished([this](const JobId& id, const FinishedRow*, const FinishedRow*) {
          diff_.jobs.insert(id);
      }),
      attempts([this](const Token& token, const AttemptRecord*, const AttemptRecord* after) {
          if (after != nullptr) {
              diff_.jobs.insert(after->job);
              diff_.attempts.emplace_back(token, *after);
          }
      }),
      intents([this](const JobId& id, const core::Want*, const core::Want* after) {
          if (after != nullptr) {
              diff_.wished.emplace_back(id, *after);
          }
      }),
      plans([this](const JobId& id, const PlanRow* before, const PlanRow* after) {
          if (after != nullptr) {
              diff_.plans.push_back({id, before ? std::optional(*before) : std::nullopt, *after});
          }
      }),
      children([](const JobId&, const LiveChildRow*, const LiveChildRow*) {}),
      occurrences([](const auto&, const JobId*, const JobId*) {}),
      not_run([](const auto&, const core::Gap*, const core::Gap*) {}),
      nodes([](const NodeId&, const NodeRow*, const NodeRow*) {}) {}

JobId Model::new_id() {
    Dice spread(++last_id_);
    const std::uint64_t mixed = spread.next();
    JobId id;
    for (unsigned i = 0; i < 8; ++i) {
        id.uuid.bytes[i] = static_cast<std::uint8_t>(last_id_ >> (56U - 8U * i));
        id.uuid.bytes[8 + i] = static_cast<std::uint8_t>(mixed >> (8U * i));
    }
    return id;
}

bool Model::fails(int in_thousand, Fault fault) {
    if (in_thousand == 0 || !dice.in_thousand(in_thousand)) {
        return false;
    }
    counts.add(fault);
    return true;
}

Statement Model::statement(Transaction& transaction) {
    delay();
    transaction.check();
    if (fails(rates.failed_inside, Fault::FailedInside)) {
        throw Failure{away("a statement failed")};
    }
    return Statement(transaction);
}

void Model::delay() {
    if (fails(rates.slow, Fault::Delay)) {
        scheduler.rest_until(scheduler.now() + Time(dice.between(1, 3000)));
    }
}

void Model::before_call() {
    scheduler.yield();
    delay();
    if (scheduler.now() < away_until) {
        throw Failure{away("the store is away")};
    }
    if (fails(rates.refused_before, Fault::RefusedBefore)) {
        throw Failure{away("the call was refused")};
    }
}

void Model::commit(Transaction& transaction,
                   Cause cause,
                   NodeId node,
                   std::optional<core::Operation> operation) {
    scheduler.yield();
    delay();
    transaction.check();
    if (fails(rates.lost_commit, Fault::LostCommit)) {
        throw Failure{unknown()};
    }
    diff_ = {.cause = cause, .node = node, .operation = operation};
    transaction.commit();
    committed(diff_);
    scheduler.yield();
    if (fails(rates.lost_answer, Fault::LostAnswer)) {
        throw Failure{unknown()};
    }
}

std::optional<core::Status> Model::status(JobId job) const {
    if (const PlanRow* const plan = plans.committed(job)) {
        return plan->status;
    }
    if (const FinishedRow* const row = finished.committed(job)) {
        return row->status;
    }
    if (const ReadyRow* const row = ready.committed(job)) {
        return waiting_status(row->luggage.tries);
    }
    if (const ParkedRow* const row = parked.committed(job)) {
        return status_of(*row);
    }
    return jobs.committed(job) ? std::optional(core::Status::Running) : std::nullopt;
}

void Model::lock_parents(const Statement& statement, const std::set<JobId>& of) {
    std::set<JobId> parents;
    for (const JobId id : of) {
        const JobRow* const row = jobs.read(statement, id);
        if (row != nullptr && row->parent) {
            parents.insert(*row->parent);
        }
    }
    for (const JobId parent : parents) {
        plans.lock(statement, parent);
    }
}

void Model::put_in_queue(const Statement& statement,
                         JobId job,
                         const Luggage& luggage,
                         Instant due) {
    const bool enabled = jobs.read(statement, job)->enabled;
    const bool is_new = !enabled
                            ? parked.insert(statement, job, {Why::Disabled, std::nullopt, luggage})
                        : due > now() ? parked.insert(statement, job, {Why::Time, due, luggage})
                                      : ready.insert(statement, job, {due, luggage});
    if (!is_new) {
        throw Failure{{base::ErrorKind::Internal, "twice", "a job stands in a place already"}};
    }
}

void Model::land(Transaction& transaction,
                 const Statement& statement,
                 JobId job,
                 Luggage luggage,
                 const core::Transition& transition) {
    luggage.tries = transition.tries;
    luggage.crashes = transition.crashes;
    if (transition.to == core::Status::Paused) {
        parked.insert(statement, job, {Why::Paused, std::nullopt, luggage});
        return;
    }
    if (!core::is_final(transition.to)) {
        put_in_queue(statement, job, luggage, transition.due.value_or(now()));
        return;
    }
    finished.insert(statement, job,
                    {transition.to, transition.reason, transition.abandoned, luggage});
    left_life(transaction, job, transition);
}

void Model::stop(Transaction& transaction,
                 const Statement& statement,
                 JobId job,
                 const Luggage& luggage,
                 std::string_view reason) {
    core::Transition transition;
    transition.to = core::Status::Stopped;
    transition.tries = luggage.tries;
    transition.crashes = luggage.crashes;
    transition.reason = reason;
    land(transaction, statement, job, luggage, transition);
}

core::Want Model::take_want(const Statement& statement, JobId job) {
    const core::Want* const found = intents.lock(statement, job);
    const core::Want want = found != nullptr ? *found : core::Want::Nothing;
    if (found != nullptr) {
        intents.erase(statement, job);
    }
    return want;
}

std::vector<std::pair<JobId, LiveChildRow>> Model::live_children(const Statement& statement,
                                                                 JobId parent) {
    return children.select(
        statement, [&](const JobId&, const LiveChildRow& row) { return row.parent == parent; });
}

void Model::left_life(Transaction& transaction, JobId job, const core::Transition& landed) {
    LiveChildRow child;
    PlanRow plan;
    {
        const Statement now_seen = statement(transaction);
        const LiveChildRow* const row = children.lock(now_seen, job);
        if (row == nullptr) {
            return;
        }
        child = *row;
        children.erase(now_seen, job);
        const PlanRow* const of = plans.lock(now_seen, child.parent);
        if (of == nullptr) {
            return;
        }
        plan = *of;
    }
    if (plan.status == core::Status::Queuing && child.is_occurrence) {
        count_end(transaction, child.parent, std::move(plan), landed);
    }
    // When the parent gives up all that wait are stopped, and none is let in.
    if (landed.reason != core::kParentStopped) {
        open_gate(transaction, child.parent);
    }
    end_plan_when_over(transaction, child.parent);
}

void Model::count_end(Transaction& transaction,
                      JobId parent,
                      PlanRow plan,
                      const core::Transition& landed) {
    const core::AfterChild after = core::after_child(plan.failures, plan.max_tries, landed);
    plan.failures = after.failures;
    if (after.gives_up) {
        plan.status = core::Status::Stopped;
        plan.next_due = std::nullopt;
    }
    {
        const Statement write = statement(transaction);
        plans.update(write, parent, std::move(plan));
    }
    if (after.gives_up) {
        stop_gated(transaction, parent);
    }
}

/// Lets the child begin that waited longest, when nobody is in its way any more.
void Model::open_gate(Transaction& transaction, JobId parent) {
    const Statement seen = statement(transaction);
    const auto live = live_children(seen, parent);
    const bool all_gated =
        std::ranges::all_of(live, [](const auto& child) { return child.second.gated; });
    if (live.empty() || !all_gated) {
        return;
    }
    const auto& [child, row] = live.front();
    const ParkedRow* const place = parked.lock(seen, child);
    if (children.lock(seen, child) == nullptr || place == nullptr) {
        return;
    }
    const Luggage luggage = place->luggage;
    parked.erase(seen, child);
    children.update(seen, child, {row.parent, false, row.is_occurrence});
    const JobRow* const job = jobs.read(seen, child);
    put_in_queue(seen, child, luggage, std::max(job->begin.value_or(now()), now()));
}

void Model::stop_gated(Transaction& transaction, JobId parent) {
    for (;;) {
        const Statement seen = statement(transaction);
        const auto live = live_children(seen, parent);
        const auto gated =
            std::ranges::find_if(live, [](const auto& child) { return child.second.gated; });
        if (gated == live.end()) {
            return;
        }
        const ParkedRow* const place = parked.lock(seen, gated->first);
        if (place == nullptr) {
            return;
        }
        const Luggage luggage = place->luggage;
        parked.erase(seen, gated->first);
        stop(transaction, seen, gated->first, luggage, core::kParentStopped);
    }
}

void Model::end_plan_when_over(Transaction& transaction, JobId parent) {
    const Statement seen = statement(transaction);
    const PlanRow* const plan = plans.lock(seen, parent);
    if (plan->status == core::Status::Queuing && !plan->next_due &&
        jobs.read(seen, parent)->enabled && live_children(seen, parent).empty()) {
        PlanRow over = *plan;
        over.status = core::Status::Completed;
        plans.update(seen, parent, std::move(over));
    }
}

}  // namespace jobhost::simulation
