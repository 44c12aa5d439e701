#include <string>

#include <gmock/gmock.h>

#include "core/why.hpp"
#include "core/why_facts.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

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
    EXPECT_EQ(verdict_at(plan, kBegin - 1min), "not_an_occurrence");
    EXPECT_THAT(sentence_at(plan, kBegin - 1min), ::testing::HasSubstr("the job begins at"));
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

TEST(WhyOccurrence, WhatACalendarExcludesWillNotRun) {
    const NoMondays no_mondays;
    const PlanFacts plan = armed_plan();
    const Explanation monday = explain_occurrence(plan, no_mondays.blackout, kNow + 12h);
    EXPECT_EQ(monday.verdict, "blacked_out");
    EXPECT_EQ(monday.sentence, "It will not run: it is blacked out (calendar mondays).");
    EXPECT_EQ(explain_occurrence(plan, no_mondays.blackout, kNow + 12h - 1min).verdict,
              "not_due_yet");
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
