#include "schedule/timetable.hpp"

#include <gtest/gtest.h>

#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using testing::instant;

Timetable daily() { return {*Cron::parse("0 12 * * *"), *TimeZone::load("Europe/Berlin")}; }

TEST(Timetable, WithoutBoundsItIsItsRule) {
    EXPECT_EQ(daily().next(instant("2026-03-01T11:00:00Z")), instant("2026-03-02T11:00:00Z"));
    const Timetable interval{
        *Interval::from(instant("2026-03-01T00:00:00Z"), std::chrono::seconds(90)),
        *TimeZone::load("UTC")};
    EXPECT_EQ(interval.next(instant("2026-03-01T00:00:00Z")), instant("2026-03-01T00:01:30Z"));
}

TEST(Timetable, AnOccurrenceAtTheBeginCounts) {
    auto table = daily();
    table.begin = instant("2026-05-01T10:00:00Z");
    EXPECT_EQ(table.next(instant("2026-03-01T00:00:00Z")), instant("2026-05-01T10:00:00Z"));
    EXPECT_EQ(table.next(instant("2026-05-01T10:00:00Z")), instant("2026-05-02T10:00:00Z"));
    table.begin = instant("2026-05-01T10:00:00.001Z");
    EXPECT_EQ(table.next(instant("2026-03-01T00:00:00Z")), instant("2026-05-02T10:00:00Z"));
    table.begin = base::Instant::min();
    EXPECT_EQ(table.next(instant("2026-05-01T10:00:00Z")), instant("2026-05-02T10:00:00Z"));
}

TEST(Timetable, AnOccurrenceAtTheEndCounts) {
    auto table = daily();
    table.end = instant("2026-05-02T10:00:00Z");
    EXPECT_EQ(table.next(instant("2026-05-01T10:00:00Z")), instant("2026-05-02T10:00:00Z"));
    EXPECT_FALSE(table.next(instant("2026-05-02T10:00:00Z")));
    table.end = instant("2026-05-02T09:59:59.999Z");
    EXPECT_FALSE(table.next(instant("2026-05-01T10:00:00Z")));
}

TEST(Timetable, ABeginBehindTheEndLeavesNothing) {
    auto table = daily();
    table.begin = instant("2026-06-01T00:00:00Z");
    table.end = instant("2026-05-01T00:00:00Z");
    EXPECT_FALSE(table.next(instant("2026-01-01T00:00:00Z")));
}

TEST(Timetable, WhatNeverFiresHasNoOccurrence) {
    const Timetable table{*Cron::parse("0 0 30 2 *"), *TimeZone::load("UTC")};
    EXPECT_FALSE(table.next(instant("2026-01-01T00:00:00Z")));
}

}  // namespace
}  // namespace jobhost::schedule
