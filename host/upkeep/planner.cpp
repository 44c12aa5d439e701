#include "upkeep/planner.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace jobhost::upkeep {

namespace {

constexpr int kPage = 500;

/// A clock that is set shows up at the latest after so long.
constexpr base::Duration kLongestNap = std::chrono::seconds(5);

constexpr base::Duration kAfterFailure = std::chrono::seconds(1);
constexpr base::Duration kPutOff = std::chrono::minutes(1);

std::uint64_t seed_of(core::JobId id) { return std::hash<core::JobId>{}(id); }

core::PlanStep put_off(const store::DuePlan& plan, const base::Error& error, core::Instant now) {
    base::log(base::LogLevel::Error, "upkeep",
              "a recurring job cannot be planned; it is looked at again in a minute",
              {{"job_id", plan.id.text()}, {"error", error.message}});
    return {.last = plan.point.last, .next = now + kPutOff};
}

int count_in(const core::PlanStep& step, core::NotRun verdict) {
    int count = 0;
    for (const core::Gap& gap : step.gaps) {
        count += gap.verdict == verdict ? gap.count : 0;
    }
    return count;
}

base::Counter& not_run(base::Metrics& metrics, core::NotRun verdict) {
    return metrics.counter("jobhost_occurrences_not_run_total",
                           "Occurrences of recurring jobs that did not run, by reason.",
                           {{"reason", std::string(core::name(verdict))}});
}

}  // namespace

Planner::Planner(const PlannerOptions& options,
                 store::PlanStore& plans,
                 const core::Calendars& calendars,
                 base::Metrics& metrics,
                 const base::Clock& clock)
    : options_(options),
      plans_(plans),
      calendars_(calendars),
      clock_(clock),
      planned_(metrics.counter("jobhost_occurrences_planned_total",
                               "Occurrences of recurring jobs that became jobs.")),
      missed_(not_run(metrics, core::NotRun::Missed)),
      overlapped_(not_run(metrics, core::NotRun::Overlapped)),
      blacked_out_(not_run(metrics, core::NotRun::BlackedOut)),
      lag_(metrics.histogram("jobhost_planning_lag_seconds",
                             "How long after their time occurrences became jobs.")) {}

base::Steady Planner::step() {
    const base::Steady at = clock_.steady();
    const core::Instant now = clock_.now();
    if (went_back(at, now)) {
        if (const auto rewound = rewind(now); !rewound) {
            return failed(rewound.error());
        }
    }
    last_ = {at, now};
    const auto due = plans_.due(now, kPage);
    if (!due) {
        return failed(due.error());
    }
    std::vector<store::Advance> advances;
    for (const store::DuePlan& plan : due->plans) {
        advances.push_back(advance_of(plan, now));
    }
    core::Instant next = std::min(due->next_due.value_or(now + kLongestNap), now + kLongestNap);
    if (!advances.empty()) {
        const auto advanced = plans_.advance(advances);
        if (!advanced) {
            return failed(advanced.error());
        }
        tell(advances, *advanced, now);
        // What was just planned, and what did not fit on the page, may be due again before that.
        next = due->plans.size() == kPage ? now : next;
        for (const store::Advance& advance : advances) {
            next = std::min(next, advance.step.next.value_or(next));
        }
    }
    return at + std::max(next - now, base::Duration{0});
}

/// True as well for the first turn: the clock may have been set while no host ran.
bool Planner::went_back(base::Steady at, core::Instant now) {
    if (!last_) {
        return true;
    }
    const auto passed = std::chrono::floor<base::Duration>(at - last_->steady);
    return now + core::kSmallStepBack < last_->wall + passed;
}

base::Result<base::Unit> Planner::rewind(core::Instant now) {
    last_.reset();
    const auto rewound = plans_.rewind(now);
    if (!rewound) {
        return rewound.error();
    }
    if (*rewound > 0) {
        base::log(base::LogLevel::Warn, "upkeep",
                  "the clock was set back; recurring jobs are planned anew from now on",
                  {{"count", std::to_string(*rewound)}});
    }
    return base::done();
}

store::Advance Planner::advance_of(const store::DuePlan& plan, core::Instant now) {
    store::Advance advance{.id = plan.id, .from = plan.point.last, .step = {}};
    const auto timetable = core::timetable_of(plan.recurrence, plan.begin);
    if (!timetable) {
        advance.step = put_off(plan, timetable.error(), now);
        return advance;
    }
    advance.step =
        core::plan(*timetable, plan.recurrence, blackout_of(plan), plan.point, now, options_.grace);
    for (core::Firing& firing : advance.step.firings) {
        firing.delay = core::jitter_of(plan.recurrence.jitter, firing.nominal, seed_of(plan.id));
    }
    return advance;
}

core::Blackout Planner::blackout_of(const store::DuePlan& plan) {
    core::Blackout blackout(calendars_, plan.recurrence.calendars);
    const auto unknown = blackout.unknown();
    if (!unknown.empty() && unknown_.emplace(unknown).second) {
        base::log(base::LogLevel::Error, "upkeep",
                  "the config has no such calendar; jobs that name it do not run, and each "
                  "occurrence is recorded as blacked out",
                  {{"calendar", std::string(unknown)}, {"job_id", plan.id.text()}});
    }
    return blackout;
}

void Planner::tell(std::span<const store::Advance> advances,
                   std::span<const store::Advanced> advanced,
                   core::Instant now) {
    for (std::size_t i = 0; i < advances.size(); ++i) {
        if (!advanced[i].is_applied) {
            continue;
        }
        planned_.add(advanced[i].children.size());
        overlapped_.add(static_cast<std::uint64_t>(advanced[i].overlapped));
        for (const core::Firing& firing : advances[i].step.firings) {
            lag_.observe(base::to_seconds(now - firing.nominal));
        }
        blacked_out_.add(
            static_cast<std::uint64_t>(count_in(advances[i].step, core::NotRun::BlackedOut)));
        const int missed = count_in(advances[i].step, core::NotRun::Missed);
        missed_.add(static_cast<std::uint64_t>(missed));
        if (missed > 0) {
            base::log(base::LogLevel::Warn, "upkeep", "occurrences of a recurring job were missed",
                      {{"job_id", advances[i].id.text()}, {"count", std::to_string(missed)}});
        }
    }
}

base::Steady Planner::failed(const base::Error& error) {
    base::log(base::LogLevel::Error, "upkeep", "recurring jobs cannot be planned now",
              {{"error", error.message}});
    return clock_.steady() + kAfterFailure;
}

}  // namespace jobhost::upkeep
