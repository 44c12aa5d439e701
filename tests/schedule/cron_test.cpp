// What expressions mean while no clock is changed; cron_clock_change_test.cpp has the rest.
#include "schedule/cron.hpp"

#include <gtest/gtest.h>

#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using testing::instant;
using Texts = std::vector<std::string>;

constexpr auto kNewYear = "2026-01-01T00:00:00Z";  // a Thursday

/// Dates of firings in UTC.
Texts dates(std::string_view expression,
            int count,
            std::string_view after = kNewYear,
            Days days = Days::Either) {
    auto texts = testing::firings(expression, "UTC", after, count, days);
    for (auto& text : texts) {
        text.resize(10);
    }
    return texts;
}

Texts times(std::string_view expression, int count, std::string_view after = kNewYear) {
    return testing::firings(expression, "UTC", after, count);
}

TEST(Cron, TheNextFiringIsStrictlyLater) {
    EXPECT_EQ(times("0 12 * * *", 1, "2026-01-01T11:59:59Z"), Texts{"2026-01-01T12:00:00+00:00"});
    EXPECT_EQ(times("0 12 * * *", 1, "2026-01-01T12:00:00Z"), Texts{"2026-01-02T12:00:00+00:00"});
}

TEST(Cron, FractionsOfASecondCount) {
    EXPECT_EQ(times("* * * * * *", 1, "2026-01-01T12:00:00.001Z"),
              Texts{"2026-01-01T12:00:01+00:00"});
    EXPECT_EQ(times("* * * * * *", 1, "2026-01-01T11:59:59.999Z"),
              Texts{"2026-01-01T12:00:00+00:00"});
    EXPECT_EQ(times("* * * * * *", 1, "1969-12-31T23:59:58.999Z"),
              Texts{"1969-12-31T23:59:59+00:00"});
}

TEST(Cron, SecondsMinutesAndHoursCarry) {
    EXPECT_EQ(times("* * * * *", 2),
              (Texts{"2026-01-01T00:01:00+00:00", "2026-01-01T00:02:00+00:00"}));
    EXPECT_EQ(times("30 59 23 31 12 *", 2),
              (Texts{"2026-12-31T23:59:30+00:00", "2027-12-31T23:59:30+00:00"}));
    EXPECT_EQ(times("*/25 * * * *", 3, "2026-01-01T00:49:00Z"),
              (Texts{"2026-01-01T00:50:00+00:00", "2026-01-01T01:00:00+00:00",
                     "2026-01-01T01:25:00+00:00"}));
    EXPECT_EQ(times("58-1 10 * * *", 4, "2026-01-01T10:00:30Z"),
              (Texts{"2026-01-01T10:01:00+00:00", "2026-01-01T10:58:00+00:00",
                     "2026-01-01T10:59:00+00:00", "2026-01-02T10:00:00+00:00"}));
    EXPECT_EQ(times("5,10 20 3 * * *", 3, "2026-01-01T03:20:05Z"),
              (Texts{"2026-01-01T03:20:10+00:00", "2026-01-02T03:20:05+00:00",
                     "2026-01-02T03:20:10+00:00"}));
    EXPECT_EQ(times("10 0,30 1,3 * * *", 2, "2026-01-01T01:30:11Z"),
              (Texts{"2026-01-01T03:00:10+00:00", "2026-01-01T03:30:10+00:00"}));
}

TEST(Cron, MonthsLackDays) {
    EXPECT_EQ(dates("0 0 31 * *", 3), (Texts{"2026-01-31", "2026-03-31", "2026-05-31"}));
    EXPECT_EQ(dates("0 0 30 1-3 *", 3), (Texts{"2026-01-30", "2026-03-30", "2027-01-30"}));
    EXPECT_EQ(dates("0 0 29 2 *", 2), (Texts{"2028-02-29", "2032-02-29"}));
    EXPECT_EQ(dates("0 0 29 2 *", 1, "2096-03-01T00:00:00Z"), Texts{"2104-02-29"})
        << "2100 is no leap year";
    EXPECT_EQ(dates("0 0 29 2 *", 1, "1996-03-01T00:00:00Z"), Texts{"2000-02-29"}) << "2000 is one";
}

TEST(Cron, LIsTheLastDayOfTheMonth) {
    EXPECT_EQ(dates("0 0 L * *", 3), (Texts{"2026-01-31", "2026-02-28", "2026-03-31"}));
    EXPECT_EQ(dates("0 0 L 2 *", 2, "2027-03-01T00:00:00Z"), (Texts{"2028-02-29", "2029-02-28"}));
    EXPECT_EQ(dates("0 0 L-3 * *", 2), (Texts{"2026-01-28", "2026-02-25"}));
    EXPECT_EQ(dates("0 0 L-30 * *", 3, "2026-01-02T00:00:00Z"),
              (Texts{"2026-03-01", "2026-05-01", "2026-07-01"}))
        << "only months of 31 days have a day so early";
    EXPECT_EQ(dates("0 0 1,L-1,L * *", 4),
              (Texts{"2026-01-30", "2026-01-31", "2026-02-01", "2026-02-27"}));
}

TEST(Cron, WIsTheNearestWeekdayInsideTheMonth) {
    EXPECT_EQ(dates("0 0 15W * *", 3, "2026-01-31T00:00:00Z"),
              (Texts{"2026-02-16", "2026-03-16", "2026-04-15"}))
        << "two Sundays and a Wednesday";
    EXPECT_EQ(dates("0 0 14W 2 *", 1), Texts{"2026-02-13"}) << "a Saturday";
    EXPECT_EQ(dates("0 0 1W * *", 3, "2026-01-31T00:00:00Z"),
              (Texts{"2026-02-02", "2026-03-02", "2026-04-01"}))
        << "two Sundays and a Wednesday";
    EXPECT_EQ(dates("0 0 1W 8 *", 1), Texts{"2026-08-03"})
        << "a Saturday, and July is another month";
    EXPECT_EQ(dates("0 0 31W 5 *", 1), Texts{"2026-05-29"})
        << "a Sunday, and June is another month";
    EXPECT_EQ(dates("0 0 31W 1 *", 1), Texts{"2026-01-30"}) << "a Saturday";
    EXPECT_EQ(dates("0 0 31W * *", 2, "2026-03-31T12:00:00Z"), (Texts{"2026-05-29", "2026-07-31"}))
        << "April and June have no 31st, so nothing is near it";
    EXPECT_EQ(dates("0 0 29W 2 *", 1), Texts{"2028-02-29"}) << "a Tuesday";
}

TEST(Cron, LWIsTheLastWeekdayOfTheMonth) {
    EXPECT_EQ(dates("0 0 LW * *", 5),
              (Texts{"2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"}));
    EXPECT_EQ(dates("0 0 L-2W * *", 3), (Texts{"2026-01-29", "2026-02-26", "2026-03-30"}))
        << "the 29th is a Thursday, the 26th a Thursday, the 29th of March a Sunday";
    EXPECT_EQ(dates("0 0 L-30W * *", 2, "2026-02-01T00:00:00Z"),
              (Texts{"2026-03-02", "2026-05-01"}));
}

TEST(Cron, AWeekdayWithLIsTheLastOfTheMonth) {
    EXPECT_EQ(dates("0 0 * * 5L", 3), (Texts{"2026-01-30", "2026-02-27", "2026-03-27"}));
    EXPECT_EQ(dates("0 0 * * SUNL,3L", 3), (Texts{"2026-01-25", "2026-01-28", "2026-02-22"}));
    EXPECT_EQ(dates("0 0 * * 7L", 1), Texts{"2026-01-25"});
}

TEST(Cron, AWeekdayWithANumberIsTheNthOfTheMonth) {
    EXPECT_EQ(dates("0 0 * * 4#1", 2), (Texts{"2026-02-05", "2026-03-05"}));
    EXPECT_EQ(dates("0 0 * * FRI#2", 2), (Texts{"2026-01-09", "2026-02-13"}));
    EXPECT_EQ(dates("0 0 * * 5#5", 3), (Texts{"2026-01-30", "2026-05-29", "2026-07-31"}))
        << "a month with four Fridays is left out";
    EXPECT_EQ(dates("0 0 * * 7#1", 1), Texts{"2026-01-04"});
}

TEST(Cron, WeekdaysAreThoseOfUnixInEveryNumberOfFields) {
    for (const auto* text : {"0 0 * * 1", "0 0 0 * * 1", "0 0 0 * * 1 *", "0 0 * * MON"}) {
        EXPECT_EQ(dates(text, 1), Texts{"2026-01-05"}) << text;
    }
    for (const auto* text : {"0 0 * * 0", "0 0 0 * * 7", "0 0 0 * * 0 *", "0 0 * * SUN"}) {
        EXPECT_EQ(dates(text, 1), Texts{"2026-01-04"}) << text;
    }
    EXPECT_EQ(dates("0 0 * * FRI-TUE", 6), (Texts{"2026-01-02", "2026-01-03", "2026-01-04",
                                                  "2026-01-05", "2026-01-06", "2026-01-09"}));
}

TEST(Cron, EitherDayFieldIsEnoughWhenBothRestrict) {
    EXPECT_EQ(dates("0 0 13 * 5", 4),
              (Texts{"2026-01-02", "2026-01-09", "2026-01-13", "2026-01-16"}));
    EXPECT_EQ(dates("0 0 30 2 1", 2), (Texts{"2026-02-02", "2026-02-09"}));
}

TEST(Cron, OnlyAStarLeavesTheDayToTheOtherField) {
    for (const auto* text : {"0 0 * * 5", "0 0 ? * 5", "0 0 */1 * 5"}) {
        EXPECT_EQ(dates(text, 2), (Texts{"2026-01-02", "2026-01-09"})) << text;
    }
    EXPECT_EQ(dates("0 0 1-31 * 5", 2), (Texts{"2026-01-02", "2026-01-03"}));
    EXPECT_EQ(dates("0 0 */2 * 5", 4),
              (Texts{"2026-01-02", "2026-01-03", "2026-01-05", "2026-01-07"}));
    EXPECT_EQ(dates("0 0 13 * */2", 3), (Texts{"2026-01-03", "2026-01-04", "2026-01-06"}))
        << "Saturday, Sunday and Tuesday";
}

TEST(Cron, BothDayFieldsCanBeAskedFor) {
    EXPECT_EQ(dates("0 0 13 * 5", 3, kNewYear, Days::Both),
              (Texts{"2026-02-13", "2026-03-13", "2026-11-13"}));
    EXPECT_EQ(dates("0 0 */2 * 5", 2, kNewYear, Days::Both), (Texts{"2026-01-09", "2026-01-23"}));
    EXPECT_EQ(dates("0 0 L * 5L", 1, kNewYear, Days::Both), Texts{"2026-07-31"});
    EXPECT_EQ(dates("0 0 29 2 1", 2, kNewYear, Days::Both), (Texts{"2044-02-29", "2072-02-29"}));
    EXPECT_EQ(dates("0 0 * * 5", 1, kNewYear, Days::Both), Texts{"2026-01-02"});
}

TEST(Cron, AYearFieldBoundsIt) {
    EXPECT_EQ(dates("0 0 0 1 1 * 2027,2030", 9), (Texts{"2027-01-01", "2030-01-01"}));
    EXPECT_EQ(dates("0 0 0 1 1 * 2199", 9), Texts{"2199-01-01"});
    EXPECT_EQ(dates("0 0 0 1 1 * 2025", 9), Texts());
    EXPECT_TRUE(Cron::parse("0 0 0 1 1 * 2025")->can_fire());
    EXPECT_EQ(dates("0 0 0 1 1 * *", 1, "2500-06-01T00:00:00Z"), Texts{"2501-01-01"})
        << "a star is any year";
    EXPECT_EQ(dates("0 0 0 29 2 * 2025-2027", 9), Texts());
}

TEST(Cron, WhatCanNeverFireIsKnownAtOnce) {
    for (const auto* text : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 L-29 2 *", "0 0 30W 2 *",
                             "0 0 0 29 2 * 2025-2027"}) {
        const auto cron = Cron::parse(text);
        ASSERT_TRUE(cron) << text;
        EXPECT_FALSE(cron->can_fire()) << text;
        EXPECT_FALSE(cron->next(instant(kNewYear), *TimeZone::load("Europe/Berlin"))) << text;
        EXPECT_FALSE(cron->first_match(Wall())) << text;
    }
    EXPECT_FALSE(Cron::parse("0 0 8 * 1#1", Days::Both)->can_fire());
    EXPECT_TRUE(Cron::parse("0 0 8 * 1#1")->can_fire());
    EXPECT_TRUE(Cron::parse("0 0 29 2 *")->can_fire());
}

TEST(Cron, ItEndsWithTheYear9999) {
    EXPECT_EQ(times("0 0 1 1 *", 1, "9998-06-01T00:00:00Z"), Texts{"9999-01-01T00:00:00+00:00"});
    EXPECT_EQ(times("0 0 1 1 *", 1, "9999-06-01T00:00:00Z"), Texts());
    EXPECT_EQ(times("* * * * * *", 9, "9999-12-31T23:59:58Z"), Texts{"9999-12-31T23:59:59+00:00"});
    const auto cron = *Cron::parse("* * * * *");
    const auto zone = *TimeZone::load("America/New_York");
    EXPECT_FALSE(cron.next(base::Instant::max(), zone));
    EXPECT_EQ(cron.next(base::Instant::min(), zone), instant("0000-01-01T00:00:02Z"))
        << "New York's sun is 4:56:02 behind";
}

TEST(Cron, MacrosFireAsTheirNamesSay) {
    EXPECT_EQ(times("@yearly", 1), Texts{"2027-01-01T00:00:00+00:00"});
    EXPECT_EQ(times("@annually", 1), Texts{"2027-01-01T00:00:00+00:00"});
    EXPECT_EQ(times("@monthly", 1), Texts{"2026-02-01T00:00:00+00:00"});
    EXPECT_EQ(times("@weekly", 1), Texts{"2026-01-04T00:00:00+00:00"});
    EXPECT_EQ(times("@daily", 1), Texts{"2026-01-02T00:00:00+00:00"});
    EXPECT_EQ(times("@midnight", 1), Texts{"2026-01-02T00:00:00+00:00"});
    EXPECT_EQ(times("@hourly", 1), Texts{"2026-01-01T01:00:00+00:00"});
    EXPECT_EQ(times("@every_minute", 1), Texts{"2026-01-01T00:01:00+00:00"});
    EXPECT_EQ(times("@every_second", 1), Texts{"2026-01-01T00:00:01+00:00"});
}

TEST(Cron, ItKeepsItsTextAndItsDays) {
    const auto cron = *Cron::parse(" @Daily ", Days::Both);
    const Cron copy = cron;  // NOLINT(performance-unnecessary-copy-initialization)
    EXPECT_EQ(copy.text(), " @Daily ");
    EXPECT_EQ(copy.days(), Days::Both);
    EXPECT_TRUE(copy.can_fire());
}

TEST(Cron, AMistakeHasItsColumn) {
    const auto cron = Cron::parse("0 0 * * MONDAY");
    ASSERT_FALSE(cron);
    EXPECT_EQ(cron.error().code, "invalid_cron");
    EXPECT_NE(cron.error().message.find("column 9"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::schedule
