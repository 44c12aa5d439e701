#include "core/backfill.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNoon = support::ManualClock::kStart;  // 2026-03-01T12:00:00Z

Recurrence hourly() { return {.cron = "0 * * * *"}; }

base::Result<Backfill> between(Instant from,
                               Instant to,
                               const Recurrence& recurrence,
                               int most = 9) {
    return occurrences_in({from, to}, recurrence, Blackout(), std::nullopt, kNoon, most);
}

TEST(Backfill, BothEndsCount) {
    EXPECT_EQ(between(kNoon + 1h, kNoon + 3h, hourly())->nominals,
              (std::vector<Instant>{kNoon + 1h, kNoon + 2h, kNoon + 3h}));
    EXPECT_TRUE(between(kNoon + 1min, kNoon + 2min, hourly())->nominals.empty());
}

TEST(Backfill, CronReachesBackBeforeTheJobWasMade) {
    EXPECT_EQ(between(kNoon - 2h, kNoon, hourly())->nominals.size(), 3U);
    const auto begun =
        occurrences_in({kNoon - 2h, kNoon + 1h}, hourly(), Blackout(), kNoon, kNoon, 9);
    EXPECT_EQ(begun->nominals, (std::vector<Instant>{kNoon, kNoon + 1h}))
        << "not before begin_time";
}

TEST(Backfill, AnIntervalBeginsWithTheJob) {
    EXPECT_EQ(between(kNoon - 2h, kNoon + 1h, {.interval = 1h})->nominals,
              (std::vector<Instant>{kNoon, kNoon + 1h}));
}

TEST(Backfill, NothingComesAfterTheEndTime) {
    Recurrence ended = hourly();
    ended.end_time = kNoon + 1h;
    EXPECT_EQ(between(kNoon, kNoon + 9h, ended)->nominals.size(), 2U);
}

TEST(Backfill, WhatCalendarsExcludeIsLeftOut) {
    const Calendars calendars({*schedule::Calendar::from({.name = "lunch", .windows = {{12h, 14h}}},
                                                         *schedule::TimeZone::load("UTC"))});
    const std::vector<std::string> names{"lunch"};
    const auto found = occurrences_in({kNoon, kNoon + 3h}, hourly(), Blackout(calendars, names),
                                      std::nullopt, kNoon, 9);
    EXPECT_EQ(found->nominals, (std::vector<Instant>{kNoon + 2h, kNoon + 3h}));
    EXPECT_EQ(found->excluded, 2);
}

TEST(Backfill, TooManyAreRefusedWithTheirNumber) {
    EXPECT_TRUE(between(kNoon, kNoon + 8h, hourly()));
    const auto refused = between(kNoon, kNoon + 9h, hourly());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "too_many");
    EXPECT_EQ(refused.error().fields[0].message,
              "10 occurrences lie between them, and at most 9 are made at once");
    EXPECT_EQ(between(kNoon, kNoon + 24h, {.cron = "* * * * * *"}).error().fields[0].message,
              "more than 10000 occurrences lie between them, and at most 9 are made at once");
}

TEST(Backfill, AZoneThatIsGoneIsTold) {
    EXPECT_FALSE(between(kNoon, kNoon, {.cron = "0 * * * *", .time_zone = "Mars/Base"}));
}

/// A record of the hours after noon, and what is left of it.
struct Record {
    Gap gap{NotRun::Missed, "misfire", kNoon + 1h, kNoon + 6h, 6};

    std::vector<Gap> without_hours(std::vector<int> hours) const {
        std::vector<Instant> made;
        for (const int hour : hours) {
            made.push_back(kNoon + hour * 1h);
        }
        return without(gap, *timetable_of(hourly(), kNoon - 24h), made);
    }
    Gap part(int first, int last) const {
        return {gap.verdict, gap.rule, kNoon + first * 1h, kNoon + last * 1h, last - first + 1};
    }
};

TEST(CutRecord, WhatIsMadeAtAnEndShortensIt) {
    const Record record;
    EXPECT_EQ(record.without_hours({1, 2}), (std::vector<Gap>{record.part(3, 6)}));
    EXPECT_EQ(record.without_hours({6}), (std::vector<Gap>{record.part(1, 5)}));
    EXPECT_EQ(record.without_hours({0, 7}), (std::vector<Gap>{record.gap}));
}

TEST(CutRecord, WhatIsMadeInTheMiddlePartsIt) {
    const Record record;
    EXPECT_EQ(record.without_hours({3, 5}),
              (std::vector<Gap>{record.part(1, 2), record.part(4, 4), record.part(6, 6)}));
}

TEST(CutRecord, OfAllThatIsMadeNothingIsLeft) {
    EXPECT_TRUE(Record().without_hours({0, 1, 2, 3, 4, 5, 6, 7}).empty());
    Record single;
    single.gap = single.part(2, 2);
    EXPECT_TRUE(single.without_hours({2}).empty());
}

TEST(CutRecord, WhatWasNotCountedIsCutAtItsBounds) {
    Record record;
    record.gap.is_counted = false;
    record.gap.last = kNoon + 6h - 1ms;
    const auto left = record.without_hours({2, 3});
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0], (Gap{NotRun::Missed, "misfire", kNoon + 1h, kNoon + 2h - 1ms, 0, false}));
    EXPECT_EQ(left[1], (Gap{NotRun::Missed, "misfire", kNoon + 4h, kNoon + 6h - 1ms, 0, false}));
    EXPECT_TRUE(record.without_hours({1, 2, 3, 4, 5}).empty());
}

TEST(CutRecord, OfAnotherTimetableItIsNotCountedAndNothingButWhatIsMadeIsTakenOut) {
    Record record;
    record.gap.count = 11;  // it was every half an hour then
    const auto left = record.without_hours({2});
    ASSERT_EQ(left.size(), 2U);
    EXPECT_FALSE(left[0].is_counted);
    EXPECT_EQ(left[1].first, kNoon + 2h + 1ms) << "half past two is in it, too";
    EXPECT_EQ(left[1].last, record.gap.last);
}

TEST(CutRecord, OfTooManyItIsNotCounted) {
    Record record;
    record.gap.count = 1'000'000;
    const auto left = record.without_hours({2});
    EXPECT_FALSE(left[0].is_counted);
    EXPECT_EQ(left[1].first, kNoon + 3h);
}

TEST(CutRecord, EachOccurrenceHasOneChildOrOneRecord) {
    std::mt19937 random(20260301);
    const auto timetable = *timetable_of({.cron = "*/7 * * * *"}, kNoon - 24h);
    for (int round = 0; round < 200; ++round) {
        std::vector<Instant> all;
        for (auto at = timetable.next(kNoon); all.size() < 40; at = timetable.next(*at)) {
            all.push_back(*at);
        }
        std::vector<Instant> made;
        std::ranges::copy_if(all, std::back_inserter(made),
                             [&](Instant) { return random() % 4 != 0; });
        const Gap gap{NotRun::Missed, "misfire", all.front(), all.back(), 40};
        std::multiset<Instant> seen(made.begin(), made.end());
        for (const Gap& left : without(gap, timetable, made)) {
            int count = 0;
            for (auto at = timetable.next(left.first - 1ms); *at <= left.last;
                 at = timetable.next(*at)) {
                seen.insert(*at);
                ++count;
            }
            EXPECT_EQ(left.count, count);
        }
        EXPECT_EQ(std::vector(seen.begin(), seen.end()), all);
    }
}

}  // namespace
}  // namespace jobhost::core
