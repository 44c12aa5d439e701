#include "store/sqlite/family.hpp"

#include <algorithm>

#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"

namespace jobhost::store::sqlite {

namespace {

struct Basis {
    LaneId lane;
    core::Priority priority = core::Priority::Normal;
    std::string type;
};

Basis basis_of(Turn& turn, JobKey parent) {
    auto row = turn.db.query(kChildBasis, parent);
    if (!row.next()) {
        return {};
    }
    return {row.column<LaneId>(0), row.column<core::Priority>(1), row.column<std::string>(2)};
}

struct Gated {
    JobKey job;
    std::optional<core::Instant> begin;
};

std::optional<Gated> first_gated(Turn& turn, JobKey parent) {
    auto row = turn.db.query(kFirstGated, parent);
    if (!row.next()) {
        return std::nullopt;
    }
    return Gated{row.column<JobKey>(0), row.column<std::optional<core::Instant>>(1)};
}

/// Is a child alive, other than `but`, that does not wait for others?
bool has_child_in_play(Turn& turn, JobKey parent, JobKey but) {
    return turn.db.query(kAnyInPlay, parent, but).next();
}

/// Lets the child begin that waited longest, when nobody is in its way any more.
void open_gate(Turn& turn, JobKey parent) {
    if (has_child_in_play(turn, parent, {})) {
        return;
    }
    if (const auto next = first_gated(turn, parent)) {
        turn.db.run(kOpenGate, next->job);
        take_from_gate(turn, next->job, std::max(next->begin.value_or(turn.now), turn.now));
    }
}

void stop_gated(Turn& turn, JobKey parent) {
    while (const auto next = first_gated(turn, parent)) {
        const auto standing = standing_of(turn.db, next->job);
        if (!standing) {
            return;
        }
        set_aside(turn, *standing, Why::Stopped, core::kParentStopped);
    }
}

/// What the end of an occurrence means for its recurring job.
void count_end(Turn& turn, JobKey parent, const PlanRow& plan, const core::Transition& landed) {
    int max_tries = 0;
    if (auto row = turn.db.query(kMaxTries, parent); row.next()) {
        max_tries = row.column<int>(0);
    }
    const core::AfterChild after = core::after_child(plan.failures, max_tries, landed);
    if (after.failures != plan.failures) {
        turn.db.run(kCountFailures, parent, after.failures);
    }
    if (after.gives_up) {
        end_plan(turn, parent, plan, core::Status::Stopped, "max_tries", true);
        stop_gated(turn, parent);
    }
}

}  // namespace

std::optional<Child> bear(Turn& turn, const Birth& birth) {
    const JobKey key = turn.new_key();
    const auto id = core::JobId::make(turn.now);
    const bool is_new = turn.db.run(kAddChild, key, id, birth.max_tries, turn.now, birth.due,
                                    birth.nominal, birth.parent) == 1;
    if (!is_new) {
        return std::nullopt;
    }
    const Basis basis = basis_of(turn, birth.parent);
    const Luggage child{
        .job = key, .lane = basis.lane, .rank = Rank::of(basis.priority, 0, birth.max_tries)};
    turn.db.run(kAddLiveChild, key, birth.parent, birth.gated, birth.nominal.has_value());
    if (birth.gated) {
        put_behind_gate(turn, child);
    } else {
        put_in_queue(turn, child, std::max(birth.due, turn.now));
    }
    return Child{.id = id, .type = basis.type};
}

bool has_live_child(Turn& turn, JobKey parent) {
    return turn.db.query(kAnyLiveChild, parent).next();
}

bool has_gated_child(Turn& turn, JobKey parent) { return first_gated(turn, parent).has_value(); }

void let_in(Turn& turn, const Luggage& job, std::optional<JobKey> parent, core::Instant due) {
    const auto plan = parent ? read_plan(turn.db, *parent) : std::nullopt;
    const bool alone = plan && plan->recurrence.lock_timeout > core::Duration{0};
    if (alone && job.enabled && has_child_in_play(turn, *parent, job.job)) {
        turn.db.run(kCloseGate, job.job);
        put_behind_gate(turn, job);
    } else {
        put_in_queue(turn, job, due);
    }
}

std::vector<JobKey> live_children(Turn& turn, JobKey parent) {
    std::vector<JobKey> children;
    auto rows = turn.db.query(kLiveChildren, parent, 0);
    while (rows.next()) {
        children.push_back(rows.column<JobKey>(0));
    }
    return children;
}

void left_life(Turn& turn, JobKey job, const core::Transition& landed) {
    JobKey parent;
    bool is_occurrence = false;
    {
        auto row = turn.db.query(kDropLiveChild, job);
        if (!row.next()) {
            return;
        }
        parent = row.column<JobKey>(0);
        is_occurrence = row.column<bool>(1);
        static_cast<void>(row.next());  // the statement ends with its last step
    }
    const auto plan = read_plan(turn.db, parent);
    if (!plan) {
        return;
    }
    if (plan->status == core::Status::Queuing && is_occurrence) {
        count_end(turn, parent, *plan, landed);
    }
    // When the parent gives up all that wait are stopped, one after the other, and none is let in.
    if (landed.reason != core::kParentStopped) {
        open_gate(turn, parent);
    }
    end_plan_when_over(turn, parent);
}

void end_plan_when_over(Turn& turn, JobKey parent) {
    const auto plan = read_plan(turn.db, parent);
    const auto order = order_of(turn.db, parent);
    const bool nothing_to_come =
        plan && order && order->enabled && plan->status == core::Status::Queuing && !plan->next_due;
    if (nothing_to_come && !has_live_child(turn, parent)) {
        end_plan(turn, parent, *plan, core::Status::Completed, "", false);
    }
}

}  // namespace jobhost::store::sqlite
