#include "base/clock.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace jobhost::base {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kMost{std::numeric_limits<std::int64_t>::max()};
constexpr Duration kLeast{std::numeric_limits<std::int64_t>::min()};

Instant at(std::int64_t since_epoch) { return Instant(milliseconds(since_epoch)); }

TEST(FormatInstant, HasMillisecondsAndEndsInZ) {
    EXPECT_EQ(format_instant(at(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(format_instant(at(1'772'366'400'001)), "2026-03-01T12:00:00.001Z");
    EXPECT_EQ(format_instant(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(FormatInstant, YearsThatHaveNoFourDigitsShowAsTheNearestThatHas) {
    EXPECT_EQ(format_instant(Instant(kMost)), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(format_instant(Instant(kLeast)), "0000-01-01T00:00:00.000Z");
}

TEST(ParseInstant, ReadsUtcAndOffsets) {
    EXPECT_EQ(*parse_instant("1970-01-01T00:00:00Z"), at(0));
    EXPECT_EQ(*parse_instant("2026-03-01T13:00:00+01:00"), at(1'772'366'400'000));
    EXPECT_EQ(*parse_instant("2026-03-01T06:30:00-05:30"), at(1'772'366'400'000));
    EXPECT_EQ(*parse_instant("2026-03-01t12:00:00z"), at(1'772'366'400'000));
    EXPECT_EQ(*parse_instant("2026-03-01T12:00:00-00:00"), at(1'772'366'400'000));
}

TEST(ParseInstant, CutsFractionsToMilliseconds) {
    EXPECT_EQ(*parse_instant("1970-01-01T00:00:00.5Z"), at(500));
    EXPECT_EQ(*parse_instant("1970-01-01T00:00:00.123999999Z"), at(123));
    EXPECT_EQ(*parse_instant("1970-01-01T00:00:00.0001Z"), at(0));
    EXPECT_EQ(*parse_instant("1970-01-01T00:00:00." + std::string(500, '9') + "Z"), at(999));
}

TEST(ParseInstant, KnowsLeapYears) {
    EXPECT_TRUE(parse_instant("2024-02-29T00:00:00Z"));
    EXPECT_TRUE(parse_instant("2000-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_instant("2023-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_instant("1900-02-29T00:00:00Z"));
}

TEST(ParseInstant, RefusesWhatIsNotRfc3339) {
    for (const auto* text :
         {"", "now", "2026-03-01", "2026-03-01T12:00Z", "2026-03-01T12:00:00",
          "2026-03-01 12:00:00Z", "2026-3-1T12:00:00Z", "2026-03-01T12:00:00.Z",
          "2026-03-01T12:00:00,5Z", "2026-03-01T12:00:00+0100", "2026-03-01T12:00:00+1:00",
          "2026-03-01T12:00:00+01", "2026-03-01T12:00:00Zx", " 2026-03-01T12:00:00Z",
          "2026-03-01T12:00:00Z ", "+2026-03-01T12:00:00Z", "-026-03-01T12:00:00Z",
          "20260301T120000Z"}) {
        const auto instant = parse_instant(text);
        ASSERT_FALSE(instant) << text;
        EXPECT_EQ(instant.error().kind, ErrorKind::Invalid);
        EXPECT_EQ(instant.error().code, "not_an_instant");
    }
}

TEST(ParseInstant, RefusesWhatIsOnNoClockAndNoCalendar) {
    for (const auto* text :
         {"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z",
          "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
          "2016-12-31T23:59:60Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60",
          "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
        EXPECT_FALSE(parse_instant(text)) << text;
    }
}

TEST(ParseInstant, ALongTextIsNotRepeatedInFull) {
    const auto instant = parse_instant(std::string(100'000, '2'));
    ASSERT_FALSE(instant);
    EXPECT_LT(instant.error().message.size(), 300U);
}

TEST(ParseInstant, ReadsBackWhatFormatWrites) {
    for (std::int64_t step = -62'167'219'200'000; step < 253'402'300'799'999;
         step += 97'777'777'777) {
        EXPECT_EQ(*parse_instant(format_instant(at(step))), at(step));
    }
    EXPECT_EQ(format_instant(*parse_instant("9999-12-31T23:59:59.999Z")),
              "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(format_instant(*parse_instant("0000-01-01T00:00:00Z")), "0000-01-01T00:00:00.000Z");
}

TEST(ParseDuration, ReadsEveryUnitAndSums) {
    EXPECT_EQ(*parse_duration("0s"), milliseconds(0));
    EXPECT_EQ(*parse_duration("250ms"), milliseconds(250));
    EXPECT_EQ(*parse_duration("30s"), seconds(30));
    EXPECT_EQ(*parse_duration("5m"), minutes(5));
    EXPECT_EQ(*parse_duration("1h"), hours(1));
    EXPECT_EQ(*parse_duration("2d"), hours(48));
    EXPECT_EQ(*parse_duration("1h30m"), minutes(90));
    EXPECT_EQ(*parse_duration("1d2h3m4s5ms"),
              hours(26) + minutes(3) + seconds(4) + milliseconds(5));
    EXPECT_EQ(*parse_duration("007s"), seconds(7));
}

TEST(ParseDuration, RefusesWhatIsNoDuration) {
    for (const auto* text : {"", "s", "30", "30 s", "30S", "-30s", "+30s", "1.5h", "30s1h", "1h1h",
                             "30sec", "1h 30m", " 30s", "30s ", "1w", "infinity"}) {
        const auto duration = parse_duration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_EQ(duration.error().code, "not_a_duration");
    }
}

TEST(ParseDuration, TheLongestIsReadAndOneMoreIsRefused) {
    EXPECT_EQ(*parse_duration("9223372036854775807ms"), kMost);
    EXPECT_FALSE(parse_duration("9223372036854775808ms"));
    EXPECT_FALSE(parse_duration("99999999999999999999999999s"));
    EXPECT_EQ(*parse_duration("106751991167d7h12m55s807ms"), kMost);
    EXPECT_FALSE(parse_duration("106751991167d7h12m55s808ms"));
    EXPECT_FALSE(parse_duration("106751991168d"));
}

TEST(FormatDuration, IsShortAndReadsBack) {
    EXPECT_EQ(format_duration(milliseconds(0)), "0s");
    EXPECT_EQ(format_duration(milliseconds(250)), "250ms");
    EXPECT_EQ(format_duration(minutes(90)), "1h30m");
    EXPECT_EQ(format_duration(hours(48)), "2d");
    EXPECT_EQ(format_duration(-seconds(90)), "-1m30s");
    EXPECT_EQ(format_duration(kLeast), "-106751991167d7h12m55s808ms");
    for (const auto duration : {milliseconds(1), milliseconds(59'999), milliseconds(86'400'001),
                                milliseconds(3'600'000), kMost}) {
        EXPECT_EQ(*parse_duration(format_duration(duration)), duration);
    }
}

TEST(ToSeconds, CountsMillisecondsAsFractions) {
    EXPECT_DOUBLE_EQ(to_seconds(milliseconds(1500)), 1.5);
    EXPECT_DOUBLE_EQ(to_seconds(milliseconds(0)), 0.0);
}

TEST(SystemClock, NeverGoesBackOnItsSteadyHand) {
    const SystemClock clock;
    const auto before = clock.steady();
    EXPECT_GT(clock.now(), at(1'700'000'000'000));
    EXPECT_GE(clock.steady(), before);
}

TEST(ManualClock, TurnsBothHandsTogether) {
    support::ManualClock clock;
    EXPECT_EQ(format_instant(clock.now()), "2026-03-01T12:00:00.000Z");
    const auto before = clock.steady();
    clock.advance(seconds(3));
    EXPECT_EQ(clock.now() - support::ManualClock::kStart, seconds(3));
    EXPECT_EQ(clock.steady() - before, seconds(3));
    clock.set(at(0));
    EXPECT_EQ(clock.now(), at(0));
    EXPECT_EQ(clock.steady() - before, seconds(3));
}

}  // namespace
}  // namespace jobhost::base
