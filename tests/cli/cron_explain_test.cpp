#include <gtest/gtest.h>

#include "base/json.hpp"
#include "cli/terminal.hpp"

namespace jobhost::cli {
namespace {

testing::Said explain(const std::string& expression, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"cron", "explain", expression, "--from", "2026-01-01T00:00:00Z"};
    if (more.empty() || more.front() != "--zone") {
        words.insert(words.end(), {"--zone", "Europe/Berlin"});
    }
    words.insert(words.end(), more.begin(), more.end());
    return testing::run(words);
}

std::string lines_behind_firings(const std::string& text) {
    const auto last = text.rfind("next: ");
    return text.substr(text.find('\n', last) + 1);
}

TEST(CronExplain, SaysItInWordsWithFiringsAndClockChanges) {
    const auto said = explain("30 2 * * *");
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out,
              "at 02:30 every day\n"
              "zone: Europe/Berlin\n"
              "next: 2026-01-01T02:30:00+01:00\n"
              "next: 2026-01-02T02:30:00+01:00\n"
              "next: 2026-01-03T02:30:00+01:00\n"
              "on 2026-03-29 02:30 is skipped: it runs at 03:00\n"
              "on 2026-10-25 02:30 comes twice: it runs once, in the first pass\n");
}

TEST(CronExplain, TellsWhatClockChangesDoToManyFirings) {
    EXPECT_EQ(lines_behind_firings(explain("*/20 2 * * *").out),
              "on 2026-03-29 02:00 to 02:40 are skipped: it runs once, at 03:00\n"
              "on 2026-10-25 02:00 to 02:40 come twice: each runs twice, in both passes\n");
    EXPECT_EQ(lines_behind_firings(explain("10,20 2 * * *").out),
              "on 2026-03-29 02:10 to 02:20 are skipped: it runs once, at 03:00\n"
              "on 2026-10-25 02:10 to 02:20 come twice: each runs once, in the first pass\n");
    EXPECT_EQ(lines_behind_firings(explain("15 30 * * * *").out),
              "on 2026-03-29 02:30:15 is skipped: it goes on at 03:30:15\n"
              "on 2026-10-25 02:30:15 comes twice: it runs twice in the repeated hour\n");
}

TEST(CronExplain, SaysWhenAClockChangeTouchesNothing) {
    EXPECT_EQ(lines_behind_firings(explain("0 12 * * *").out),
              "on 2026-03-29 the clock goes from 02:00 to 03:00: no firing is touched\n"
              "on 2026-10-25 the clock goes from 03:00 to 02:00: no firing is touched\n");
    EXPECT_EQ(lines_behind_firings(explain("0 12 * * *", {"--zone", "UTC"}).out), "");
}

TEST(CronExplain, ALostDayHasItsDates) {
    const auto said = testing::run({"cron", "explain", "0 12 30 12 *", "--zone", "Pacific/Apia",
                                    "--from", "2011-12-01T00:00:00Z"});
    EXPECT_NE(said.out.find("on 2011-12-30 12:00 is skipped: it runs at 2011-12-31 00:00\n"),
              std::string::npos)
        << said.out;
    const auto last = testing::run({"cron", "explain", "0 0 * 30 12 * 2011", "--zone",
                                    "Pacific/Apia", "--from", "2011-12-01T00:00:00Z"});
    EXPECT_EQ(last.out,
              "every hour on day 30 of the month in December in the year 2011\n"
              "zone: Pacific/Apia\n"
              "never again\n");
}

TEST(CronExplain, WhatCannotFireIsNever) {
    EXPECT_EQ(explain("0 0 30 2 *").out,
              "at 00:00 on day 30 of the month in February\n"
              "zone: Europe/Berlin\n"
              "never: there is no such day\n");
    EXPECT_NE(explain("0 0 0 1 1 * 2020").out.find("never again\n"), std::string::npos);
}

TEST(CronExplain, WhenNothingComesBehindSkippedTimesItSaysSo) {
    const auto said = testing::run({"cron", "explain", "0 30 * 29-30 12 * 2011", "--zone",
                                    "Pacific/Apia", "--from", "2011-12-01T00:00:00Z"});
    EXPECT_NE(said.out.find("on 2011-12-30 00:30 to 23:30 are skipped: nothing comes after\n"),
              std::string::npos)
        << said.out;
}

TEST(CronExplain, ProgramsGetJson) {
    const auto json =
        base::parse_json(explain("30 2 13 * FRI", {"--output", "json", "--days", "both"}).out);
    ASSERT_TRUE(json);
    const auto& value = json->value;
    EXPECT_EQ(value.at("expression").as_string(), "30 2 13 * FRI");
    EXPECT_EQ(value.at("days").as_string(), "both");
    EXPECT_EQ(value.at("zone").as_string(), "Europe/Berlin");
    EXPECT_EQ(value.at("words").as_string(), "at 02:30 on day 13 of the month when that is Friday");
    EXPECT_EQ(value.at("next").as_array().at(0).as_string(), "2026-02-13T02:30:00+01:00");
    const auto& change = value.at("clock_changes").as_array().at(0);
    EXPECT_EQ(change.at("at").as_string(), "2026-03-29T03:00:00+02:00");
    EXPECT_EQ(change.at("effect").as_string(), "none");
}

TEST(CronExplain, EffectsHaveStableNames) {
    const auto effects = [](const std::string& expression) {
        const auto json = base::parse_json(explain(expression, {"--output", "json"}).out);
        std::string names;
        for (const auto& change : json->value.at("clock_changes").as_array()) {
            names += std::string(change.at("effect").as_string()) + " ";
        }
        return names;
    };
    EXPECT_EQ(effects("30 2 * * *"), "made_up first_pass ");
    EXPECT_EQ(effects("30 * * * *"), "skipped both_passes ");
}

TEST(CronExplain, MistakesAreThoseOfCronNext) {
    EXPECT_EQ(explain("61 * * * *").code, 2);
    EXPECT_EQ(explain("* * * * *", {"--zone", "Nowhere"}).code, 2);
    EXPECT_EQ(testing::run({"cron", "explain"}).err,
              "jobhost: EXPR is required; see jobhost help cron explain\n");
}

}  // namespace
}  // namespace jobhost::cli
