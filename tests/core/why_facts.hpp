#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/why.hpp"
#include "support/manual_clock.hpp"

/// Jobs that are asked about, and what stands in their way.
namespace jobhost::core {

inline constexpr Instant kNow = support::ManualClock::kStart;
inline constexpr Instant kBegin = kNow - std::chrono::hours(1);

/// That a claim takes.
inline JobFacts ready_job() {
    return {.now = kNow,
            .type = "shell.run",
            .in_queue = true,
            .due = kNow,
            .nodes = {{.name = "node-1", .has_type = true, .labels = {{"site", "fra1"}}}}};
}

/// The terms that do not hold.
inline std::vector<std::string_view> failing(const Explanation& answer) {
    std::vector<std::string_view> names;
    for (const Term& term : answer.terms) {
        if (!term.pass) {
            names.push_back(term.name);
        }
    }
    return names;
}

/// Every minute since an hour; the last occurrence was a minute ago, the next one is due.
inline PlanFacts due_plan() {
    PlanFacts plan{.now = kNow, .since = kBegin, .next_due = kNow, .begin = kBegin};
    plan.recurrence.interval = std::chrono::minutes(1);
    plan.point.last = kNow - std::chrono::minutes(1);
    return plan;
}

inline PlanFacts armed_plan() {
    PlanFacts plan = due_plan();
    plan.next_due = kNow + std::chrono::minutes(1);
    plan.point.last = kNow;
    return plan;
}

inline ChildFacts child_of(Instant nominal) {
    return {.id = JobId{}, .nominal = nominal, .attempts = 1};
}

/// Nothing runs on Mondays; the first of March 2026 is a Sunday.
struct NoMondays {
    Calendars calendars{
        {*schedule::Calendar::from({.name = "mondays", .weekdays = {std::chrono::Monday}},
                                   *schedule::TimeZone::load("UTC"))}};
    std::vector<std::string> names{"mondays"};
    Blackout blackout{calendars, names};
};

}  // namespace jobhost::core
