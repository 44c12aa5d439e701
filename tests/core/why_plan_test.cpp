#include <algorithm>
#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "core/why.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Instant kNow = support::ManualClock::kStart;
constexpr Instant kBegin = kNow - 1h;

/// Every minute since an hour; the last occurrence was a minute ago, the next one is due.
PlanFacts due_plan() {
    PlanFacts plan{.now = kNow, .since = kBegin, .next_due = kNow, .begin = kBegin};
    plan.recurrence.interval = 1min;
    plan.point.last = kNow - 1min;
    return plan;
}

PlanFacts armed_plan() {
    PlanFacts plan = due_plan();
    plan.next_due = kNow + 1min;
    plan.point.last = kNow;
    return plan;
}

ChildFacts child_of(Instant nominal) { return {.id = JobId{}, .nominal = nominal, .attempts = 1}; }

std::vector<std::string_view> failing(const Explanation& answer) {
    std::vector<std::string_view> names;
    for (const Term& term : answer.terms) {
        if (!term.pass) {
            names.push_back(term.name);
        }
    }
    return names;
}

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

std::string verdict_at(const PlanFacts& plan, Instant at) {
    return std::string(explain_occurrence(plan, {}, at).verdict);
}

std::string sentence_at(const PlanFacts& plan, Instant at) {
    return explain_occurrence(plan, {}, at).sentence;
}

TEST(WhyOccurrence, ItRanAsAJob) {
    PlanFacts plan = armed_plan();
    plan.children = {child_of(kNow)};
    plan.children[0].status = Status::Stopped;
    plan.children[0].reason = "cancelled";
    const Explanation answer = explain_occurrence(plan, {}, kNow);
    EXPECT_EQ(answer.verdict, "ran");
    EXPECT_EQ(answer.sentence,
              "It ran as job 00000000-0000-0000-0000-000000000000, which is stopped, reason "
              "cancelled.");
    ASSERT_EQ(answer.occurrences.size(), 1u);
    EXPECT_TRUE(answer.occurrences[0].child);
}

TEST(WhyOccurrence, ItsJobHasNotBegun) {
    PlanFacts plan = armed_plan();
    plan.children = {child_of(kNow)};
    plan.children[0].attempts = 0;
    EXPECT_EQ(verdict_at(plan, kNow), "fired");
    EXPECT_THAT(sentence_at(plan, kNow), HasSubstr("has not begun and is queuing"));
    plan.children[0].gated = true;
    EXPECT_EQ(verdict_at(plan, kNow), "buffered");
    EXPECT_THAT(sentence_at(plan, kNow), HasSubstr("waits until others"));
}

TEST(WhyOccurrence, ItDidNotRunByARule) {
    for (const NotRun verdict :
         {NotRun::Missed, NotRun::Overlapped, NotRun::Paused, NotRun::BlackedOut}) {
        PlanFacts plan = armed_plan();
        plan.gaps = {{.verdict = verdict,
                      .rule = "the_rule",
                      .first = kNow - 5min,
                      .last = kNow - 1min,
                      .count = 5}};
        for (const Instant at : {kNow - 5min, kNow - 3min, kNow - 1min}) {
            EXPECT_EQ(verdict_at(plan, at), name(verdict));
        }
        EXPECT_EQ(explain_occurrence(plan, {}, kNow - 3min).occurrences.at(0).rule, "the_rule");
        EXPECT_NE(verdict_at(plan, kNow), name(verdict)) << "after the record";
        EXPECT_NE(verdict_at(plan, kNow - 3min - 1s), name(verdict)) << "no occurrence";
    }
}

TEST(WhyOccurrence, TheSentenceNamesTheRule) {
    PlanFacts plan = armed_plan();
    plan.gaps = {{.verdict = NotRun::Missed, .rule = "catch_up", .first = kNow, .last = kNow}};
    EXPECT_EQ(sentence_at(plan, kNow),
              "It was missed: no host planned it in time, and by the setting catch_up it did not "
              "run late.");
    plan.gaps[0].verdict = NotRun::Overlapped;
    plan.gaps[0].rule = "overlap";
    EXPECT_EQ(sentence_at(plan, kNow),
              "It did not run: an earlier one was not over, and the setting overlap left it out.");
    plan.gaps[0].verdict = NotRun::Paused;
    EXPECT_EQ(sentence_at(plan, kNow), "It did not run: the job was paused, disabled or stopped.");
    plan.gaps[0].verdict = NotRun::BlackedOut;
    plan.gaps[0].rule = "calendar holidays";
    EXPECT_EQ(sentence_at(plan, kNow), "It did not run: it is blacked out (calendar holidays).");
}

TEST(WhyOccurrence, ARecordOfAnOlderScheduleStillCounts) {
    PlanFacts plan = armed_plan();
    const Instant odd = kNow - 30s;
    plan.gaps = {{.verdict = NotRun::Missed, .rule = "misfire", .first = odd, .last = odd}};
    EXPECT_EQ(verdict_at(plan, odd), "missed");
}

TEST(WhyOccurrence, TheScheduleHasNoneAtThatInstant) {
    const PlanFacts plan = armed_plan();
    EXPECT_EQ(verdict_at(plan, kNow + 1s), "not_an_occurrence");
    EXPECT_EQ(sentence_at(plan, kNow + 1s),
              "Its schedule has no occurrence at 2026-03-01T12:00:01.000Z; the first one after it "
              "is at 2026-03-01T12:01:00.000Z.");
    EXPECT_EQ(verdict_at(plan, kBegin - 1min), "not_an_occurrence") << "before it began";
}

TEST(WhyOccurrence, AfterTheEndTimeThereIsNone) {
    PlanFacts plan = armed_plan();
    plan.recurrence.end_time = kNow + 1min;
    EXPECT_EQ(sentence_at(plan, kNow + 2min),
              "Its schedule has no occurrence at 2026-03-01T12:02:00.000Z, and none after it.");
}

TEST(WhyOccurrence, ItIsToCome) {
    EXPECT_EQ(verdict_at(armed_plan(), kNow + 2min), "not_due_yet");
    EXPECT_EQ(sentence_at(armed_plan(), kNow + 2min),
              "It is to come, at 2026-03-01T12:02:00.000Z.");
}

TEST(WhyOccurrence, ItIsDueAndNotDecidedYet) { EXPECT_EQ(verdict_at(due_plan(), kNow), "pending"); }

TEST(WhyOccurrence, TheJobIsNotArmed) {
    PlanFacts plan = armed_plan();
    plan.next_due.reset();
    plan.status = Status::Paused;
    EXPECT_EQ(verdict_at(plan, kNow + 1min), "held");
    EXPECT_THAT(sentence_at(plan, kNow + 1min), HasSubstr("paused"));
    plan.status = Status::Stopped;
    EXPECT_EQ(verdict_at(plan, kNow + 1min), "ended");
    EXPECT_THAT(explain_occurrence(plan, {}, kNow + 1min).terms, IsEmpty());
}

/// Nothing runs on Mondays; the first of March 2026 is a Sunday.
struct NoMondays {
    Calendars calendars{
        {*schedule::Calendar::from({.name = "mondays", .weekdays = {std::chrono::Monday}},
                                   *schedule::TimeZone::load("UTC"))}};
    std::vector<std::string> names{"mondays"};
    Blackout blackout{calendars, names};
};

TEST(WhyOccurrence, WhatACalendarExcludesWillNotRun) {
    const NoMondays no_mondays;
    const PlanFacts plan = armed_plan();
    const Explanation monday = explain_occurrence(plan, no_mondays.blackout, kNow + 12h);
    EXPECT_EQ(monday.verdict, "blacked_out");
    EXPECT_EQ(monday.sentence, "It will not run: it is blacked out (calendar mondays).");
    EXPECT_EQ(explain_occurrence(plan, no_mondays.blackout, kNow + 12h - 1min).verdict,
              "not_due_yet");
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

/// One of three was started, the next one comes in a minute.
PlanFacts counted_plan() {
    PlanFacts plan = armed_plan();
    plan.recurrence.max_count = 3;
    plan.point.ran = 1;
    return plan;
}

TEST(WhyOccurrence, BeyondTheLargestCountItWillNotRun) {
    const PlanFacts plan = counted_plan();
    EXPECT_EQ(verdict_at(plan, kNow + 1min), "not_due_yet");
    EXPECT_EQ(verdict_at(plan, kNow + 2min), "not_due_yet") << "the last one";
    EXPECT_EQ(verdict_at(plan, kNow + 3min), "beyond_max_count");
    EXPECT_EQ(
        sentence_at(plan, kNow + 3min),
        "Its recurring job may have 3 occurrences: 1 so far, and all the others come before this "
        "one. It runs only if one of those does not.");
}

TEST(WhyOccurrence, WhatIsExcludedDoesNotCount) {
    const NoMondays no_mondays;
    PlanFacts plan = counted_plan();
    plan.next_due = kNow + 12h - 1min;
    const auto verdict = [&](Instant at) {
        return explain_occurrence(plan, no_mondays.blackout, at).verdict;
    };
    EXPECT_EQ(verdict(kNow + 12h + 1min), "blacked_out");
    plan.recurrence.interval = 1h;
    plan.next_due = kNow + 11h;
    EXPECT_EQ(verdict(kNow + 36h), "not_due_yet") << "the first one on Tuesday";
    EXPECT_EQ(verdict(kNow + 37h), "beyond_max_count");
}

TEST(WhyOccurrence, WhenTooManyComeBeforeItTheCountIsLeftOpen) {
    PlanFacts plan = counted_plan();
    plan.recurrence.max_count = 5'000;
    EXPECT_EQ(verdict_at(plan, kNow + 1001min), "not_due_yet");
    EXPECT_EQ(sentence_at(plan, kNow + 1001min), "It is to come, at 2026-03-02T04:41:00.000Z.");
    EXPECT_EQ(sentence_at(plan, kNow + 1002min),
              "It is to come, at 2026-03-02T04:42:00.000Z, unless the 5000 occurrences that may be "
              "started are used up by then.");
}

TEST(WhyOccurrence, NothingIsKnownOfItAnyMore) {
    EXPECT_EQ(verdict_at(armed_plan(), kNow - 10min), "no_record");
}

TEST(WhyOccurrence, AZoneThatIsGoneIsSaid) {
    PlanFacts plan = armed_plan();
    plan.recurrence.time_zone = "Mars/Olympus";
    EXPECT_EQ(verdict_at(plan, kNow), "unknown");
    EXPECT_THAT(sentence_at(plan, kNow), HasSubstr("Mars/Olympus"));
}

}  // namespace
}  // namespace jobhost::core
