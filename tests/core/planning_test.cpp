#include "core/planning.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNoon = support::ManualClock::kStart;  // 2026-03-01T12:00:00Z
constexpr Duration kGrace = 5s;

/// A job that fires every minute, and what the planner makes of it.
struct Planned {
    Recurrence recurrence{.cron = "* * * * *"};
    PlanPoint point{.last = kNoon};

    PlanStep at(Instant now) const {
        const auto timetable = timetable_of(recurrence, kNoon - 24h);
        EXPECT_TRUE(timetable);
        return plan(*timetable, recurrence, point, now, kGrace);
    }
};

Gap missed(std::string rule, Instant first, Instant last, int count) {
    return {NotRun::Missed, std::move(rule), first, last, count};
}

TEST(Planning, NothingIsDoneBeforeTheTimeHasCome) {
    const PlanStep step = Planned().at(kNoon + 59s);
    EXPECT_TRUE(step.firings.empty());
    EXPECT_TRUE(step.gaps.empty());
    EXPECT_EQ(step.last, kNoon);
    EXPECT_EQ(step.next, kNoon + 1min);
}

TEST(Planning, WhatIsDueFires) {
    const PlanStep step = Planned().at(kNoon + 1min);
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 1min}}));
    EXPECT_TRUE(step.gaps.empty());
    EXPECT_EQ(step.last, kNoon + 1min);
    EXPECT_EQ(step.next, kNoon + 2min);
}

TEST(Planning, SeveralThatAreOnTimeAllFire) {
    Planned job{.recurrence = {.cron = "* * * * * *"}};
    const PlanStep step = job.at(kNoon + 3500ms);
    ASSERT_EQ(step.firings.size(), 3U);
    EXPECT_FALSE(step.firings.front().is_late);
    EXPECT_EQ(step.next, kNoon + 4s);
}

TEST(Planning, OfMissedOnesTheLatestRuns) {
    const PlanStep step = Planned().at(kNoon + 10min + 30s);
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 10min, .is_late = true}}));
    EXPECT_EQ(step.gaps, (std::vector<Gap>{missed("misfire", kNoon + 1min, kNoon + 9min, 9)}));
    EXPECT_EQ(step.next, kNoon + 11min);
}

TEST(Planning, NoMissedOneRunsWhenAnotherIsOnTime) {
    const PlanStep step = Planned().at(kNoon + 10min + 1s);
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 10min}}));
    EXPECT_EQ(step.gaps, (std::vector<Gap>{missed("misfire", kNoon + 1min, kNoon + 9min, 9)}));
}

TEST(Planning, RunAllRunsTheLatestFew) {
    Planned job{
        .recurrence = {.cron = "* * * * *", .misfire = Misfire::RunAll, .misfire_limit = 3}};
    const PlanStep step = job.at(kNoon + 10min + 30s);
    ASSERT_EQ(step.firings.size(), 3U);
    EXPECT_EQ(step.firings.front(), (Firing{.nominal = kNoon + 8min, .is_late = true}));
    EXPECT_EQ(step.gaps,
              (std::vector<Gap>{missed("misfire_limit", kNoon + 1min, kNoon + 7min, 7)}));
}

TEST(Planning, SkipRunsNoneThatIsLate) {
    Planned job{.recurrence = {.cron = "* * * * *", .misfire = Misfire::Skip}};
    const PlanStep step = job.at(kNoon + 2min + 30s);
    EXPECT_TRUE(step.firings.empty());
    EXPECT_EQ(step.gaps, (std::vector<Gap>{missed("misfire", kNoon + 1min, kNoon + 2min, 2)}));
    EXPECT_EQ(step.last, kNoon + 2min);
}

TEST(Planning, WhatLiesBeforeTheCatchUpWindowNeverRuns) {
    Planned job{.recurrence = {.cron = "* * * * *", .misfire = Misfire::RunAll, .catch_up = 3min}};
    const PlanStep step = job.at(kNoon + 10min + 30s);
    ASSERT_EQ(step.firings.size(), 3U);
    EXPECT_EQ(step.gaps, (std::vector<Gap>{missed("catch_up", kNoon + 1min, kNoon + 7min, 7)}));
}

TEST(Planning, WhatWasDueWhileTheJobWasPausedDidNotRun) {
    Planned job{.recurrence = {.cron = "* * * * *", .misfire = Misfire::RunAll}};
    job.point.resumed_at = kNoon + 5min + 1s;
    const PlanStep step = job.at(kNoon + 7min);
    EXPECT_EQ(step.gaps,
              (std::vector<Gap>{{NotRun::Paused, "paused", kNoon + 1min, kNoon + 5min, 5}}));
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 6min, .is_late = true},
                                                 {.nominal = kNoon + 7min}}));
}

TEST(Planning, ALongAbsenceCostsNoMoreThanAShortOne) {
    Planned job{.recurrence = {.cron = "* * * * * *"}};
    const Instant now = kNoon + std::chrono::years(3);
    const auto began = std::chrono::steady_clock::now();
    const PlanStep step = job.at(now);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 500ms);
    ASSERT_FALSE(step.gaps.empty());
    EXPECT_FALSE(step.gaps.front().is_counted);
    EXPECT_EQ(step.gaps.front().first, kNoon + 1s);
    ASSERT_FALSE(step.firings.empty());
    EXPECT_EQ(step.firings.back().nominal, std::chrono::floor<std::chrono::seconds>(now));
    EXPECT_EQ(step.last, step.firings.back().nominal);
}

TEST(Planning, AfterALongAbsenceRunAllHasItsLatestFew) {
    // A burst of 3,600 each day: the search must not stop inside it.
    Planned job{
        .recurrence = {.cron = "* * 3 * * *", .misfire = Misfire::RunAll, .misfire_limit = 10}};
    const PlanStep step = job.at(kNoon + 72h);
    ASSERT_EQ(step.firings.size(), 10U);
    EXPECT_EQ(step.firings.back().nominal, kNoon + 64h - 1s);
    EXPECT_EQ(step.next, kNoon + 87h);
}

TEST(Planning, HoweverLongTheAbsenceWhatIsOnTimeRuns) {
    Planned job{.recurrence = {.cron = "* * * * * *"}};
    const PlanStep step = job.at(kNoon + 20min);
    ASSERT_EQ(step.firings.size(), 6U);
    EXPECT_EQ(step.firings.front(), (Firing{.nominal = kNoon + 20min - 5s}));
    EXPECT_EQ(step.gaps.back().last, kNoon + 20min - 6s);
}

TEST(Planning, ALongPauseIsOneRecord) {
    Planned job{.recurrence = {.cron = "* * * * * *"}};
    job.point.resumed_at = kNoon + 24h;
    const PlanStep step = job.at(kNoon + 24h + 1s);
    ASSERT_FALSE(step.gaps.empty());
    for (const Gap& gap : step.gaps) {
        EXPECT_EQ(gap.verdict, NotRun::Paused);
    }
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 24h + 1s}}));
}

TEST(Planning, NoMoreFiresThanMayRun) {
    Planned job{.recurrence = {.cron = "* * * * * *", .max_count = 10}};
    job.point.ran = 8;
    const PlanStep step = job.at(kNoon + 4s);
    ASSERT_EQ(step.firings.size(), 2U);
    EXPECT_EQ(step.last, kNoon + 2s);
    EXPECT_EQ(step.next, kNoon + 3s) << "the store knows whether both became children";
}

TEST(Planning, AfterTheEndNothingFollows) {
    Planned job{.recurrence = {.cron = "* * * * *", .end_time = kNoon + 2min}};
    const PlanStep step = job.at(kNoon + 2min + 1s);
    ASSERT_EQ(step.firings.size(), 1U);
    EXPECT_FALSE(step.next);
}

TEST(Planning, AClockThatWasSetBackIsFollowed) {
    Planned job;
    job.point.last = kNoon + 5h;
    const PlanStep step = job.at(kNoon + 30s);
    EXPECT_TRUE(step.went_back);
    EXPECT_EQ(step.last, kNoon + 30s);
    EXPECT_EQ(step.next, kNoon + 1min);
    EXPECT_TRUE(step.firings.empty());
}

TEST(Planning, AClockThatWasSetBackByALittleIsWaitedFor) {
    Planned job;
    job.point.last = kNoon + 1min;
    const PlanStep step = job.at(kNoon + 1min - 2s);
    EXPECT_FALSE(step.went_back);
    EXPECT_EQ(step.last, kNoon + 1min);
    EXPECT_EQ(step.next, kNoon + 2min);
}

TEST(Planning, StepsLeaveNoOccurrenceOutAndNoneTwice) {
    // However irregular the turns: each occurrence is in one firing or one record.
    Planned job{.recurrence = {.cron = "*/7 * * * * *", .misfire = Misfire::RunAll}};
    std::set<Instant> seen;
    int counted = 0;
    Instant now = kNoon;
    for (int turn = 0; turn < 200; ++turn) {
        now += std::chrono::milliseconds(turn * 977 % 60'000 + 1);
        const PlanStep step = job.at(now);
        for (const Firing& firing : step.firings) {
            EXPECT_TRUE(seen.insert(firing.nominal).second);
        }
        for (const Gap& gap : step.gaps) {
            counted += gap.count;
        }
        job.point.last = step.last;
    }
    int all = 0;
    const auto timetable = timetable_of(job.recurrence, kNoon - 24h);
    for (auto next = timetable->next(kNoon); *next <= now; next = timetable->next(*next)) {
        ++all;
    }
    EXPECT_EQ(static_cast<int>(seen.size()) + counted, all);
}

TEST(Planning, JitterIsSpreadAndStaysTheSame) {
    std::set<Duration> delays;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const Duration delay = jitter_of(10s, kNoon, seed);
        EXPECT_GE(delay, 0s);
        EXPECT_LT(delay, 10s);
        EXPECT_EQ(delay, jitter_of(10s, kNoon, seed));
        delays.insert(delay);
    }
    EXPECT_GT(delays.size(), 90U);
    EXPECT_EQ(jitter_of(0s, kNoon, 7), 0s);
}

TEST(Overlap, WithoutAnotherChildItStarts) {
    for (const auto overlap :
         {Overlap::Skip, Overlap::BufferOne, Overlap::CancelOther, Overlap::Allow}) {
        EXPECT_EQ(start_of({.overlap = overlap}, {.nominal = kNoon}, false, false), Start::Now);
    }
}

TEST(Overlap, EachPolicyHasItsWay) {
    const Firing firing{.nominal = kNoon};
    EXPECT_EQ(start_of({.overlap = Overlap::Skip}, firing, true, false), Start::NotAtAll);
    EXPECT_EQ(start_of({.overlap = Overlap::BufferOne}, firing, true, false), Start::AfterOthers);
    EXPECT_EQ(start_of({.overlap = Overlap::BufferOne}, firing, true, true), Start::NotAtAll);
    EXPECT_EQ(start_of({.overlap = Overlap::CancelOther}, firing, true, false),
              Start::AfterCancellingOthers);
    EXPECT_EQ(start_of({.overlap = Overlap::Allow}, firing, true, false), Start::Now);
}

TEST(Overlap, WhatIsMadeUpForRunsOneAfterTheOther) {
    const Firing late{.nominal = kNoon, .is_late = true};
    EXPECT_EQ(start_of({.misfire = Misfire::RunAll}, late, true, true), Start::AfterOthers);
    EXPECT_EQ(start_of({.misfire = Misfire::RunLatest}, late, true, false), Start::NotAtAll);
    EXPECT_EQ(start_of({.misfire = Misfire::RunAll, .overlap = Overlap::Allow}, late, true, false),
              Start::Now);
}

TEST(AfterChild, ASuccessForgetsTheFailures) {
    EXPECT_EQ(after_child(7, 10, {.to = Status::Completed}).failures, 0);
}

TEST(AfterChild, FailuresAddUpToTheLimit) {
    const Transition gave_up{.to = Status::Stopped, .tries = 3, .abandoned = true};
    EXPECT_EQ(after_child(4, 10, gave_up).failures, 7);
    EXPECT_FALSE(after_child(4, 10, gave_up).gives_up);
    EXPECT_TRUE(after_child(7, 10, gave_up).gives_up);
    EXPECT_FALSE(after_child(1'000'000, 0, gave_up).gives_up) << "0 is unlimited";
    EXPECT_TRUE(after_child(std::numeric_limits<int>::max(), 10, gave_up).gives_up);
}

TEST(AfterChild, WhatSomebodyStoppedIsNoFailure) {
    const AfterChild after =
        after_child(4, 5, {.to = Status::Stopped, .tries = 3, .reason = "cancelled"});
    EXPECT_EQ(after.failures, 4);
    EXPECT_FALSE(after.gives_up);
}

}  // namespace
}  // namespace jobhost::core
