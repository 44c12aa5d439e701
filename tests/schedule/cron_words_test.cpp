#include "schedule/cron_words.hpp"

#include <gtest/gtest.h>

namespace jobhost::schedule {
namespace {

std::string words(std::string_view expression, Days days = Days::Either) {
    const auto syntax = CronSyntax::parse(expression);
    EXPECT_TRUE(syntax) << expression;
    return in_words(*syntax, days);
}

TEST(CronWords, ARhythmOfMinutes) {
    EXPECT_EQ(words("* * * * *"), "every minute");
    EXPECT_EQ(words("*/5 * * * *"), "every 5 minutes");
    EXPECT_EQ(words("*/7 * * * *"), "every 7th minute from 0 to 59");
    EXPECT_EQ(words("*/60 * * * *"), "every 60 minutes");
    EXPECT_EQ(words("0 * * * *"), "every hour");
    EXPECT_EQ(words("30 * * * *"), "at minute 30 of every hour");
}

TEST(CronWords, ARhythmOfHours) {
    EXPECT_EQ(words("0 */2 * * *"), "every 2 hours");
    EXPECT_EQ(words("30 */2 * * *"), "at minute 30 of every 2nd hour from 0 to 23");
    EXPECT_EQ(words("0 */5 * * *"), "every 5th hour from 0 to 23");
    EXPECT_EQ(words("0 9-17 * * *"), "every hour from 09:00 to 17:00");
    EXPECT_EQ(words("30 9-17 * * MON"), "every hour from 09:30 to 17:30 on Monday");
}

TEST(CronWords, MinutesOfSomeHours) {
    EXPECT_EQ(words("*/15 9-17 * * MON-FRI"),
              "every 15 minutes from 09:00 to 17:59 on Monday to Friday");
    EXPECT_EQ(words("5/10 2 * * *"), "every 10th minute from 5 to 59 of hour 2");
    EXPECT_EQ(words("10-20/2 2 * * *"), "every 2nd minute from 10 to 20 of hour 2");
    EXPECT_EQ(words("* 2 * * *"), "every minute from 02:00 to 02:59");
    EXPECT_EQ(words("5-10 * * * *"), "at minutes 5 to 10 of every hour");
    EXPECT_EQ(words("5,10,20-30 9,12-14 * * *"),
              "at minutes 5, 10 and 20 to 30 of hours 9 and 12 to 14");
    EXPECT_EQ(words("5,*/20 * * * *"),
              "at minute 5 and every 20th minute from 0 to 59 of every hour");
    EXPECT_EQ(words("5-5 2-2 * * *"), "at minute 5 of hour 2");
    EXPECT_EQ(words("0,10,20,30,40,50 1,2,3,4 * * *"),
              "at minutes 0, 10, 20, 30, 40 and 50 of hours 1, 2, 3 and 4");
}

TEST(CronWords, Seconds) {
    EXPECT_EQ(words("15 * * * * *"), "at second 15 of every minute");
    EXPECT_EQ(words("*/10 * * * * *"), "every 10 seconds");
    EXPECT_EQ(words("* * * * * *"), "every second");
    EXPECT_EQ(words("10,20 30 * * * *"), "at seconds 10 and 20 of minute 30 of every hour");
    EXPECT_EQ(words("*/10 5 * * * *"), "every 10 seconds of minute 5 of every hour");
    EXPECT_EQ(words("0 */5 9,12-14 * * *"), "every 5 minutes of hours 9 and 12 to 14");
    EXPECT_EQ(words("5 0 22-2 * * *"), "at second 5 of minute 0 of hours 22 to 2");
    EXPECT_EQ(words("5 */2 * * * *"), "at second 5 of every 2nd minute from 0 to 59");
}

TEST(CronWords, TimesOfDay) {
    EXPECT_EQ(words("30 2 * * 1-5"), "at 02:30 on Monday to Friday");
    EXPECT_EQ(words("30 2 * * *"), "at 02:30 every day");
    EXPECT_EQ(words("30 2,14 * * *"), "at 02:30 and 14:30 every day");
    EXPECT_EQ(words("0,30 9 * * *"), "at 09:00 and 09:30 every day");
    EXPECT_EQ(words("15 30 2 * * *"), "at 02:30:15 every day");
}

TEST(CronWords, DaysOfTheMonth) {
    EXPECT_EQ(words("0 0 1 1 *"), "at 00:00 on day 1 of the month in January");
    EXPECT_EQ(words("0 0 1,15 * *"), "at 00:00 on days 1 and 15 of the month");
    EXPECT_EQ(words("0 0 L * *"), "at 00:00 on the last day of the month");
    EXPECT_EQ(words("0 0 L-3 * *"), "at 00:00 on the 3rd day before the last of the month");
    EXPECT_EQ(words("0 0 1-10,L * *"), "at 00:00 on days 1 to 10 and the last day of the month");
    EXPECT_EQ(words("0 0 15W * *"),
              "at 00:00 on the weekday (Monday to Friday) nearest to day 15 of the month");
    EXPECT_EQ(words("0 0 LW * *"), "at 00:00 on the last weekday (Monday to Friday) of the month");
    EXPECT_EQ(words("0 0 L-2W * *"),
              "at 00:00 on the weekday (Monday to Friday) nearest to the 2nd day before the last "
              "of the month");
    EXPECT_EQ(words("0 0 */2 * *"), "at 00:00 on every 2nd day from 1 to 31 of the month");
    EXPECT_EQ(words("0 0 10/1 * *"), "at 00:00 on every day from 10 to 31 of the month");
}

TEST(CronWords, DaysOfTheWeek) {
    EXPECT_EQ(words("0 0 * * 5L"), "at 00:00 on the last Friday of the month");
    EXPECT_EQ(words("0 0 * * MON,5L"), "at 00:00 on Monday and the last Friday of the month");
    EXPECT_EQ(words("0 0 * * 5#2"), "at 00:00 on the 2nd Friday of the month");
    EXPECT_EQ(words("0 0 * * 7-2"), "at 00:00 on Sunday to Tuesday");
    EXPECT_EQ(words("0 0 * * 5-7"), "at 00:00 on Friday to Sunday");
    EXPECT_EQ(words("0 0 * * 6,7"), "at 00:00 on Sunday and Saturday");
    EXPECT_EQ(words("0 0 * * */2"), "at 00:00 on Sunday, Tuesday, Thursday and Saturday");
    EXPECT_EQ(words("0 0 * * 3-3"), "at 00:00 on Wednesday");
}

TEST(CronWords, BothDayFields) {
    EXPECT_EQ(words("0 0 13 * 5"), "at 00:00 on day 13 of the month or on Friday");
    EXPECT_EQ(words("0 0 13 * 5", Days::Both),
              "at 00:00 on day 13 of the month when that is Friday");
    EXPECT_EQ(words("0 0 1-7 * MON,WED", Days::Both),
              "at 00:00 on days 1 to 7 of the month when that is Monday or Wednesday");
}

TEST(CronWords, MonthsAndYears) {
    EXPECT_EQ(words("0 0 * NOV-FEB *"), "at 00:00 every day in November to February");
    EXPECT_EQ(words("0 0 * */3 *"), "at 00:00 every day in January, April, July and October");
    EXPECT_EQ(words("0 0 * 2 *"), "at 00:00 every day in February");
    EXPECT_EQ(words("0 0 0 * * * 2027"), "at 00:00 every day in the year 2027");
    EXPECT_EQ(words("0 0 0 * * * 2027-2030,2040"),
              "at 00:00 every day in the years 2027 to 2030 and 2040");
    EXPECT_EQ(words("0 0 0 * * * */2"), "at 00:00 every day in every 2nd year from 1970 to 2199");
}

TEST(CronWords, Macros) {
    EXPECT_EQ(words("@weekly"), "at 00:00 on Sunday");
    EXPECT_EQ(words("@hourly"), "every hour");
}

TEST(CronWords, OrdinalsHaveTheirEndings) {
    EXPECT_EQ(words("*/11 * * * *"), "every 11th minute from 0 to 59");
    EXPECT_EQ(words("0 0 L-1 * *"), "at 00:00 on the 1st day before the last of the month");
    EXPECT_EQ(words("0 0 L-22 * *"), "at 00:00 on the 22nd day before the last of the month");
    EXPECT_EQ(words("0 0 L-23 * *"), "at 00:00 on the 23rd day before the last of the month");
}

}  // namespace
}  // namespace jobhost::schedule
