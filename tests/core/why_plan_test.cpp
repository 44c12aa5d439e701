#include <algorithm>
#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "core/why.hpp"
#include "core/why_facts.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
    std::string what;
    std::function<void(PlanFacts&)> put;
    std::vector<std::string_view> failing;
    std::string_view verdict;
    std::string sentence;
};

std::vector<Case> disarmed() {
    return {
        {"Armed",
         [](PlanFacts&) {},
         {"due"},
         "armed",
         "It waits for its next occurrence, at 2026-03-01T12:01:00.000Z."},
        {"Paused",
         [](PlanFacts& plan) {
             plan.status = Status::Paused;
             plan.next_due.reset();
         },
         {"accepted", "not_paused", "due"},
         "held",
         "It is paused since 2026-03-01T11:00:00.000Z: it waits until it is resumed."},
        {"Stopped",
         [](PlanFacts& plan) {
             plan.status = Status::Stopped;
             plan.reason = "max_tries";
             plan.abandoned = true;
             plan.next_due.reset();
         },
         {"accepted", "not_stopped", "due"},
         "ended",
         "It has given up, stopped since 2026-03-01T11:00:00.000Z, reason max_tries: nothing more "
         "happens "
         "until it is resumed."},
        {"Disabled",
         [](PlanFacts& plan) {
             plan.enabled = false;
             plan.next_due.reset();
         },
         {"enabled", "due"},
         "held",
         "It is disabled: it never runs until it is enabled."},
        {"Completed",
         [](PlanFacts& plan) {
             plan.status = Status::Completed;
             plan.recurrence.max_count = 3;
             plan.point.ran = 3;
             plan.next_due.reset();
         },
         {"accepted", "not_used_up", "due"},
         "ended",
         "It is completed since 2026-03-01T11:00:00.000Z."},
    };
}

std::vector<Case> exhausted() {
    return {
        {"UsedUp",
         [](PlanFacts& plan) {
             plan.recurrence.max_count = 3;
             plan.point.ran = 3;
             plan.next_due.reset();
         },
         {"not_used_up", "due"},
         "waits",
         "Nothing is left to come: all 3 occurrences that it may have were started."},
        {"Over",
         [](PlanFacts& plan) {
             plan.recurrence.end_time = kNow - 1s;
             plan.next_due.reset();
         },
         {"not_over", "fires", "due"},
         "waits",
         "Nothing is left to come: its end time, 2026-03-01T11:59:59.000Z, has passed."},
        {"NoneBeforeTheEnd",
         [](PlanFacts& plan) {
             plan.recurrence.end_time = kNow + 1s;
             plan.next_due.reset();
         },
         {"fires", "due"},
         "waits",
         "Nothing is left to come: its schedule has no further occurrence."},
        {"ZoneIsGone",
         [](PlanFacts& plan) {
             plan.recurrence.time_zone = "Mars/Olympus";
             plan.next_due.reset();
         },
         {"fires", "due"},
         "waits",
         ""},
    };
}

void expect_told(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        PlanFacts plan = armed_plan();
        one.put(plan);
        const Explanation answer = explain(plan, {});
        EXPECT_EQ(answer.verdict, one.verdict) << one.what;
        EXPECT_EQ(failing(answer), one.failing) << one.what;
        EXPECT_EQ(answer.terms.size(), 8u) << one.what;
        if (!one.sentence.empty()) {
            EXPECT_EQ(answer.sentence, one.sentence) << one.what;
        } else {
            EXPECT_THAT(answer.sentence, HasSubstr("Mars/Olympus")) << one.what;
        }
    }
}

TEST(WhyPlan, WhetherItIsArmedAndWhyNot) { expect_told(disarmed()); }
TEST(WhyPlan, NothingIsLeftToCome) { expect_told(exhausted()); }

TEST(WhyPlan, WhatIsDueIsReady) {
    const Explanation answer = explain(due_plan(), {});
    EXPECT_EQ(answer.verdict, "ready");
    EXPECT_THAT(failing(answer), IsEmpty());
}

TEST(WhyPlan, TheFateOfTheLastOccurrencesIsListedNewestFirst) {
    PlanFacts plan = armed_plan();
    ChildFacts waits = child_of(kNow);
    waits.gated = true;
    waits.attempts = 0;
    ChildFacts fired = child_of(kNow - 3min);
    fired.attempts = 0;
    plan.children = {waits, child_of(kNow - 1min), fired};
    plan.gaps = {{.verdict = NotRun::Overlapped,
                  .rule = "overlap",
                  .first = kNow - 2min,
                  .last = kNow - 2min},
                 {.verdict = NotRun::Missed,
                  .rule = "misfire",
                  .first = kNow - 9min,
                  .last = kNow - 4min,
                  .count = 6}};

    const Explanation answer = explain(plan, {});

    std::vector<std::string_view> verdicts;
    for (const OccurrenceFate& fate : answer.occurrences) {
        verdicts.push_back(fate.verdict);
    }
    EXPECT_THAT(verdicts, ElementsAre("buffered", "ran", "overlapped", "fired", "missed"));
    EXPECT_EQ(answer.occurrences[2].rule, "overlap");
    EXPECT_EQ(answer.occurrences[4].count, 6);
    EXPECT_EQ(answer.occurrences[4].last, kNow - 4min);
}

TEST(WhyPlan, TheNextOccurrenceIsOneThatNoCalendarExcludes) {
    const NoMondays no_mondays;
    PlanFacts plan = armed_plan();
    EXPECT_EQ(explain(plan, no_mondays.blackout).sentence, explain(plan, {}).sentence);
    plan.next_due = kNow + 12h;
    EXPECT_EQ(explain(plan, no_mondays.blackout).sentence,
              "It waits for its next occurrence that may run, at 2026-03-03T00:00:00.000Z: that at "
              "2026-03-02T00:00:00.000Z is blacked out (calendar mondays).");
    const std::vector<std::string> unknown{"holidays"};
    EXPECT_EQ(explain(plan, Blackout(no_mondays.calendars, unknown)).sentence,
              "It waits for an occurrence that may run, and there is none within a year: that at "
              "2026-03-02T00:00:00.000Z is blacked out (calendar holidays is not in the config).");
}

TEST(WhyPlan, WhatIsDueAndExcludedIsToldSo) {
    const NoMondays no_mondays;
    PlanFacts plan = due_plan();
    EXPECT_EQ(explain(plan, no_mondays.blackout).sentence, explain(plan, {}).sentence);
    plan.now = kNow + 12h;
    plan.next_due = plan.now;
    const Explanation monday = explain(plan, no_mondays.blackout);
    EXPECT_EQ(monday.verdict, "ready");
    EXPECT_EQ(monday.sentence,
              "The occurrence at 2026-03-02T00:00:00.000Z is due and is blacked out (calendar "
              "mondays): the host records that at its next look.");
}

}  // namespace
}  // namespace jobhost::core
