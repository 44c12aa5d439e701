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
    Calendars calendars = {};

    PlanStep at(Instant now) const {
        const auto timetable = timetable_of(recurrence, kNoon - 24h);
        EXPECT_TRUE(timetable);
        return plan(*timetable, recurrence, Blackout(calendars, recurrence.calendars), point, now,
                    kGrace);
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

TEST(Planning, ALittleMoreThanIsLookedAtIsNoLessThanTheLatestFew) {
    Planned job{
        .recurrence = {.cron = "* * * * *", .misfire = Misfire::RunAll, .misfire_limit = 100}};
    const PlanStep step = job.at(kNoon + 1010min + 30s);
    EXPECT_EQ(step.firings.size(), 100U);
    EXPECT_EQ(step.firings.back().nominal, kNoon + 1010min);
    EXPECT_EQ(step.gaps.front().first, kNoon + 1min);

    job.recurrence.misfire_limit = 1'000;
    job.recurrence.cron = "* * * * * *";
    const PlanStep all = job.at(kNoon + 1005s);
    EXPECT_EQ(all.firings.size(), 1005U);
    EXPECT_TRUE(all.gaps.empty());
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

/// `kNoon` is a Sunday; the windows are of UTC.
Calendars excluding(std::vector<schedule::DailyWindow> windows,
                    std::vector<std::chrono::weekday> weekdays = {}) {
    return Calendars({*schedule::Calendar::from(
        {.name = "lunch", .weekdays = std::move(weekdays), .windows = std::move(windows)},
        *schedule::TimeZone::load("UTC"))});
}

Gap blacked_out(Instant first, Instant last, int count) {
    return {NotRun::BlackedOut, "calendar lunch", first, last, count};
}

TEST(Planning, WhatACalendarExcludesDoesNotRun) {
    Planned job{.recurrence = {.cron = "* * * * *", .calendars = {"lunch"}},
                .calendars = excluding({{12h, 12h + 3min}})};
    const PlanStep step = job.at(kNoon + 3min);
    EXPECT_EQ(step.gaps, (std::vector<Gap>{blacked_out(kNoon + 1min, kNoon + 2min, 2)}));
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 3min}}));
    EXPECT_EQ(step.next, kNoon + 4min);
}

TEST(Planning, WhatIsExcludedIsDealtWithWhenItsTimeHasCome) {
    Planned job{.recurrence = {.cron = "* * * * *", .calendars = {"lunch"}},
                .calendars = excluding({{12h, 14h}})};
    const PlanStep step = job.at(kNoon + 1min);
    EXPECT_TRUE(step.firings.empty());
    EXPECT_EQ(step.last, kNoon + 1min);
    EXPECT_EQ(step.next, kNoon + 2min);
}

TEST(Planning, OfMissedOnesTheLatestThatIsNotExcludedRuns) {
    Planned job{.recurrence = {.cron = "* * * * *", .calendars = {"lunch"}},
                .calendars = excluding({{12h + 3min, 13h}})};
    const PlanStep step = job.at(kNoon + 5min + 30s);
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 2min, .is_late = true}}));
    EXPECT_EQ(step.gaps, (std::vector<Gap>{missed("misfire", kNoon + 1min, kNoon + 1min, 1),
                                           blacked_out(kNoon + 3min, kNoon + 5min, 3)}));
}

TEST(Planning, AfterALongAbsenceWhatIsExcludedIsLookedThrough) {
    // Every second, but not from noon to six on: what is to be made up for lies hours back.
    Planned job{.recurrence = {.cron = "* * * * * *",
                               .misfire = Misfire::RunAll,
                               .misfire_limit = 3,
                               .calendars = {"lunch"}},
                .calendars = excluding({{12h, 18h}})};
    const PlanStep step = job.at(kNoon + 29h);
    ASSERT_EQ(step.firings.size(), 3U);
    EXPECT_EQ(step.firings.back(), (Firing{.nominal = kNoon + 24h - 1s, .is_late = true}));
    const Gap& unseen = step.gaps.front();
    EXPECT_EQ(unseen.verdict, NotRun::Missed);
    EXPECT_EQ(unseen.first, kNoon + 1s);
    const Gap& excluded = step.gaps.back();
    EXPECT_EQ(excluded.verdict, NotRun::BlackedOut);
    EXPECT_EQ(excluded.first, kNoon + 24h);
    EXPECT_EQ(excluded.last, kNoon + 29h);
    EXPECT_FALSE(excluded.is_counted);
    EXPECT_EQ(step.next, kNoon + 29h + 1s);
}

TEST(Planning, WhatExcludesEverythingCostsNoMoreThanAnythingElse) {
    Planned job{.recurrence = {.cron = "* * * * * *", .calendars = {"lunch"}},
                .calendars = excluding({{0h, 12h}, {12h, 24h}})};
    const Instant now = kNoon + std::chrono::years(10);
    const PlanStep step = job.at(now);
    EXPECT_TRUE(step.firings.empty());
    ASSERT_EQ(step.gaps.size(), 1U);
    EXPECT_EQ(step.gaps.front().verdict, NotRun::BlackedOut);
    EXPECT_EQ(step.gaps.front().first, kNoon + 1s);
    EXPECT_EQ(step.last, now);
}

TEST(Planning, TooMuchThatIsExcludedIsGivenUpOn) {
    // The window lets two hours through each day, in which it never fires.
    Planned job{.recurrence = {.cron = "30 12 * * *", .calendars = {"lunch"}},
                .calendars = excluding({{12h, 10h}})};
    const Instant now = kNoon + std::chrono::years(10);
    const PlanStep step = job.at(now);
    EXPECT_TRUE(step.firings.empty());
    ASSERT_EQ(step.gaps.size(), 1U);
    EXPECT_EQ(step.gaps.front().verdict, NotRun::BlackedOut);
    EXPECT_FALSE(step.gaps.front().is_counted);
    EXPECT_EQ(step.gaps.front().last, now);
}

TEST(Planning, WhoGivesUpFindsTheLatestAllTheSame) {
    // Half past twelve was 03:30 UTC for decades, and 04:00 UTC from 2015-08-15 on.
    const Recurrence recurrence{
        .cron = "30 12 * * *", .time_zone = "Asia/Pyongyang", .calendars = {"lunch"}};
    const Calendars calendars = excluding({{3h, 4h}});
    const auto at = [](std::string_view text) { return *base::parse_instant(text); };
    const Instant begin = at("2008-01-01T00:00:00Z");
    const PlanStep step = plan(*timetable_of(recurrence, begin), recurrence,
                               Blackout(calendars, recurrence.calendars), {.last = begin},
                               at("2015-08-19T12:00:00Z"), kGrace);
    ASSERT_FALSE(step.firings.empty());
    EXPECT_EQ(step.firings.back(),
              (Firing{.nominal = at("2015-08-19T04:00:00Z"), .is_late = true}));
    EXPECT_EQ(step.gaps.front().first, at("2008-01-01T03:30:00Z"));
    EXPECT_FALSE(step.gaps.front().is_counted);
}

TEST(Planning, ACalendarThatNobodyKnowsLetsNothingRun) {
    Planned job{.recurrence = {.cron = "* * * * *", .calendars = {"gone"}}};
    const PlanStep step = job.at(kNoon + 2min);
    EXPECT_TRUE(step.firings.empty());
    EXPECT_EQ(step.gaps,
              (std::vector<Gap>{{NotRun::BlackedOut, "calendar gone is not in the config",
                                 kNoon + 1min, kNoon + 2min, 2}}));
}

TEST(Planning, WhatIsExcludedDoesNotCountAsRun) {
    Planned job{.recurrence = {.cron = "* * * * *", .max_count = 1, .calendars = {"lunch"}},
                .calendars = excluding({{12h, 12h + 2min}})};
    const PlanStep step = job.at(kNoon + 4min + 30s);
    EXPECT_EQ(step.firings, (std::vector<Firing>{{.nominal = kNoon + 4min, .is_late = true}}));
    EXPECT_EQ(step.gaps, (std::vector<Gap>{blacked_out(kNoon + 1min, kNoon + 1min, 1),
                                           missed("misfire", kNoon + 2min, kNoon + 3min, 2)}));
}

TEST(Planning, WithCalendarsStepsLeaveNoOccurrenceOutAndNoneTwice) {
    Planned job{
        .recurrence = {.cron = "*/7 * * * * *", .misfire = Misfire::RunAll, .calendars = {"lunch"}},
        .calendars = excluding({{12h + 5min, 12h + 11min}, {12h + 30min, 12h + 31min}})};
    std::set<Instant> seen;
    int counted = 0;
    Instant now = kNoon;
    for (int turn = 0; turn < 100; ++turn) {
        now += std::chrono::milliseconds(turn * 977 % 60'000 + 1);
        const PlanStep step = job.at(now);
        for (const Firing& firing : step.firings) {
            EXPECT_TRUE(seen.insert(firing.nominal).second);
            EXPECT_FALSE(job.calendars.find("lunch")->excludes(firing.nominal));
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

TEST(Planning, TheNextThatMayRunIsLookedForAYearAhead) {
    Recurrence recurrence{.cron = "0 3 * * *", .calendars = {"lunch"}};
    const auto next_with = [&](const Calendars& calendars) {
        int steps = kMostSteps;
        return next_run(recurrence, Blackout(calendars, recurrence.calendars), kNoon, kNoon + 15h,
                        steps);
    };
    EXPECT_EQ(next_with(excluding({{4h, 5h}})), kNoon + 15h);
    EXPECT_EQ(next_with(excluding({}, {std::chrono::Monday, std::chrono::Tuesday})), kNoon + 63h);
    EXPECT_FALSE(next_with(excluding({{2h, 4h}})));
    EXPECT_FALSE(next_with(Calendars()));
    int none = 0;
    EXPECT_EQ(next_run(recurrence, Blackout(), kNoon, kNoon + 1s, none), kNoon + 1s);
    recurrence.time_zone = "Mars/Base";
    EXPECT_FALSE(next_with(excluding({{4h, 5h}})));
}

TEST(Planning, TheNextThatMayRunIsLookedForInSoManySteps) {
    const Recurrence recurrence{.cron = "0 3 * * *", .calendars = {"lunch"}};
    const Calendars mondays = excluding({}, {std::chrono::Monday, std::chrono::Tuesday});
    const Blackout blackout(mondays, recurrence.calendars);
    int steps = 3;
    EXPECT_EQ(next_run(recurrence, blackout, kNoon, kNoon + 15h, steps), kNoon + 63h);
    EXPECT_EQ(steps, 1);
    EXPECT_FALSE(next_run(recurrence, blackout, kNoon, kNoon + 15h, steps));
    EXPECT_EQ(steps, 0);
    EXPECT_EQ(next_run(recurrence, blackout, kNoon, kNoon + 63h, steps), kNoon + 63h)
        << "what is not excluded costs nothing";
    const Calendars all = excluding({{0h, 12h}, {12h, 24h}});
    steps = 10 * kMostSteps;
    EXPECT_FALSE(next_run(recurrence, Blackout(all, recurrence.calendars), kNoon, kNoon, steps));
    EXPECT_GE(steps, 9 * kMostSteps) << "one job takes its share at most";
}

TEST(Planning, ManyWindowsOfManyYearsAreGivenUpOn) {
    std::vector<schedule::DailyWindow> windows;
    for (auto begin = 0h; begin < 24h; begin += 1h) {
        windows.push_back({begin, begin + 1h});
    }
    Planned job{.recurrence = {.cron = "* * * * * *", .calendars = {"lunch"}},
                .calendars = excluding(std::move(windows))};
    const Instant now = kNoon + std::chrono::years(50);
    const PlanStep step = job.at(now);
    EXPECT_TRUE(step.firings.empty());
    EXPECT_EQ(
        step.gaps,
        (std::vector<Gap>{{NotRun::BlackedOut, "calendar lunch", kNoon + 1s, now, 1'000, false}}));
    EXPECT_EQ(step.last, now);
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
