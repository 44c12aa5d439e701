#include "store/sqlite/recurring.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "core/planning.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"

namespace jobhost::store::sqlite {

namespace {

using core::Operation;
using core::Status;

void cancel_children(Turn& turn, JobKey job) {
    for (const JobKey child : live_children(turn, job)) {
        cancel(turn, child);
    }
}

/// The planner looks at it at once; what was due meanwhile was not missed.
void rearm(Turn& turn, JobKey job, const PlanRow& plan) {
    turn.db.run(kRearmPlan, job, turn.now, turn.now);
    turn.count(plan.status, -1);
    turn.count(Status::Queuing, 1);
}

void set_armed(Turn& turn, JobKey job, bool armed) {
    std::optional<core::Instant> now;
    if (armed) {
        now = turn.now;
    }
    turn.db.run(kSetNextDue, job, now, now);
}

struct Next {
    core::Instant last;
    std::optional<core::Instant> due;
};

base::Result<Next> next_of(const Turn& turn,
                           const Order& order,
                           const core::JobSpec& spec,
                           const PlanRow& plan) {
    const bool same =
        core::fires_alike(*spec.recurrence, plan.recurrence) && spec.begin_time == order.begin_time;
    const auto timetable =
        core::timetable_of(*spec.recurrence, spec.begin_time.value_or(order.created_at));
    if (!timetable) {
        return timetable.error();
    }
    const core::Instant last =
        same ? plan.point.last : std::max(plan.point.last, turn.now - core::Duration{1});
    const auto next = timetable->next(last);
    if (!next && !same) {
        const std::string sentence = "no occurrence is left between now and end_time";
        return base::Error{
            base::ErrorKind::Invalid, "never_fires", sentence, {{"end_time", "never", sentence}}};
    }
    Next answer{last, next};
    if (core::is_used_up(*spec.recurrence, plan.point.ran)) {
        answer.due.reset();
    } else if (same && plan.next_due) {
        answer.due = plan.next_due;
    }
    return answer;
}

}  // namespace

void change_recurring(Turn& turn,
                      JobKey job,
                      const Order& order,
                      Operation operation,
                      bool enabled) {
    const auto plan = read_plan(turn.db, job);
    if (!plan) {
        return;
    }
    switch (operation) {
        case Operation::Start:
        case Operation::Resume:
            rearm(turn, job, *plan);
            if (!enabled) {
                set_armed(turn, job, false);
            }
            return;
        case Operation::Pause:
            end_plan(turn, job, *plan, Status::Paused, "", false);
            return;
        case Operation::Stop:
            end_plan(turn, job, *plan, Status::Stopped, "stopped", false);
            cancel_children(turn, job);
            return;
        case Operation::Cancel:
            cancel_children(turn, job);
            return;
        case Operation::Enable:
        case Operation::Disable:
            if (plan->status == Status::Queuing && enabled != order.enabled) {
                set_armed(turn, job, enabled);
            }
            return;
        default:
            return;
    }
}

base::Result<base::Unit> change_plan(Turn& turn,
                                     JobKey job,
                                     const Order& order,
                                     const core::JobSpec& spec) {
    const auto plan = read_plan(turn.db, job);
    if (!plan || !spec.recurrence) {
        return base::done();
    }
    const auto next = next_of(turn, order, spec, *plan);
    if (!next) {
        return next.error();
    }
    const bool armed = plan->status == Status::Queuing && spec.enabled;
    const core::Recurrence& recurrence = *spec.recurrence;
    turn.db.run(kChangePlan, job, armed ? next->due : std::nullopt, next->last, recurrence.cron,
                recurrence.days, recurrence.time_zone, recurrence.interval, recurrence.end_time,
                recurrence.max_count, recurrence.misfire, recurrence.misfire_limit,
                recurrence.catch_up, recurrence.overlap, recurrence.lock_timeout, recurrence.jitter,
                recurrence.occurrence_tries, calendars_to_text(recurrence.calendars));
    if (armed && !order.enabled) {
        set_armed(turn, job, true);
    }
    return base::done();
}

core::JobId bear_extra(Turn& turn, JobKey job, const Order& order) {
    const auto plan = read_plan(turn.db, job);
    const bool alone = plan && plan->recurrence.lock_timeout > core::Duration{0};
    const auto child =
        bear(turn, {.parent = job,
                    .due = turn.now,
                    .max_tries = plan ? plan->recurrence.occurrence_tries : order.max_tries,
                    .gated = alone && has_live_child(turn, job)});
    return child ? child->id : core::JobId{};
}

}  // namespace jobhost::store::sqlite
