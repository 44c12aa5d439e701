#include "config/calendar_tables.hpp"

#include <gtest/gtest.h>

#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;

constexpr std::string_view kWindows = "windows = [\"12:00-13:00\"]\n";

std::string with_windows(std::string_view lines) {
    return "[[calendar]]\n" + std::string(lines) + std::string(kWindows);
}

/// The first mistake without the picture of its line: code, sentence, place.
std::string mistake(const std::string& text) {
    const std::string all = Workspace().mistakes(text);
    return all.substr(0, all.find("\n  |"));
}

bool excludes(const schedule::Calendar* calendar, std::string_view instant) {
    return calendar != nullptr && calendar->excludes(*base::parse_instant(instant));
}

TEST(CalendarTables, SayWhenNothingRuns) {
    const auto config = Workspace().read(R"(
        [[calendar]]
        name = "holidays"
        timezone = "Europe/Berlin"
        dates = ["2026-12-25", "2026-12-30..2027-01-01", 2026-05-01]
        weekdays = ["SUN", "sat"]
        [[calendar]]
        name = "nights"
        windows = ["22:00-06:00", "12:15-13:30"]
        [[calendar]]
        name = "one of each"
        weekdays = "MON"
        windows = "23:00-24:00"
        [host]
        timezone = "Asia/Tokyo"
    )");
    ASSERT_TRUE(config) << config.error().message;
    const auto& calendars = config->calendars;
    EXPECT_EQ(calendars.names(),
              (std::vector<std::string_view>{"holidays", "nights", "one of each"}));
    const auto* holidays = calendars.find("holidays");
    EXPECT_TRUE(excludes(holidays, "2026-12-25T00:00:00+01:00"));
    EXPECT_FALSE(excludes(holidays, "2026-12-24T23:59:59+01:00"));
    EXPECT_TRUE(excludes(holidays, "2026-12-31T12:00:00+01:00"));
    EXPECT_TRUE(excludes(holidays, "2026-05-01T12:00:00+02:00"));
    EXPECT_TRUE(excludes(holidays, "2026-03-07T12:00:00+01:00")) << "a Saturday";
    EXPECT_TRUE(excludes(holidays, "2026-03-08T12:00:00+01:00")) << "a Sunday";
    EXPECT_FALSE(excludes(holidays, "2026-03-09T12:00:00+01:00"));
    const auto* nights = calendars.find("nights");
    EXPECT_TRUE(excludes(nights, "2026-03-01T05:59:59+09:00")) << "by the host's clock";
    EXPECT_FALSE(excludes(nights, "2026-03-01T06:00:00+09:00"));
    EXPECT_TRUE(excludes(nights, "2026-03-01T12:15:00+09:00"));
    EXPECT_TRUE(excludes(calendars.find("one of each"), "2026-03-01T23:59:59+09:00"));
}

TEST(CalendarTables, AHostWithoutAnyHasNone) {
    EXPECT_TRUE(Workspace().read("")->calendars.names().empty());
}

TEST(CalendarTables, AMistakeIsToldWithItsPlace) {
    EXPECT_EQ(Workspace().mistakes(with_windows("name = \"n\"\ndates = [\"2026-02-29\"]\n")),
              R"(error[bad_value]: calendar.dates must be a date or a range of dates
 --> jobhost.toml:3:10
  |
3 | dates = ["2026-02-29"]
  |          ^^^^^^^^^^^^ examples: "2026-12-25", "2026-12-24..2027-01-01"

1 mistake in the configuration
)");
    EXPECT_EQ(mistake("[calendar]\nname = \"n\"\n"),
              "error[wrong_type]: calendar must be a list of tables, and this is a table\n"
              " --> jobhost.toml:1:2");
    EXPECT_EQ(mistake(with_windows("")),
              "error[missing_key]: this [[calendar]] has no name\n --> jobhost.toml:1:1");
    EXPECT_EQ(mistake("[[calendar]]\nname = \"n\"\ndates = []\n"),
              "error[missing_key]: this [[calendar]] excludes nothing\n --> jobhost.toml:1:1");
    EXPECT_EQ(mistake(with_windows("name = \"n\"\nzone = \"UTC\"\n")),
              "error[unknown_key]: unknown key \"zone\" in [[calendar]]\n --> jobhost.toml:3:1");
    EXPECT_EQ(mistake(with_windows("name = \"n\"\n") + with_windows("name = \"n\"\n")),
              "error[duplicate]: calendar.name \"n\" has a table of its own already\n"
              " --> jobhost.toml:5:8");
    EXPECT_EQ(mistake(with_windows("name = 1\n")),
              "error[wrong_type]: calendar.name must be a string, and this is an integer\n"
              " --> jobhost.toml:2:8");
    EXPECT_EQ(mistake(with_windows("name = \"" + std::string(65, 'x') + "\"\n")),
              "error[bad_value]: calendar.name must have at most 64 characters\n"
              " --> jobhost.toml:2:8");
    EXPECT_EQ(mistake(with_windows("name = \"n\"\ntimezone = \"Mars/Base\"\n")),
              "error[unknown_zone]: calendar.timezone must be the name of a time zone\n"
              " --> jobhost.toml:3:12");
}

TEST(CalendarTables, WhatIsNoDateNoWeekdayAndNoWindowIsRefused) {
    const auto is_refused = [](const std::string& line) {
        const Workspace workspace;
        return workspace.mistakes("[[calendar]]\nname = \"n\"\n" + line).find("error[bad_value]") ==
               0;
    };
    for (const auto* date : {"\"2026-13-01\"", "\"2026-1-01\"", "\"26-01-01\"", "\"\"", "1",
                             "\"2027-01-01..2026-01-01\"", "\"2026-01-01..\"",
                             "\"2026-01-01...2026-02-01\"", "\"+026-01-01\"", "12:00:00"}) {
        EXPECT_TRUE(is_refused("dates = [" + std::string(date) + "]\n")) << date;
    }
    for (const auto* day : {"\"SATURDAY\"", "\"\"", "6"}) {
        EXPECT_TRUE(is_refused("weekdays = [" + std::string(day) + "]\n")) << day;
    }
    for (const auto* window :
         {"\"12:00\"", "\"12:00-12:00\"", "\"24:00-01:00\"", "\"12:00-24:01\"", "\"12:00-12:60\"",
          "\"1:00-2:00\"", "\"12.00-13:00\"", "\"\"", "\"-\"", "7", "12:00:00"}) {
        EXPECT_TRUE(is_refused("windows = [" + std::string(window) + "]\n")) << window;
    }
}

TEST(CalendarTables, ThereAreLimits) {
    const auto list = [](const std::string& item, int count) {
        std::string text = "[";
        for (int i = 0; i < count; ++i) {
            text += item + ",";
        }
        return text + "]\n";
    };
    EXPECT_EQ(mistake("[[calendar]]\nname = \"n\"\ndates = " + list("\"2026-12-25\"", 1001)),
              "error[bad_value]: calendar.dates must be at most 1000\n --> jobhost.toml:3:9");
    EXPECT_EQ(mistake("[[calendar]]\nname = \"n\"\nwindows = " + list("\"12:00-13:00\"", 25)),
              "error[bad_value]: calendar.windows must be at most 24\n --> jobhost.toml:3:11");
    EXPECT_EQ(mistake("[[calendar]]\nname = \"n\"\nwindows = " + list("\"12:00-13:00\"", 24)), "");
}

}  // namespace
}  // namespace jobhost::config
