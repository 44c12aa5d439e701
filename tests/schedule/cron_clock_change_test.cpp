#include <gtest/gtest.h>

#include "schedule/cron.hpp"
#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using testing::firings;
using Texts = std::vector<std::string>;

// Berlin 2026: 02:00 becomes 03:00 on March 29, 03:00 becomes 02:00 on October 25.
constexpr auto kSpring = "2026-03-28T12:00:00Z";
constexpr auto kAutumn = "2026-10-24T12:00:00Z";

TEST(SkippedHour, AFixedTimeRunsOnceRightBehindIt) {
    EXPECT_EQ(firings("30 2 * * *", "Europe/Berlin", kSpring, 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}));
    EXPECT_EQ(firings("0 2 * * *", "Europe/Berlin", kSpring, 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}));
}

TEST(SkippedHour, SeveralSkippedTimesAreMadeUpForOnce) {
    EXPECT_EQ(firings("10,40 2 * * *", "Europe/Berlin", kSpring, 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:10:00+02:00"}));
    EXPECT_EQ(firings("*/5 2 * * *", "Europe/Berlin", kSpring, 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}));
}

TEST(SkippedHour, MakingUpAndTheFirstInstantBehindAreOneFiring) {
    EXPECT_EQ(firings("0 2,3 * * *", "Europe/Berlin", kSpring, 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"}));
    EXPECT_EQ(firings("*/30 1-3 * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"}));
}

TEST(SkippedHour, WithAStarAsTheHourItGoesOnWithItsNextTime) {
    for (const auto* text : {"30 * * * *", "30 */1 * * *"}) {
        EXPECT_EQ(firings(text, "Europe/Berlin", "2026-03-29T00:00:00Z", 2),
                  (Texts{"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"}))
            << text;
    }
    EXPECT_EQ(firings("*/20 * * * *", "Europe/Berlin", "2026-03-29T00:39:00Z", 3),
              (Texts{"2026-03-29T01:40:00+01:00", "2026-03-29T03:00:00+02:00",
                     "2026-03-29T03:20:00+02:00"}));
}

TEST(SkippedHour, EveryHourWrittenOtherwiseIsNoStar) {
    EXPECT_EQ(firings("30 0-23 * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-29T03:30:00+02:00"}));
    EXPECT_EQ(firings("30 */2 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 2),
              (Texts{"2026-03-29T03:00:00+02:00", "2026-03-29T04:30:00+02:00"}));
}

TEST(SkippedHour, OnADayThatDoesNotFitNothingIsMadeUpFor) {
    EXPECT_EQ(firings("30 2 * * MON-SAT", "Europe/Berlin", kSpring, 1),
              Texts{"2026-03-30T02:30:00+02:00"});
    EXPECT_EQ(firings("30 3 * * *", "Europe/Berlin", kSpring, 1),
              Texts{"2026-03-29T03:30:00+02:00"});
    EXPECT_EQ(firings("59 59 1 * * *", "Europe/Berlin", kSpring, 1),
              Texts{"2026-03-29T01:59:59+01:00"});
}

TEST(SkippedHour, AskedAtOrBehindTheChangeItIsOver) {
    EXPECT_EQ(firings("30 2 * * *", "Europe/Berlin", "2026-03-29T00:59:59.999Z", 1),
              Texts{"2026-03-29T03:00:00+02:00"});
    EXPECT_EQ(firings("30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", 1),
              Texts{"2026-03-30T02:30:00+02:00"});
}

TEST(SkippedHour, AtMidnightTheDayBeginsLater) {
    // Cairo 2026: 00:00 becomes 01:00 on April 24.
    EXPECT_EQ(firings("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2),
              (Texts{"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}));
    EXPECT_EQ(firings("@hourly", "Africa/Cairo", "2026-04-23T21:00:00Z", 2),
              (Texts{"2026-04-24T01:00:00+03:00", "2026-04-24T02:00:00+03:00"}));
    EXPECT_EQ(firings("0 0 24 4 *", "Africa/Cairo", "2026-04-01T00:00:00Z", 1),
              Texts{"2026-04-24T01:00:00+03:00"});
}

TEST(SkippedHour, HalfAnHourIsSkippedOnLordHowe) {
    // 2026: 02:00 becomes 02:30 on October 4.
    EXPECT_EQ(firings("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1),
              Texts{"2026-10-04T02:30:00+11:00"});
    EXPECT_EQ(firings("45 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1),
              Texts{"2026-10-04T02:45:00+11:00"});
}

TEST(LostDay, IsMadeUpForOnceAtTheFirstInstantBehind) {
    // Apia had no December 30 in 2011.
    EXPECT_EQ(firings("0 12 * * *", "Pacific/Apia", "2011-12-29T22:00:00Z", 3),
              (Texts{"2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00",
                     "2012-01-01T12:00:00+14:00"}));
    EXPECT_EQ(firings("0 0 * * *", "Pacific/Apia", "2011-12-29T22:00:00Z", 2),
              (Texts{"2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"}));
    EXPECT_EQ(firings("0 9 30 12 *", "Pacific/Apia", "2011-12-29T22:00:00Z", 1),
              Texts{"2011-12-31T00:00:00+14:00"});
    EXPECT_EQ(firings("0 9 * * FRI", "Pacific/Apia", "2011-12-29T22:00:00Z", 1),
              Texts{"2011-12-31T00:00:00+14:00"});
}

TEST(LostDay, IsLostToAnExpressionOfEveryHour) {
    EXPECT_EQ(firings("30 * * * *", "Pacific/Apia", "2011-12-30T09:30:00Z", 1),
              Texts{"2011-12-31T00:30:00+14:00"});
    EXPECT_EQ(firings("0 0 * 30 12 * 2011", "Pacific/Apia", "2011-12-29T22:00:00Z", 1), Texts());
}

TEST(RepeatedHour, AFixedTimeRunsInTheFirstPassOnly) {
    EXPECT_EQ(firings("30 2 * * *", "Europe/Berlin", kAutumn, 2),
              (Texts{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}));
    EXPECT_EQ(firings("0 2,3 * * *", "Europe/Berlin", kAutumn, 3),
              (Texts{"2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00",
                     "2026-10-26T02:00:00+01:00"}));
    EXPECT_EQ(firings("15 30 2 * * *", "Europe/Berlin", kAutumn, 2),
              (Texts{"2026-10-25T02:30:15+02:00", "2026-10-26T02:30:15+01:00"}));
}

TEST(RepeatedHour, AskedInTheSecondPassAFixedTimeIsOver) {
    EXPECT_EQ(firings("30 2 * * *", "Europe/Berlin", "2026-10-25T01:00:00Z", 1),
              Texts{"2026-10-26T02:30:00+01:00"});
    EXPECT_EQ(firings("0 3 * * *", "Europe/Berlin", "2026-10-25T01:30:00Z", 1),
              Texts{"2026-10-25T03:00:00+01:00"});
}

TEST(RepeatedHour, AnIntervalRunsThroughBothPasses) {
    for (const auto* text : {"*/30 2 * * *", "0,30 2-2 * * *", "0-30/30 2 * * *"}) {
        EXPECT_EQ(firings(text, "Europe/Berlin", kAutumn, 5),
                  (Texts{"2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00",
                         "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00",
                         "2026-10-26T02:00:00+01:00"}))
            << text;
    }
    EXPECT_EQ(firings("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 3),
              (Texts{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
                     "2026-10-25T03:30:00+01:00"}));
    EXPECT_EQ(firings("30/30 30 2 * * *", "Europe/Berlin", kAutumn, 2),
              (Texts{"2026-10-25T02:30:30+02:00", "2026-10-25T02:30:30+01:00"}))
        << "a step in the second makes an interval";
}

TEST(RepeatedHour, StarsInTheDayFieldsMakeNoInterval) {
    EXPECT_EQ(firings("30 2 */1 1-12 0-6", "Europe/Berlin", kAutumn, 2),
              (Texts{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}));
}

TEST(RepeatedHour, TheLastYearOfAnIntervalHasItsSecondPass) {
    EXPECT_EQ(firings("0 */30 2 25 10 * 2026", "Europe/Berlin", kAutumn, 9).size(), 4U);
    EXPECT_EQ(firings("0 30 2 25 10 * 2026", "Europe/Berlin", kAutumn, 9).size(), 1U);
}

TEST(RepeatedHour, AcrossMidnightTheDayBeforeComesAgain) {
    // Sao Paulo 2018: 00:00 of February 18 becomes 23:00 of the 17th. Havana 2026: 01:00 becomes
    // 00:00 on November 1.
    EXPECT_EQ(firings("30 23 * * *", "America/Sao_Paulo", "2018-02-17T12:00:00Z", 2),
              (Texts{"2018-02-17T23:30:00-02:00", "2018-02-18T23:30:00-03:00"}));
    EXPECT_EQ(firings("0 0 * * *", "America/Sao_Paulo", "2018-02-17T12:00:00Z", 2),
              (Texts{"2018-02-18T00:00:00-03:00", "2018-02-19T00:00:00-03:00"}));
    EXPECT_EQ(firings("*/30 23 * * SAT", "America/Sao_Paulo", "2018-02-17T12:00:00Z", 5),
              (Texts{"2018-02-17T23:00:00-02:00", "2018-02-17T23:30:00-02:00",
                     "2018-02-17T23:00:00-03:00", "2018-02-17T23:30:00-03:00",
                     "2018-02-24T23:00:00-03:00"}));
    EXPECT_EQ(firings("0 0 * * *", "America/Havana", "2026-10-31T12:00:00Z", 2),
              (Texts{"2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"}));
}

TEST(RepeatedHour, HalfAnHourIsRepeatedOnLordHowe) {
    // 2026: 02:00 becomes 01:30 on April 5.
    EXPECT_EQ(firings("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2),
              (Texts{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}));
    EXPECT_EQ(firings("15 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2),
              (Texts{"2026-04-05T01:15:00+11:00", "2026-04-06T01:15:00+10:30"}));
    EXPECT_EQ(firings("*/15 1 * * *", "Australia/Lord_Howe", "2026-04-04T14:29:00Z", 4),
              (Texts{"2026-04-05T01:30:00+11:00", "2026-04-05T01:45:00+11:00",
                     "2026-04-05T01:30:00+10:30", "2026-04-05T01:45:00+10:30"}));
}

TEST(OffsetChange, WithoutSummerTimeFollowsTheSameRules) {
    // Pyongyang: 2018-05-04 23:30 became 2018-05-05 00:00; on 2015-08-15 00:00 became 23:30.
    EXPECT_EQ(firings("45 23 * * *", "Asia/Pyongyang", "2018-05-04T12:00:00Z", 2),
              (Texts{"2018-05-05T00:00:00+09:00", "2018-05-05T23:45:00+09:00"}));
    EXPECT_EQ(firings("45 23 * * *", "Asia/Pyongyang", "2015-08-14T12:00:00Z", 2),
              (Texts{"2015-08-14T23:45:00+09:00", "2015-08-15T23:45:00+08:30"}));
    // Caracas: 2016-05-01 02:30 became 03:00.
    EXPECT_EQ(firings("40 2 * * *", "America/Caracas", "2016-04-30T12:00:00Z", 1),
              Texts{"2016-05-01T03:00:00-04:00"});
}

TEST(ClockChanges, GoOnAfterTheLastOneThatIsWrittenDown) {
    EXPECT_EQ(firings("30 2 * * SUN", "Europe/Berlin", "2300-03-24T00:00:00Z", 1),
              Texts{"2300-03-25T03:00:00+02:00"});
    EXPECT_EQ(firings("30 2 * * SUN", "Europe/Berlin", "9000-03-24T00:00:00Z", 1),
              Texts{"9000-03-30T03:00:00+02:00"});
}

TEST(ClockChanges, ManyOfThemLieBetweenRareFirings) {
    EXPECT_EQ(firings("0 12 29 2 *", "Europe/Berlin", "2096-03-01T00:00:00Z", 2),
              (Texts{"2104-02-29T12:00:00+01:00", "2108-02-29T12:00:00+01:00"}));
    EXPECT_EQ(firings("30 2 29 3 SUN", "Europe/Berlin", kSpring, 1, Days::Both),
              Texts{"2026-03-29T03:00:00+02:00"});
}

}  // namespace
}  // namespace jobhost::schedule
