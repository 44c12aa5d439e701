#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/why_terms.hpp"

namespace jobhost::core {

namespace {

using base::format_instant;

/// So many occurrences before another are looked at one by one.
constexpr int kMostLookedAt = 1'000;

/// What the schedule gives after what is dealt with, armed or not. An error is one of the zone.
base::Result<std::optional<Instant>> next_of(const PlanFacts& plan) {
    const auto timetable = timetable_of(plan.recurrence, plan.begin);
    if (!timetable) {
        return timetable.error();
    }
    return plan.next_due ? plan.next_due : timetable->next(std::max(plan.point.last, plan.now));
}

// Each term says nothing when it holds.

std::string not_accepted(const PlanFacts& plan) {
    return plan.status == Status::Queuing
               ? ""
               : "It is " + std::string(name(plan.status)) + since_text(plan.since) + ".";
}

std::string used_up(const PlanFacts& plan) {
    return is_used_up(plan.recurrence, plan.point.ran)
               ? "Nothing is left to come: all " + std::to_string(plan.recurrence.max_count) +
                     " occurrences that it may have were started."
               : "";
}

std::string over(const PlanFacts& plan) {
    const auto& end = plan.recurrence.end_time;
    return end && *end < plan.now && !plan.next_due
               ? "Nothing is left to come: its end time, " + format_instant(*end) + ", has passed."
               : "";
}

Term fires(const PlanFacts& plan) {
    const auto next = next_of(plan);
    if (!next) {
        return term("fires", nullptr, "Its schedule cannot be read: " + next.error().message + ".");
    }
    return term("fires", json_of(*next),
                *next ? "" : "Nothing is left to come: its schedule has no further occurrence.");
}

std::string not_due(const PlanFacts& plan, const Blackout& blackout) {
    if (!plan.next_due) {
        return "Nothing is planned.";
    }
    if (*plan.next_due <= plan.now) {
        return {};
    }
    int steps = kMostSteps;
    const auto runs = next_run(plan.recurrence, blackout, plan.begin, *plan.next_due, steps);
    if (runs == plan.next_due) {
        return "It waits for its next occurrence, at " + format_instant(*runs) + ".";
    }
    return (runs ? "It waits for its next occurrence that may run, at " + format_instant(*runs)
                 : "It waits for an occurrence that may run, and there is none within a year") +
           ": that at " + format_instant(*plan.next_due) + " is blacked out (" +
           blackout.rule_at(*plan.next_due).value_or("calendar") + ").";
}

std::string due_sentence(const PlanFacts& plan, const Blackout& blackout) {
    const auto rule = plan.next_due ? blackout.rule_at(*plan.next_due) : std::nullopt;
    return rule ? "The occurrence at " + format_instant(*plan.next_due) +
                      " is due and is blacked out (" + *rule +
                      "): the host records that at its next look."
                : "An occurrence is due: the host makes its job at its next look.";
}

/// The first that fails decides.
constexpr std::array kDeciders{
    Decider{"not_stopped", "ended"}, Decider{"not_paused", "held"},   Decider{"accepted", "ended"},
    Decider{"enabled", "held"},      Decider{"not_used_up", "waits"}, Decider{"not_over", "waits"},
    Decider{"fires", "waits"},       Decider{"due", "armed"},
};

OccurrenceFate fate_of(const ChildFacts& child) {
    return {.verdict = child.gated          ? "buffered"
                       : child.attempts > 0 ? "ran"
                                            : "fired",
            .first = child.nominal,
            .last = child.nominal,
            .child = child};
}

OccurrenceFate fate_of(const Gap& gap) {
    return {.verdict = name(gap.verdict),
            .rule = gap.rule,
            .first = gap.first,
            .last = gap.last,
            .count = gap.count,
            .is_counted = gap.is_counted};
}

std::string sentence_of(const ChildFacts& child) {
    const std::string job = "job " + child.id.text();
    if (child.gated) {
        return "It is buffered: " + job + " waits until others of the same recurring job are over.";
    }
    const std::string status =
        std::string(name(child.status)) + (child.reason.empty() ? "" : ", reason " + child.reason);
    return child.attempts > 0 ? "It ran as " + job + ", which is " + status + "."
                              : "It became " + job + ", which has not begun and is " + status + ".";
}

std::string sentence_of(const Gap& gap) {
    if (gap.verdict == NotRun::Missed) {
        return "It was missed: no host planned it in time, and by the setting " + gap.rule +
               " it did not run late.";
    }
    if (gap.verdict == NotRun::Overlapped) {
        return "It did not run: an earlier one was not over, and the setting " + gap.rule +
               " left it out.";
    }
    if (gap.verdict == NotRun::Paused) {
        return "It did not run: the job was paused, disabled or stopped.";
    }
    return "It did not run: it is blacked out (" + gap.rule + ").";
}

/// Whether the occurrences that may be started are used up before `at`, when each runs that may;
/// nothing when too many come before it to look at each.
std::optional<bool> comes_too_late(const schedule::Timetable& timetable,
                                   const PlanFacts& plan,
                                   const Blackout& blackout,
                                   Instant at) {
    std::int64_t ran = plan.point.ran;
    auto before = plan.next_due;
    for (int looked_at = 0; before && *before < at; before = timetable.next(*before)) {
        if (++looked_at > kMostLookedAt) {
            return std::nullopt;
        }
        ran += blackout.rule_at(*before) ? 0 : 1;
        if (is_used_up(plan.recurrence, ran)) {
            return true;
        }
    }
    return false;
}

Explanation to_come(const schedule::Timetable& timetable,
                    const PlanFacts& plan,
                    const Blackout& blackout,
                    Instant at) {
    const std::int64_t most = plan.recurrence.max_count;
    const auto too_late =
        most == 0 ? std::optional(false) : comes_too_late(timetable, plan, blackout, at);
    if (too_late == true) {
        return {.verdict = "beyond_max_count",
                .sentence = "Its recurring job may have " + std::to_string(most) +
                            " occurrences: " + std::to_string(plan.point.ran) +
                            " so far, and all the others come before this one. It runs only if one "
                            "of those does not."};
    }
    return {.verdict = "not_due_yet",
            .sentence = "It is to come, at " + format_instant(at) +
                        (too_late ? "."
                                  : ", unless the " + std::to_string(most) +
                                        " occurrences that may be started are used up by then.")};
}

/// Of an occurrence that has neither job nor record.
Explanation not_dealt_with(const schedule::Timetable& timetable,
                           const PlanFacts& plan,
                           const Blackout& blackout,
                           Instant at) {
    if (at <= plan.point.last) {
        return {.verdict = "no_record",
                .sentence =
                    "It is in the past, and there is neither a job nor a record of it: the "
                    "schedule was another one then, or its job or record was removed since."};
    }
    if (!plan.next_due) {
        Explanation answer = explain(plan, blackout);
        answer.terms.clear();
        answer.occurrences.clear();
        return answer;
    }
    if (const auto rule = blackout.rule_at(at)) {
        return {.verdict = name(NotRun::BlackedOut),
                .sentence = "It will not run: it is blacked out (" + *rule + ")."};
    }
    if (at > plan.now) {
        return to_come(timetable, plan, blackout, at);
    }
    return {.verdict = "pending",
            .sentence = "It is due since " + format_instant(at) +
                        "; the host decides about it at its next look."};
}

Explanation no_occurrence(const schedule::Timetable& timetable, const PlanFacts& plan, Instant at) {
    if (at < plan.begin) {
        return {.verdict = "not_an_occurrence",
                .sentence = "Nothing was planned for " + format_instant(at) +
                            ": the job begins at " + format_instant(plan.begin) + "."};
    }
    const auto next = timetable.next(at);
    return {.verdict = "not_an_occurrence",
            .sentence = "Its schedule has no occurrence at " + format_instant(at) +
                        (next ? "; the first one after it is at " + format_instant(*next) + "."
                              : ", and none after it.")};
}

}  // namespace

Explanation explain(const PlanFacts& plan, const Blackout& blackout) {
    const bool paused = plan.status == Status::Paused;
    const bool stopped = plan.status == Status::Stopped;
    Explanation answer{.verdict = "ready", .sentence = due_sentence(plan, blackout)};
    answer.terms = {
        term("accepted", base::Json(name(plan.status)), not_accepted(plan)),
        term("enabled", plan.enabled, plan.enabled ? "" : disabled_sentence()),
        term("not_paused", json_of(paused ? std::optional(plan.since) : std::nullopt),
             paused ? paused_sentence(plan.since) : ""),
        term("not_stopped", stopped ? base::Json(plan.reason) : base::Json(nullptr),
             stopped ? stopped_sentence(plan.since, plan.reason, plan.abandoned) : ""),
        term(
            "not_used_up",
            base::JsonObject{{"started", plan.point.ran}, {"max_count", plan.recurrence.max_count}},
            used_up(plan)),
        term("not_over", json_of(plan.recurrence.end_time), over(plan)),
        fires(plan),
        term("due", json_of(plan.next_due), not_due(plan, blackout)),
    };
    decide(answer, kDeciders);
    for (const ChildFacts& child : plan.children) {
        answer.occurrences.push_back(fate_of(child));
    }
    for (const Gap& gap : plan.gaps) {
        answer.occurrences.push_back(fate_of(gap));
    }
    std::ranges::stable_sort(answer.occurrences, std::ranges::greater(), &OccurrenceFate::first);
    return answer;
}

Explanation explain_occurrence(const PlanFacts& plan, const Blackout& blackout, Instant at) {
    if (!plan.children.empty() && plan.children.front().nominal == at) {
        const OccurrenceFate fate = fate_of(plan.children.front());
        return {.verdict = fate.verdict,
                .sentence = sentence_of(*fate.child),
                .terms = {},
                .occurrences = {fate}};
    }
    const auto timetable = timetable_of(plan.recurrence, plan.begin);
    if (!timetable) {
        return {.verdict = "unknown",
                .sentence = "Its schedule cannot be read: " + timetable.error().message + "."};
    }
    const bool fires = timetable->next(at - Duration{1}) == at;
    if (!plan.gaps.empty() && plan.gaps.front().first <= at && at <= plan.gaps.front().last &&
        (fires || at == plan.gaps.front().first || at == plan.gaps.front().last)) {
        const Gap& gap = plan.gaps.front();
        return {.verdict = name(gap.verdict),
                .sentence = sentence_of(gap),
                .terms = {},
                .occurrences = {fate_of(gap)}};
    }
    return fires ? not_dealt_with(*timetable, plan, blackout, at)
                 : no_occurrence(*timetable, plan, at);
}

}  // namespace jobhost::core
