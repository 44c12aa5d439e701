#include "schedule/cron_syntax.hpp"

#include <string>

#include <gtest/gtest.h>

namespace jobhost::schedule {
namespace {

/// What is said behind "column N: ", with the column; "(understood)" when nothing is wrong.
std::string refusal(std::string_view text) {
    const auto syntax = CronSyntax::parse(text);
    if (syntax) {
        return "(understood)";
    }
    EXPECT_EQ(syntax.error().kind, base::ErrorKind::Invalid);
    EXPECT_EQ(syntax.error().code, "invalid_cron");
    const auto at = syntax.error().message.find("column ");
    return at == std::string::npos ? syntax.error().message : syntax.error().message.substr(at);
}

int column(std::string_view text) {
    const auto said = refusal(text);
    constexpr std::string_view kBegin = "column ";
    EXPECT_TRUE(said.starts_with(kBegin)) << text << ": " << said;
    return said.starts_with(kBegin) ? std::stoi(said.substr(kBegin.size())) : 0;
}

std::vector<int> values(std::string_view text, CronUnit unit) {
    const auto syntax = CronSyntax::parse(text);
    EXPECT_TRUE(syntax) << text;
    std::vector<int> found;
    for (const auto& member : (*syntax)[unit].members) {
        for_each_value(member, unit, [&](int value) { found.push_back(value); });
    }
    return found;
}

using Values = std::vector<int>;

TEST(CronSyntax, FiveSixAndSevenFieldsAreRead) {
    for (const auto* text : {"* * * * *", "0 * * * * *", "0 0 0 1 1 * 2027", " \t0   0\t* * *  "}) {
        EXPECT_EQ(refusal(text), "(understood)") << text;
    }
    EXPECT_EQ(values("5 * * * *", CronUnit::Second), Values{0});
    EXPECT_EQ(values("7 5 * * * *", CronUnit::Second), Values{7});
    EXPECT_EQ(values("7 5 * * * * 2027,2030-2031", CronUnit::Year), (Values{2027, 2030, 2031}));
}

TEST(CronSyntax, AWrongNumberOfFieldsIsToldWhereTheNextOrTheExtraOneStands) {
    EXPECT_EQ(
        refusal("* * * *"),
        "column 8: the expression ends after 4 fields; expected 5 fields (minute hour day month "
        "weekday), 6 with the second first, or 7 with the year last");
    EXPECT_EQ(column(""), 1);
    EXPECT_EQ(column("   "), 1);
    EXPECT_EQ(column(" 5"), 3);
    EXPECT_EQ(column("* * * * * * * *"), 15);
    EXPECT_EQ(column("0 0 * * 1, 2"), 11) << "a list has no blanks, so a value is missing";
}

TEST(CronSyntax, ListsRangesAndStepsGiveTheirValues) {
    EXPECT_EQ(values("1,5,3 * * * *", CronUnit::Minute), (Values{1, 5, 3}));
    EXPECT_EQ(values("10-13 * * * *", CronUnit::Minute), (Values{10, 11, 12, 13}));
    EXPECT_EQ(values("*/20 * * * *", CronUnit::Minute), (Values{0, 20, 40}));
    EXPECT_EQ(values("*/60 * * * *", CronUnit::Minute), Values{0});
    EXPECT_EQ(values("50/4 * * * *", CronUnit::Minute), (Values{50, 54, 58}));
    EXPECT_EQ(values("10-20/5 * * * *", CronUnit::Minute), (Values{10, 15, 20}));
    EXPECT_EQ(values("5-5 * * * *", CronUnit::Minute), Values{5});
    EXPECT_EQ(values("0,10-12,58/1,*/30 * * * *", CronUnit::Minute),
              (Values{0, 10, 11, 12, 58, 59, 0, 30}));
    EXPECT_EQ(values("* * */10 * *", CronUnit::DayOfMonth), (Values{1, 11, 21, 31}));
    EXPECT_EQ(values("0 0 0 1 1 * 2195/2", CronUnit::Year), (Values{2195, 2197, 2199}));
}

TEST(CronSyntax, RangesWrapRoundAndStepsCountAlongThem) {
    EXPECT_EQ(values("57-2 * * * *", CronUnit::Minute), (Values{57, 58, 59, 0, 1, 2}));
    EXPECT_EQ(values("50-10/5 * * * *", CronUnit::Minute), (Values{50, 55, 0, 5, 10}));
    EXPECT_EQ(values("* 22-1 * * *", CronUnit::Hour), (Values{22, 23, 0, 1}));
    EXPECT_EQ(values("* * 30-2 * *", CronUnit::DayOfMonth), (Values{30, 31, 1, 2}));
    EXPECT_EQ(values("* * 25-5/3 * *", CronUnit::DayOfMonth), (Values{25, 28, 31, 3}));
    EXPECT_EQ(values("* * * NOV-FEB *", CronUnit::Month), (Values{11, 12, 1, 2}));
    EXPECT_EQ(values("* * * * FRI-TUE", CronUnit::DayOfWeek), (Values{5, 6, 0, 1, 2}));
    EXPECT_EQ(values("* * * * FRI-TUE/2", CronUnit::DayOfWeek), (Values{5, 0, 2}));
}

TEST(CronSyntax, SundayIsZeroAndSeven) {
    EXPECT_EQ(values("* * * * 7", CronUnit::DayOfWeek), Values{0});
    EXPECT_EQ(values("* * * * 5-7", CronUnit::DayOfWeek), (Values{5, 6, 0}));
    EXPECT_EQ(values("* * * * 7-2", CronUnit::DayOfWeek), (Values{0, 1, 2}));
    EXPECT_EQ(values("* * * * 6-0", CronUnit::DayOfWeek), (Values{6, 0}));
    EXPECT_EQ(values("* * * * 7-7", CronUnit::DayOfWeek), Values{0});
    EXPECT_EQ(values("* * * * 7-0", CronUnit::DayOfWeek), Values{0});
    EXPECT_EQ(values("* * * * 1-7/2", CronUnit::DayOfWeek), (Values{1, 3, 5, 0}));
    EXPECT_EQ(values("* * * * 0-7", CronUnit::DayOfWeek), (Values{0, 1, 2, 3, 4, 5, 6, 0}));
    EXPECT_EQ(values("* * * * 7/3", CronUnit::DayOfWeek), (Values{0, 3, 6}));
    EXPECT_EQ(values("* * * * 3/2", CronUnit::DayOfWeek), (Values{3, 5}));
    EXPECT_EQ(values("0 0 0 * * 7 *", CronUnit::DayOfWeek), Values{0}) << "in seven fields as well";
}

TEST(CronSyntax, NamesHaveThreeLettersInAnyCase) {
    EXPECT_EQ(values("* * * jan,Dec,mAr-MAY *", CronUnit::Month), (Values{1, 12, 3, 4, 5}));
    EXPECT_EQ(values("* * * * sun,MON-wed", CronUnit::DayOfWeek), (Values{0, 1, 2, 3}));
    EXPECT_EQ(values("* * * * MON-5", CronUnit::DayOfWeek), (Values{1, 2, 3, 4, 5}));
    EXPECT_EQ(values("* * * FEB/5 *", CronUnit::Month), (Values{2, 7, 12}));
    EXPECT_EQ(refusal("* * * * MONDAY"),
              "column 9: found \"MONDAY\"; expected a weekday from 0 to 7 or SUN to SAT");
    EXPECT_EQ(refusal("* * * JANUARY *"),
              "column 7: found \"JANUARY\"; expected a month from 1 to 12 or JAN to DEC");
    EXPECT_EQ(column("* * * * MON-FRIDAY"), 13);
    EXPECT_EQ(column("* * * * JAN"), 9);
    EXPECT_EQ(column("* * * MON *"), 7);
    EXPECT_EQ(column("MON * * * *"), 1);
    EXPECT_EQ(column("* * * * MO"), 9);
}

TEST(CronSyntax, LeadingZerosMeanNothing) {
    EXPECT_EQ(values("007 08 * * *", CronUnit::Minute), Values{7});
    EXPECT_EQ(values("*/015 * * * *", CronUnit::Minute), (Values{0, 15, 30, 45}));
    EXPECT_TRUE((*CronSyntax::parse("* * */01 * *"))[CronUnit::DayOfMonth].is_unrestricted());
}

TEST(CronSyntax, ValuesOutOfRangeAreRefused) {
    EXPECT_EQ(refusal("60 * * * *"), "column 1: found \"60\"; expected a minute from 0 to 59");
    EXPECT_EQ(refusal("* 24 * * *"), "column 3: found \"24\"; expected an hour from 0 to 23");
    EXPECT_EQ(refusal("* * 0 * *"),
              "column 5: found \"0\"; expected a day of the month from 1 to 31");
    EXPECT_EQ(column("* * 32 * *"), 5);
    EXPECT_EQ(column("* * * 0 *"), 7);
    EXPECT_EQ(column("* * * 13 *"), 7);
    EXPECT_EQ(column("* * * * 8"), 9);
    EXPECT_EQ(column("60 * * * * *"), 1);
    EXPECT_EQ(column("0 0 0 1 1 * 1969"), 13);
    EXPECT_EQ(column("0 0 0 1 1 * 2200"), 13);
    EXPECT_EQ(column("1-60 * * * *"), 3);
    EXPECT_EQ(column("5,99999999999999999999 * * * *"), 3);
}

TEST(CronSyntax, AStepIsFromOneToTheWidthOfItsField) {
    EXPECT_EQ(refusal("*/61 * * * *"), "column 3: found \"61\"; expected a step from 1 to 60");
    EXPECT_EQ(column("*/0 * * * *"), 3);
    EXPECT_EQ(column("1-5/61 * * * *"), 5);
    for (const auto* text : {"*/60 * * * *", "* */24 * * *", "* * */31 * *", "* * * */12 *",
                             "* * * * */7", "0 0 0 * * * */230"}) {
        EXPECT_EQ(refusal(text), "(understood)") << text;
    }
    EXPECT_EQ(column("* */25 * * *"), 5);
    EXPECT_EQ(column("* * */32 * *"), 7);
    EXPECT_EQ(column("* * * */13 *"), 9);
    EXPECT_EQ(column("* * * * */8"), 11);
    EXPECT_EQ(column("0 0 0 * * * */231"), 15);
    EXPECT_EQ(column("*/ * * * *"), 3);
    EXPECT_EQ(column("*/a * * * *"), 3);
    EXPECT_EQ(column("*/5/2 * * * *"), 4);
}

TEST(CronSyntax, YearsDoNotWrap) {
    EXPECT_EQ(refusal("0 0 0 * * * 2030-2029"),
              "column 18: found \"2029\"; expected a year from 2030 to 2199");
}

TEST(CronSyntax, SignsAndEmptyMembersAreRefused) {
    EXPECT_EQ(refusal(",1 * * * *"), "column 1: found \",\"; expected a minute from 0 to 59");
    EXPECT_EQ(refusal("1, * * * *"), "column 3: the field ends; expected a minute from 0 to 59");
    EXPECT_EQ(column("1,,2 * * * *"), 3);
    EXPECT_EQ(column("-1 * * * *"), 1);
    EXPECT_EQ(column("+1 * * * *"), 1);
    EXPECT_EQ(column("1- * * * *"), 3);
    EXPECT_EQ(column("1--2 * * * *"), 3);
    EXPECT_EQ(column("*/-2 * * * *"), 3);
    EXPECT_EQ(column("1-2-3 * * * *"), 4);
    EXPECT_EQ(column("/5 * * * *"), 1);
    EXPECT_EQ(column("*5 * * * *"), 2);
    EXPECT_EQ(column("*-5 * * * *"), 2);
    EXPECT_EQ(column("** * * * *"), 2);
}

TEST(CronSyntax, TheSpecialLettersOfOthersAreRefused) {
    EXPECT_EQ(column("H * * * *"), 1);
    EXPECT_EQ(column("H/5 * * * *"), 1);
    EXPECT_EQ(column("1~5 * * * *"), 2);
    EXPECT_EQ(column("* * C * *"), 5);
    EXPECT_EQ(column("* * 5C * *"), 6);
    EXPECT_EQ(column("1.5 * * * *"), 2);
    EXPECT_EQ(column("0x1 * * * *"), 2);
    EXPECT_EQ(column("1e1 * * * *"), 2);
}

TEST(CronSyntax, AQuestionMarkStandsAloneInADayField) {
    EXPECT_TRUE((*CronSyntax::parse("0 0 ? * 1"))[CronUnit::DayOfMonth].is_unrestricted());
    EXPECT_TRUE((*CronSyntax::parse("0 0 ? * ?"))[CronUnit::DayOfWeek].is_unrestricted());
    EXPECT_EQ(column("? * * * *"), 1);
    EXPECT_EQ(column("* ? * * *"), 3);
    EXPECT_EQ(column("* * * ? *"), 7);
    EXPECT_EQ(column("0 0 0 * * ? ?"), 13);
    EXPECT_EQ(refusal("* * ?/2 * *"), "column 6: found \"/\"; expected a blank behind ?");
    EXPECT_EQ(column("* * ?,5 * *"), 6);
    EXPECT_EQ(column("* * 5,? * *"), 7);
    EXPECT_EQ(column("* * ?? * *"), 6);
}

TEST(CronSyntax, OnlyAStarRestrictsNothing) {
    for (const auto* text : {"* * * * *", "* * ? * *", "* * */1 * *"}) {
        EXPECT_TRUE((*CronSyntax::parse(text))[CronUnit::DayOfMonth].is_unrestricted()) << text;
    }
    for (const auto* text :
         {"* * */2 * *", "* * 1-31 * *", "* * 1/1 * *", "* * *,5 * *", "* * L * *"}) {
        EXPECT_FALSE((*CronSyntax::parse(text))[CronUnit::DayOfMonth].is_unrestricted()) << text;
    }
}

TEST(CronSyntax, DaysFromTheEndOfTheMonthAreRead) {
    using Kind = CronMember::Kind;
    const auto member = [](std::string_view text) {
        const auto syntax = CronSyntax::parse("0 0 " + std::string(text) + " * *");
        EXPECT_TRUE(syntax) << text;
        return (*syntax)[CronUnit::DayOfMonth].members.at(0);
    };
    EXPECT_EQ(member("L").kind, Kind::LastDay);
    EXPECT_EQ(member("l-30").first, 30);
    EXPECT_EQ(member("LW").kind, Kind::NearestToLast);
    EXPECT_EQ(member("L-03W").first, 3);
    EXPECT_EQ(member("15w").kind, Kind::NearestTo);
    EXPECT_EQ(refusal("0 0 L,L-3,15 * *"), "(understood)");
    EXPECT_EQ(refusal("0 0 15,L * *"), "(understood)");
    EXPECT_EQ(refusal("0 0 L-31 * *"),
              "column 7: found \"31\"; expected how many days before the last, from 0 to 30");
    EXPECT_EQ(column("0 0 L- * *"), 7);
    EXPECT_EQ(column("0 0 LL * *"), 6);
    EXPECT_EQ(column("0 0 L/2 * *"), 6);
    EXPECT_EQ(column("0 0 1-L * *"), 7);
    EXPECT_EQ(column("0 0 5L * *"), 6);
    EXPECT_EQ(column("0 0 W * *"), 5);
    EXPECT_EQ(column("0 0 WL * *"), 5);
    EXPECT_EQ(column("0 0 0W * *"), 5);
    EXPECT_EQ(column("0 0 32W * *"), 5);
    EXPECT_EQ(column("0 0 1-5W * *"), 8);
    EXPECT_EQ(column("0 0 5W/2 * *"), 7);
    EXPECT_EQ(column("L * * * *"), 1);
    EXPECT_EQ(column("0 5W * * *"), 4);
}

TEST(CronSyntax, WeekdaysOfTheMonthAreRead) {
    for (const auto* text : {"0 0 * * 5L", "0 0 * * FRIL", "0 0 * * fril", "0 0 * * 7L",
                             "0 0 * * 1,5L", "0 0 * * 5#1", "0 0 * * fri#5", "0 0 * * 7#2"}) {
        EXPECT_EQ(refusal(text), "(understood)") << text;
    }
    EXPECT_EQ(refusal("0 0 * * L"),
              "column 9: found \"L\"; expected a weekday from 0 to 7 or SUN to SAT");
    EXPECT_EQ(refusal("0 0 * * 5#6"),
              "column 11: found \"6\"; expected which of the month, from 1 to 5");
    EXPECT_EQ(column("0 0 * * 5#0"), 11);
    EXPECT_EQ(column("0 0 * * 5#"), 11);
    EXPECT_EQ(column("0 0 * * #2"), 9);
    EXPECT_EQ(column("0 0 * * *#2"), 10);
    EXPECT_EQ(column("0 0 * * 8#2"), 9);
    EXPECT_EQ(column("0 0 * * 8L"), 9);
    EXPECT_EQ(column("0 0 * * 1-5#2"), 12);
    EXPECT_EQ(column("0 0 * * MON-FRIL"), 16);
    EXPECT_EQ(column("0 0 * * 5L/2"), 11);
    EXPECT_EQ(column("0 0 * * 5L-1"), 11);
    EXPECT_EQ(column("0 0 * * LW"), 9);
    EXPECT_EQ(column("0 0 * * 5W"), 10);
    EXPECT_EQ(column("0 0 * * FRIW"), 9);
    EXPECT_EQ(column("0 0 2#1 * *"), 6);
}

TEST(CronSyntax, WAndNthStandInNoList) {
    EXPECT_EQ(refusal("0 0 15W,20 * *"),
              "column 7: W cannot stand in a list; expected one day alone");
    EXPECT_EQ(column("0 0 20,15W * *"), 10);
    EXPECT_EQ(column("0 0 1,LW * *"), 8);
    EXPECT_EQ(column("0 0 L-2W,1 * *"), 8);
    EXPECT_EQ(column("0 0 * * 5#2,1"), 10);
    EXPECT_EQ(column("0 0 * * MON,FRI#2"), 16);
}

TEST(CronSyntax, OnlyBlanksAndPrintableLettersOfAsciiAreTaken) {
    EXPECT_EQ(column("* * * *\n*"), 8);
    EXPECT_EQ(column("* * * * *\n"), 10);
    EXPECT_EQ(column("\r* * * * *"), 1);
    EXPECT_EQ(column(std::string_view("* * * * *\0", 10)), 10);
    EXPECT_EQ(column("* * * * \x7f"), 9);
    EXPECT_EQ(column("* * \xc3\xa4 * *"), 5);
    EXPECT_EQ(column("*\xc2\xa0* * * *"), 2) << "a blank that does not break a line is no blank";
}

TEST(CronSyntax, MacrosStandForTheirFields) {
    EXPECT_EQ(values("@yearly", CronUnit::Month), Values{1});
    EXPECT_EQ(values("@annually", CronUnit::DayOfMonth), Values{1});
    EXPECT_EQ(values("@monthly", CronUnit::Hour), Values{0});
    EXPECT_EQ(values("@weekly", CronUnit::DayOfWeek), Values{0});
    EXPECT_EQ(values(" @Daily\t", CronUnit::Minute), Values{0});
    EXPECT_EQ(values("@midnight", CronUnit::Hour), Values{0});
    EXPECT_EQ(values("@hourly", CronUnit::Minute), Values{0});
    EXPECT_EQ(values("@every_minute", CronUnit::Second), Values{0});
    EXPECT_EQ(values("@every_second", CronUnit::Second).size(), 60U);
    EXPECT_EQ(
        refusal("@reboot"),
        "column 1: found \"@reboot\"; expected one of @yearly @annually @monthly @weekly @daily "
        "@midnight @hourly @every_minute @every_second");
    EXPECT_EQ(column(" @every 5m"), 2);
    EXPECT_EQ(column("@"), 1);
    EXPECT_EQ(refusal("@daily now"), "column 8: found a word behind @daily; expected the end");
    EXPECT_EQ(column("0 @daily"), 9);
}

TEST(CronSyntax, TheMessageNamesTheExpression) {
    const auto syntax = CronSyntax::parse("61 * * * *");
    ASSERT_FALSE(syntax);
    EXPECT_EQ(
        syntax.error().message,
        "\"61 * * * *\" is not a cron expression: column 1: found \"61\"; expected a minute from "
        "0 to 59");
}

TEST(CronSyntax, AFixedFieldNamesItsValues) {
    const auto is_fixed = [](std::string_view field) {
        return (*CronSyntax::parse("0 " + std::string(field) + " * * *"))[CronUnit::Hour]
            .is_fixed();
    };
    EXPECT_TRUE(is_fixed("2"));
    EXPECT_TRUE(is_fixed("2,14"));
    for (const auto* field : {"*", "*/2", "2-2", "2/1", "2,14-15"}) {
        EXPECT_FALSE(is_fixed(field)) << field;
    }
}

}  // namespace
}  // namespace jobhost::schedule
