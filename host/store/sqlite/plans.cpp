#include "store/sqlite/plans.hpp"

#include <algorithm>
#include <utility>

#include "core/backfill.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/records.hpp"

namespace jobhost::store::sqlite {

namespace {

/// Carries out one decision.
class Advancing {
public:
    Advancing(Turn& turn, JobKey job, const PlanRow& plan, const core::PlanStep& step)
        : turn_(turn), job_(job), plan_(plan), step_(step) {}

    Advanced carry_out() {
        if (step_.went_back) {
            turn_.db.run(kDropGapsAfter, job_, step_.last);
            turn_.db.run(kCutGapsAt, job_, step_.last);
        }
        // Both lists are in order; their records must be written in the order of the occurrences.
        auto gap = step_.gaps.begin();
        for (const core::Firing& firing : step_.firings) {
            for (; gap != step_.gaps.end() && gap->first < firing.nominal; ++gap) {
                write(*gap);
            }
            fire(firing);
        }
        for (; gap != step_.gaps.end(); ++gap) {
            write(*gap);
        }
        const auto born = static_cast<std::int64_t>(result_.children.size());
        static constexpr std::optional<core::Instant> kNone;
        const bool is_over = core::is_used_up(plan_.recurrence, plan_.point.ran + born);
        const std::optional<core::Instant>& next = is_over ? kNone : step_.next;
        turn_.db.run(kAdvancePlan, job_, step_.last, next, born, last_fired_);
        if (!next) {
            end_plan_when_over(turn_, job_);
        }
        result_.is_applied = true;
        return std::move(result_);
    }

private:
    /// After the clock was set back an occurrence may come again that has its child.
    [[nodiscard]] bool has_child(core::Instant nominal) const {
        return turn_.db.query(kHasChild, job_, nominal).next();
    }

    /// What was made up for before it was planned has its child and needs no record.
    void write(const core::Gap& gap) {
        const auto made = children_between(turn_.db, job_, gap.first, gap.last);
        std::vector<core::Gap> left{gap};
        if (!made.empty()) {
            const auto order = order_of(turn_.db, job_);
            const auto timetable =
                core::timetable_of(plan_.recurrence, order->begin_time.value_or(order->created_at));
            left = timetable ? core::without(gap, *timetable, made) : left;
        }
        for (const core::Gap& part : left) {
            record(turn_, job_, part);
        }
    }

    void fire(const core::Firing& firing) {
        if (has_child(firing.nominal)) {
            return;
        }
        switch (core::start_of(plan_.recurrence, firing, has_live_child(turn_, job_),
                               has_gated_child(turn_, job_))) {
            case core::Start::Now:
                bear_child(firing, false);
                return;
            case core::Start::AfterOthers:
                bear_child(firing, true);
                return;
            case core::Start::AfterCancellingOthers:
                for (const JobKey child : live_children(turn_, job_)) {
                    cancel(turn_, child);
                }
                bear_child(firing, has_live_child(turn_, job_));
                return;
            case core::Start::NotAtAll:
                ++result_.overlapped;
                write({.verdict = core::NotRun::Overlapped,
                       .rule = "overlap",
                       .first = firing.nominal,
                       .last = firing.nominal});
                return;
        }
    }

    void bear_child(const core::Firing& firing, bool gated) {
        auto child = bear(turn_, {.parent = job_,
                                  .nominal = firing.nominal,
                                  .due = firing.nominal + firing.delay,
                                  .max_tries = plan_.recurrence.occurrence_tries,
                                  .gated = gated});
        if (child) {
            last_fired_ = firing.nominal;
            result_.children.push_back(*std::move(child));
        }
    }

    Turn& turn_;
    JobKey job_;
    const PlanRow& plan_;
    const core::PlanStep& step_;
    std::optional<core::Instant> last_fired_;
    Advanced result_;
};

Advanced advance_one(Turn& turn, const Advance& advance) {
    const auto job = key_of(turn.db, advance.id);
    const auto plan = job ? read_plan(turn.db, *job) : std::nullopt;
    // Not armed any more: paused, stopped, or disabled.
    if (!plan || !plan->next_due || plan->point.last != advance.from) {
        return {};
    }
    return Advancing(turn, *job, *plan, advance.step).carry_out();
}

}  // namespace

DuePlans due_plans(Connection& connection, core::Instant now, int limit) {
    DuePlans due;
    std::vector<JobKey> keys;
    {
        auto rows = connection.query(kDuePlans, now, limit);
        while (rows.next()) {
            keys.push_back(rows.column<JobKey>(0));
            due.plans.push_back({.id = rows.column<core::JobId>(1),
                                 .recurrence = {},
                                 .begin = rows.column<core::Instant>(2),
                                 .point = {}});
        }
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (auto plan = read_plan(connection, keys[i])) {
            due.plans[i].recurrence = std::move(plan->recurrence);
            due.plans[i].point = plan->point;
        }
    }
    if (auto next = connection.query(kNextPlan, now); next.next()) {
        due.next_due = next.column<core::Instant>(0);
    }
    return due;
}

std::vector<Advanced> advance(Turn& turn, std::span<const Advance> advances) {
    std::vector<Advanced> results;
    results.reserve(advances.size());
    for (const Advance& one : advances) {
        results.push_back(advance_one(turn, one));
    }
    return results;
}

int rewind(Turn& turn, core::Instant now) {
    return turn.db.run(kRewindPlans, now, now + core::kSmallStepBack);
}

}  // namespace jobhost::store::sqlite
