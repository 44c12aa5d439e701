#include "upkeep/planner.hpp"

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "support/fake_plans.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::upkeep {
namespace {

using namespace std::chrono_literals;

class PlannerTest : public testing::Test {
protected:
    store::DuePlan every_minute() {
        return {.id = core::JobId::make(clock_.now()),
                .recurrence = {.interval = 1min},
                .begin = clock_.now() - 1h,
                .point = {.last = clock_.now() - 1min}};
    }

    base::Duration nap() {
        return std::chrono::floor<base::Duration>(planner_.step() - clock_.steady());
    }

    std::uint64_t counted(const std::string& name, const base::Labels& labels = {}) {
        return metrics_.counter(name, "", labels).value();
    }

    support::ManualClock clock_;
    support::FakePlans plans_;
    base::Metrics metrics_;
    const core::Calendars calendars_{
        std::vector{*schedule::Calendar::from({.name = "never", .windows = {{0h, 24h}}},
                                              *schedule::TimeZone::load("UTC"))}};
    Planner planner_{{.grace = 7s}, plans_, calendars_, metrics_, clock_};
};

TEST_F(PlannerTest, SleepsUntilTheNextOccurrence) {
    plans_.next.next_due = clock_.now() + 1234ms;
    EXPECT_EQ(nap(), 1234ms);
}

TEST_F(PlannerTest, LooksNowAndThenThoughNothingIsDue) {
    EXPECT_EQ(nap(), 5s);
    plans_.next.next_due = clock_.now() + 1h;
    EXPECT_EQ(nap(), 5s);
}

TEST_F(PlannerTest, WhatIsDueIsPlanned) {
    plans_.next.plans = {every_minute()};
    const store::DuePlan plan = plans_.next.plans.front();

    planner_.step();

    ASSERT_EQ(plans_.advances.size(), 1U);
    const store::Advance& advance = plans_.advances.front();
    EXPECT_EQ(advance.id, plan.id);
    EXPECT_EQ(advance.from, plan.point.last);
    EXPECT_EQ(advance.step.firings, (std::vector<core::Firing>{{.nominal = clock_.now()}}));
    EXPECT_EQ(counted("jobhost_occurrences_planned_total"), 1U);
}

TEST_F(PlannerTest, WhatWasJustPlannedMayBeDueFirst) {
    plans_.next.plans = {every_minute()};
    plans_.next.plans.front().recurrence.interval = 2s;
    EXPECT_EQ(nap(), 2s);
}

TEST_F(PlannerTest, AFullPageIsFollowedByTheNextAtOnce) {
    for (int i = 0; i < 501; ++i) {
        plans_.next.plans.push_back(every_minute());
    }
    EXPECT_EQ(nap(), 0s);
    EXPECT_EQ(plans_.advances.size(), 500U);
    EXPECT_GT(nap(), 0s);
    EXPECT_EQ(plans_.advances.size(), 501U);
}

TEST_F(PlannerTest, ABadScheduleStopsNoOther) {
    plans_.next.plans = {every_minute(), every_minute()};
    plans_.next.plans.front().recurrence.time_zone = "Mars/Base";

    planner_.step();

    ASSERT_EQ(plans_.advances.size(), 2U);
    const core::PlanStep& put_off = plans_.advances.front().step;
    EXPECT_TRUE(put_off.firings.empty());
    EXPECT_EQ(put_off.last, plans_.advances.front().from) << "nothing is given up";
    EXPECT_EQ(put_off.next, clock_.now() + 1min);
    EXPECT_EQ(plans_.advances.back().step.firings.size(), 1U);
}

TEST_F(PlannerTest, MissedOnesAreCounted) {
    plans_.next.plans = {every_minute()};
    plans_.next.plans.front().point.last = clock_.now() - 10min;

    planner_.step();

    EXPECT_EQ(counted("jobhost_occurrences_not_run_total", {{"reason", "missed"}}), 9U);
}

TEST_F(PlannerTest, WhatACalendarExcludesIsRecordedAndCounted) {
    plans_.next.plans = {every_minute()};
    plans_.next.plans.front().recurrence.calendars = {"never"};

    planner_.step();

    ASSERT_EQ(plans_.advances.size(), 1U);
    const core::PlanStep& step = plans_.advances.front().step;
    EXPECT_TRUE(step.firings.empty());
    ASSERT_EQ(step.gaps.size(), 1U);
    EXPECT_EQ(step.gaps.front().rule, "calendar never");
    EXPECT_EQ(counted("jobhost_occurrences_not_run_total", {{"reason", "blacked_out"}}), 1U);
    EXPECT_EQ(counted("jobhost_occurrences_not_run_total", {{"reason", "missed"}}), 0U);
}

TEST_F(PlannerTest, AJobWhoseCalendarIsGoneDoesNotRunAndThatIsToldOnce) {
    const support::TempDir folder;
    ASSERT_TRUE(base::start_log({.target = "file:" + (folder / "log").string()}));
    for (int turn = 0; turn < 2; ++turn) {
        plans_.next.plans = {every_minute()};
        plans_.next.plans.front().recurrence.calendars = {"gone"};
        planner_.step();
    }
    ASSERT_EQ(plans_.advances.size(), 2U);
    const core::PlanStep& step = plans_.advances.back().step;
    EXPECT_TRUE(step.firings.empty());
    EXPECT_EQ(step.gaps.front().verdict, core::NotRun::BlackedOut);
    EXPECT_EQ(step.gaps.front().rule, "calendar gone is not in the config");
    base::flush_log();
    const std::string log = support::read_file(folder / "log");
    EXPECT_NE(log.find("calendar=gone"), std::string::npos) << log;
    EXPECT_EQ(log.find("calendar=gone"), log.rfind("calendar=gone")) << log;
    ASSERT_TRUE(base::start_log({.level = base::LogLevel::Warn}));
}

TEST_F(PlannerTest, WhatIsLateByLessThanTheGraceIsOnTime) {
    const auto firings = [this](base::Duration late) {
        plans_.next.plans = {every_minute()};
        plans_.next.plans.front().recurrence.misfire = core::Misfire::Skip;
        clock_.advance(late);
        planner_.step();
        return plans_.advances.back().step.firings.size();
    };
    EXPECT_EQ(firings(7s), 1U);
    EXPECT_EQ(firings(7001ms), 0U);
}

TEST_F(PlannerTest, ADecisionThatWasOvertakenIsNotCounted) {
    plans_.next.plans = {every_minute()};
    plans_.applies = false;
    planner_.step();
    EXPECT_EQ(counted("jobhost_occurrences_planned_total"), 0U);
}

TEST_F(PlannerTest, OccurrencesAreDelayedWithinTheJitter) {
    plans_.next.plans = {every_minute()};
    plans_.next.plans.front().recurrence.jitter = 30s;
    planner_.step();
    const base::Duration delay = plans_.advances.front().step.firings.front().delay;
    EXPECT_GE(delay, 0s);
    EXPECT_LT(delay, 30s);
}

TEST_F(PlannerTest, AStoreThatDoesNotAnswerIsAskedAgainInASecond) {
    planner_.step();
    plans_.failure = base::Error{base::ErrorKind::Unavailable, "gone", "the disk is gone"};
    EXPECT_EQ(nap(), 1s);
    plans_.failure.reset();
    plans_.next.plans = {every_minute()};
    plans_.advance_failure = base::Error{base::ErrorKind::Timeout, "late", "too late"};
    EXPECT_EQ(nap(), 1s);
    EXPECT_EQ(counted("jobhost_occurrences_planned_total"), 0U);
}

TEST_F(PlannerTest, WhatWasPlannedBeyondTheClockIsLookedForAtTheStart) {
    planner_.step();
    EXPECT_EQ(plans_.rewinds, (std::vector<core::Instant>{clock_.now()}));
    clock_.advance(1s);
    planner_.step();
    EXPECT_EQ(plans_.rewinds.size(), 1U);
}

TEST_F(PlannerTest, AClockThatIsSetBackIsNoticed) {
    planner_.step();
    clock_.advance(5s);
    clock_.set(clock_.now() - 3h);
    planner_.step();
    EXPECT_EQ(plans_.rewinds.size(), 2U);
    EXPECT_EQ(plans_.rewinds.back(), clock_.now());
}

TEST_F(PlannerTest, ARewindThatFailedIsTriedAgain) {
    plans_.failure = base::Error{base::ErrorKind::Unavailable, "gone", "the disk is gone"};
    planner_.step();
    plans_.failure.reset();
    clock_.advance(1s);
    planner_.step();
    EXPECT_EQ(plans_.rewinds.size(), 2U);
    EXPECT_EQ(plans_.asked.size(), 1U);
}

TEST_F(PlannerTest, AClockThatIsSetForwardIsFollowed) {
    planner_.step();
    clock_.set(clock_.now() + 3h);
    plans_.next.plans = {every_minute()};
    EXPECT_GT(nap(), 0s);
    EXPECT_EQ(plans_.advances.size(), 1U);
    EXPECT_EQ(plans_.rewinds.size(), 1U);
}

}  // namespace
}  // namespace jobhost::upkeep
