#include "schedule/calendar.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year;
using testing::instant;
using testing::written;

const base::Instant kFarAway = instant("2100-01-01T00:00:00Z");

DateRange day(std::chrono::year_month_day date) { return {date, date}; }

Calendar berlin(CalendarRules rules) {
    return *Calendar::from(std::move(rules), *TimeZone::load("Europe/Berlin"));
}

std::optional<base::Instant> next_allowed(const Calendar& calendar,
                                          base::Instant from,
                                          base::Instant limit) {
    int steps = std::numeric_limits<int>::max();
    return calendar.next_allowed(from, limit, steps);
}

std::string allowed(const Calendar& calendar, std::string_view from) {
    const auto found = next_allowed(calendar, instant(from), kFarAway);
    return found ? written(*found, *TimeZone::load("Europe/Berlin")) : "none";
}

TEST(Calendar, WithoutRulesNothingIsExcluded) {
    const auto calendar = berlin({.name = "empty"});
    EXPECT_EQ(calendar.name(), "empty");
    EXPECT_FALSE(calendar.excludes(instant("2026-12-25T12:00:00Z")));
    EXPECT_EQ(next_allowed(calendar, instant("2026-12-25T12:00:00.123Z"), kFarAway),
              instant("2026-12-25T12:00:00.123Z"));
}

TEST(Calendar, AZoneMayNeverChangeItsClock) {
    const auto calendar =
        *Calendar::from({.name = "x", .windows = {{hours(12), hours(13)}}}, *TimeZone::load("UTC"));
    EXPECT_EQ(next_allowed(calendar, instant("2026-01-02T12:30:00Z"), kFarAway),
              instant("2026-01-02T13:00:00Z"));
}

TEST(Calendar, ADateIsThatOfTheWallClock) {
    const auto calendar = berlin({.name = "x", .dates = {day(year(2026) / 12 / 25)}});
    EXPECT_FALSE(calendar.excludes(instant("2026-12-24T22:59:59.999Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-12-24T23:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-12-25T22:59:59.999Z")));
    EXPECT_FALSE(calendar.excludes(instant("2026-12-25T23:00:00Z")));
    EXPECT_EQ(allowed(calendar, "2026-12-25T12:00:00Z"), "2026-12-26T00:00:00+01:00");
}

TEST(Calendar, ARangeHasBothItsEnds) {
    const auto calendar =
        berlin({.name = "x", .dates = {{year(2026) / 12 / 24, year(2027) / 1 / 1}}});
    EXPECT_FALSE(calendar.excludes(instant("2026-12-23T12:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-12-24T12:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2027-01-01T12:00:00Z")));
    EXPECT_EQ(allowed(calendar, "2026-12-24T12:00:00Z"), "2027-01-02T00:00:00+01:00");
}

TEST(Calendar, WeekdaysAreLeftOutOneAfterTheOther) {
    const auto calendar =
        berlin({.name = "x", .weekdays = {std::chrono::Saturday, std::chrono::Sunday}});
    EXPECT_FALSE(calendar.excludes(instant("2026-01-02T12:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-01-03T12:00:00Z")));
    EXPECT_EQ(allowed(calendar, "2026-01-03T12:00:00Z"), "2026-01-05T00:00:00+01:00");
}

TEST(Calendar, AWindowIsWithoutItsEnd) {
    const auto calendar = berlin({.name = "x", .windows = {{hours(12), hours(13)}}});
    EXPECT_FALSE(calendar.excludes(instant("2026-01-02T10:59:59.999Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-01-02T11:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-01-02T11:59:59.999Z")));
    EXPECT_FALSE(calendar.excludes(instant("2026-01-02T12:00:00Z")));
    EXPECT_EQ(allowed(calendar, "2026-01-02T11:30:00Z"), "2026-01-02T13:00:00+01:00");
}

TEST(Calendar, AWindowMayGoOnOverMidnight) {
    const auto calendar = berlin({.name = "x", .windows = {{hours(22), hours(6)}}});
    EXPECT_TRUE(calendar.excludes(instant("2026-01-02T22:00:00Z")));
    EXPECT_TRUE(calendar.excludes(instant("2026-01-03T04:59:59Z")));
    EXPECT_FALSE(calendar.excludes(instant("2026-01-03T05:00:00Z")));
    EXPECT_EQ(allowed(calendar, "2026-01-02T22:00:00Z"), "2026-01-03T06:00:00+01:00");
    EXPECT_EQ(allowed(calendar, "2026-01-03T01:00:00Z"), "2026-01-03T06:00:00+01:00");
}

TEST(Calendar, AWindowMayEndAtMidnight) {
    const auto calendar = berlin({.name = "x", .windows = {{hours(22), hours(24)}}});
    EXPECT_EQ(allowed(calendar, "2026-01-02T22:00:00Z"), "2026-01-03T00:00:00+01:00");
}

TEST(Calendar, RulesThatMeetAreLeftOutTogether) {
    const auto calendar = berlin({.name = "x",
                                  .dates = {day(year(2026) / 1 / 5)},
                                  .weekdays = {std::chrono::Saturday, std::chrono::Sunday},
                                  .windows = {{hours(0), hours(8)}, {hours(8), hours(9)}}});
    EXPECT_EQ(allowed(calendar, "2026-01-03T12:00:00Z"), "2026-01-06T09:00:00+01:00");
}

TEST(Calendar, ClockChangesAreFollowed) {
    const auto spring = berlin({.name = "x", .windows = {{hours(1), hours(2) + minutes(30)}}});
    EXPECT_EQ(allowed(spring, "2026-03-29T00:30:00Z"), "2026-03-29T03:00:00+02:00")
        << "the clock goes from 02:00 to 03:00, which is outside";
    const auto autumn = berlin({.name = "x", .windows = {{hours(2), hours(2) + minutes(30)}}});
    EXPECT_EQ(allowed(autumn, "2026-10-25T00:15:00Z"), "2026-10-25T02:30:00+02:00");
    EXPECT_EQ(allowed(autumn, "2026-10-25T01:00:00Z"), "2026-10-25T02:30:00+01:00")
        << "the second pass is excluded as well";
}

TEST(Calendar, TheSearchEndsWithItsSteps) {
    const auto calendar =
        berlin({.name = "x", .windows = {{hours(0), hours(12)}, {hours(12), hours(20)}}});
    const auto from = instant("2026-01-01T05:00:00Z");
    int steps = 2;
    EXPECT_EQ(calendar.next_allowed(from, kFarAway, steps), instant("2026-01-01T19:00:00Z"));
    EXPECT_EQ(steps, 0);
    steps = 1;
    EXPECT_FALSE(calendar.next_allowed(from, kFarAway, steps));
    EXPECT_LT(steps, 0);
}

TEST(Calendar, TheSearchEndsAtItsLimit) {
    const auto calendar =
        berlin({.name = "x", .windows = {{hours(0), hours(12)}, {hours(12), hours(0)}}});
    EXPECT_EQ(allowed(calendar, "2026-01-01T00:00:00Z"), "none");
    const auto week = berlin({.name = "x", .weekdays = {std::chrono::Sunday}});
    EXPECT_FALSE(
        next_allowed(week, instant("2026-01-04T12:00:00Z"), instant("2026-01-04T23:00:00Z")));
    EXPECT_FALSE(
        next_allowed(week, instant("2026-01-05T12:00:00Z"), instant("2026-01-05T12:00:00Z")));
}

std::string refusal(CalendarRules rules) {
    const auto calendar = Calendar::from(std::move(rules), *TimeZone::load("UTC"));
    if (calendar) {
        return "(taken)";
    }
    EXPECT_EQ(calendar.error().code, "invalid_calendar");
    return calendar.error().message;
}

TEST(Calendar, RulesThatMeanNothingAreRefused) {
    EXPECT_EQ(
        refusal({.name = "holidays", .dates = {day(year(2026) / 2 / 30)}}),
        "the calendar \"holidays\" has a date that does not exist, or a range that ends before "
        "it begins");
    EXPECT_NE(refusal({.name = "x", .dates = {{year(2026) / 2 / 2, year(2026) / 2 / 1}}}),
              "(taken)");
    EXPECT_NE(refusal({.name = "x", .weekdays = {std::chrono::weekday(9)}}), "(taken)");
    for (const auto& window : {DailyWindow{hours(3), hours(3)}, DailyWindow{hours(24), hours(1)},
                               DailyWindow{hours(1), hours(25)}, DailyWindow{-hours(1), hours(2)},
                               DailyWindow{hours(1), -seconds(1)}}) {
        EXPECT_NE(refusal({.name = "x", .windows = {window}}), "(taken)");
    }
}

}  // namespace
}  // namespace jobhost::schedule
