#include "schedule/time_zone.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <stdlib.h>

#include <cctz/time_zone.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

base::Instant instant(std::string_view text) { return *base::parse_instant(text); }

/// A variable of the environment, put back at the end.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) {
        const char* before = ::getenv(name);
        before_ = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
        set(value);
    }
    ~Variable() { set(before_ ? before_->c_str() : nullptr); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    void set(const char* value) {
        if (value != nullptr) {
            ::setenv(name_, value, 1);
        } else {
            ::unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> before_;
};

TEST(TimeZone, KnowsTheOffsetsOfWinterAndSummer) {
    const auto berlin = TimeZone::load("Europe/Berlin");
    ASSERT_TRUE(berlin);
    EXPECT_EQ(berlin->name(), "Europe/Berlin");
    EXPECT_EQ(berlin->offset(instant("2026-01-15T12:00:00Z")), hours(1));
    EXPECT_EQ(berlin->offset(instant("2026-07-15T12:00:00Z")), hours(2));
}

TEST(TimeZone, ChangesAtTheVeryInstant) {
    const auto berlin = *TimeZone::load("Europe/Berlin");
    EXPECT_EQ(berlin.format(instant("2026-03-29T00:59:59.999Z")), "2026-03-29T01:59:59.999+01:00");
    EXPECT_EQ(berlin.format(instant("2026-03-29T01:00:00Z")), "2026-03-29T03:00:00.000+02:00");
    EXPECT_EQ(berlin.format(instant("2026-10-25T00:59:59Z")), "2026-10-25T02:59:59.000+02:00");
    EXPECT_EQ(berlin.format(instant("2026-10-25T01:00:00Z")), "2026-10-25T02:00:00.000+01:00");
}

TEST(TimeZone, RulesGoOnAfter2037) {
    const auto berlin = *TimeZone::load("Europe/Berlin");
    EXPECT_EQ(berlin.offset(instant("2060-07-01T00:00:00Z")), hours(2));
    EXPECT_EQ(berlin.offset(instant("2060-01-01T00:00:00Z")), hours(1));
}

TEST(TimeZone, OddOffsetsAreWrittenRight) {
    EXPECT_EQ(TimeZone::load("Asia/Kolkata")->format(instant("2026-01-01T00:00:00Z")),
              "2026-01-01T05:30:00.000+05:30");
    EXPECT_EQ(TimeZone::load("America/St_Johns")->format(instant("2026-01-01T00:00:00Z")),
              "2025-12-31T20:30:00.000-03:30");
    EXPECT_EQ(TimeZone::load("Etc/GMT+12")->offset(instant("2026-01-01T00:00:00Z")), -hours(12));
}

TEST(TimeZone, UtcNeedsNoData) {
    EXPECT_EQ(TimeZone::load("UTC")->format(instant("2026-01-01T00:00:00Z")),
              "2026-01-01T00:00:00.000+00:00");
}

TEST(TimeZone, InstantsBefore1970AreFloored) {
    const auto utc = *TimeZone::load("UTC");
    EXPECT_EQ(utc.format(instant("1969-12-31T23:59:59.999Z")), "1969-12-31T23:59:59.999+00:00");
}

TEST(TimeZone, WhatItFormatsReadsBackAsTheSameInstant) {
    const auto zone = *TimeZone::load("Australia/Lord_Howe");
    for (auto at = instant("2026-01-01T00:00:00Z"); at < instant("2027-01-01T00:00:00Z");
         at += hours(7) + minutes(13)) {
        EXPECT_EQ(*base::parse_instant(zone.format(at)), at);
    }
}

TEST(TimeZone, CopiesAreTheSameZone) {
    const auto zone = *TimeZone::load("Asia/Tokyo");
    const TimeZone copy = zone;  // NOLINT(performance-unnecessary-copy-initialization)
    EXPECT_EQ(copy.name(), "Asia/Tokyo");
    EXPECT_EQ(copy.offset(base::Instant()), hours(9));
}

TEST(TimeZone, AnUnknownNameIsToldTheNearestOne) {
    const auto zone = TimeZone::load("Europe/Berln");
    ASSERT_FALSE(zone);
    EXPECT_EQ(zone.error().kind, base::ErrorKind::Invalid);
    EXPECT_EQ(zone.error().code, "unknown_time_zone");
    EXPECT_THAT(zone.error().message, HasSubstr("did you mean \"Europe/Berlin\"?"));
    EXPECT_THAT(TimeZone::load("europe/paris").error().message, HasSubstr("\"Europe/Paris\""));
}

TEST(TimeZone, PathsAreNoNames) {
    const support::TempDir folder;
    std::filesystem::copy_file("/usr/share/zoneinfo/Asia/Tokyo", folder / "Zone");
    for (const std::string& name :
         {std::string(), std::string("/usr/share/zoneinfo/Asia/Tokyo"), (folder / "Zone").string(),
          "../../.." + (folder / "Zone").string(), std::string("Asia/../Asia/Tokyo"),
          std::string("./Asia/Tokyo"), std::string("Asia//Tokyo"), std::string("Asia/Tokyo/"),
          std::string("Asia/Tokyo\0", 11), std::string(":Asia/Tokyo"),
          std::string("file:Asia/Tokyo"), std::string(1000, 'A')}) {
        EXPECT_FALSE(TimeZone::load(name)) << name;
    }
}

TEST(TimeZone, WhatLiesBesideTheZonesIsNoZone) {
    for (const auto* name : {"Europe", "localtime", "posixrules", "right/Europe/Berlin",
                             "posix/Europe/Berlin", "zone.tab", "tzdata.zi", "leapseconds",
                             "Factory", "EST5EDT4,M3.2.0,M11.1.0", "Fixed/UTC+05:00:00"}) {
        EXPECT_FALSE(TimeZone::load(name)) << name;
    }
}

TEST(TimeZone, WithoutDataTheMessageSaysSo) {
    const support::TempDir folder;
    const Variable data("TZDIR", folder.path().c_str());
    const auto zone = TimeZone::load("Europe/Vienna");
    ASSERT_FALSE(zone);
    EXPECT_THAT(zone.error().message, HasSubstr("has no time zone data"));
    EXPECT_TRUE(TimeZone::load("UTC"));
}

TEST(TimeZone, AFileThatIsNoZoneIsRefused) {
    const support::TempDir folder;
    folder.write("Broken/File", "not a zone");
    const Variable data("TZDIR", folder.path().c_str());
    EXPECT_FALSE(TimeZone::load("Broken/File"));
}

TEST(TimeZone, TheEnvironmentNamesTheLocalZone) {
    for (const auto* value :
         {"America/New_York", ":America/New_York", "/usr/share/zoneinfo/America/New_York"}) {
        const Variable variable("TZ", value);
        EXPECT_EQ(TimeZone::local(), "America/New_York") << value;
    }
}

TEST(TimeZone, ALocalZoneThatCannotBeLoadedIsUtc) {
    for (const auto* value : {"Nowhere/Land", "EST5EDT,M3.2.0,M11.1.0", "/etc/passwd"}) {
        const Variable variable("TZ", value);
        EXPECT_EQ(TimeZone::local(), "UTC") << value;
    }
}

TEST(TimeZone, TheLocalZoneCanAlwaysBeLoaded) {
    const Variable variable("TZ", nullptr);
    EXPECT_TRUE(TimeZone::load(TimeZone::local()));
}

constexpr std::array kManyZones{"UTC",
                                "Europe/Berlin",
                                "Europe/Dublin",
                                "America/New_York",
                                "America/Caracas",
                                "Asia/Tehran",
                                "Asia/Pyongyang",
                                "Africa/Casablanca",
                                "Pacific/Apia",
                                "Pacific/Kwajalein",
                                "Africa/Monrovia",
                                "Antarctica/Troll",
                                "Australia/Lord_Howe",
                                "America/Juneau",
                                "Etc/GMT-14"};

TEST(TimeZone, EveryOffsetIsThatOfTheTimeZoneLibrary) {
    for (const auto* name : kManyZones) {
        const auto zone = *TimeZone::load(name);
        cctz::time_zone other;
        ASSERT_TRUE(cctz::load_time_zone(name, &other));
        for (auto at = instant("1840-01-01T00:00:00Z"); at < instant("2500-01-01T00:00:00Z");
             at += hours(24 * 9 + 5)) {
            const auto second = std::chrono::floor<seconds>(at);
            ASSERT_EQ(zone.offset(at).count(), other.lookup(second).offset)
                << zone.format(at) << " " << name;
        }
        for (auto at = instant("9000-01-01T00:00:00Z"); at < instant("9003-01-01T00:00:00Z");
             at += hours(31)) {
            const auto second = std::chrono::floor<seconds>(at);
            ASSERT_EQ(zone.offset(at).count(), other.lookup(second).offset)
                << zone.format(at) << " " << name;
        }
    }
}

TEST(TimeZone, PeriodsFollowEachOtherWithoutAHole) {
    for (const auto* name : kManyZones) {
        const auto zone = *TimeZone::load(name);
        auto period = zone.period_at(std::chrono::sys_days(std::chrono::year(1800) / 1 / 1));
        EXPECT_EQ(period.begin, std::chrono::sys_seconds::min());
        EXPECT_EQ(period.offset_before, period.offset);
        while (period.end < std::chrono::sys_days(std::chrono::year(2900) / 1 / 1)) {
            const auto next = zone.period_at(period.end);
            ASSERT_EQ(next.begin, period.end) << name;
            ASSERT_EQ(next.offset_before, period.offset) << name;
            ASSERT_NE(next.offset, period.offset) << name;
            const auto last = zone.period_at(period.end - seconds(1));
            ASSERT_EQ(last.begin, period.begin) << name;
            ASSERT_EQ(last.end, period.end) << name;
            period = next;
        }
    }
}

TEST(TimeZone, ChangesOfTheClockAreFoundInBothDirections) {
    const auto berlin = *TimeZone::load("Europe/Berlin");
    const auto change = instant("2026-03-29T01:00:00Z");
    EXPECT_EQ(berlin.next_change(instant("2026-01-01T00:00:00Z"))->at, change);
    EXPECT_EQ(berlin.next_change(change - base::Duration(1))->at, change);
    EXPECT_EQ(berlin.next_change(change)->at, instant("2026-10-25T01:00:00Z"));
    EXPECT_EQ(berlin.next_change(change)->before, hours(2));
    EXPECT_EQ(berlin.next_change(change)->after, hours(1));
    EXPECT_EQ(berlin.previous_change(change)->at, change);
    EXPECT_EQ(berlin.previous_change(change)->before, hours(1));
    EXPECT_EQ(berlin.previous_change(change)->after, hours(2));
    EXPECT_EQ(berlin.previous_change(change - base::Duration(1))->at,
              instant("2025-10-26T01:00:00Z"));
}

TEST(TimeZone, AClockThatIsNeverChangedSaysSo) {
    const auto utc = *TimeZone::load("UTC");
    EXPECT_FALSE(utc.next_change(instant("2026-01-01T00:00:00Z")));
    EXPECT_FALSE(utc.previous_change(instant("2026-01-01T00:00:00Z")));
    EXPECT_FALSE(TimeZone::load("Asia/Kolkata")->next_change(instant("2026-01-01T00:00:00Z")));
    EXPECT_TRUE(TimeZone::load("Asia/Kolkata")->previous_change(instant("2026-01-01T00:00:00Z")));
}

TEST(TimeZone, AReadingOfTheClockIsAnInstant) {
    const auto berlin = *TimeZone::load("Europe/Berlin");
    const auto first = [&](std::string_view wall) {
        const auto read = std::chrono::floor<seconds>(instant(wall)).time_since_epoch();
        return base::Instant(berlin.first_instant(std::chrono::local_seconds(read)));
    };
    EXPECT_EQ(first("2026-01-15T12:00:00Z"), instant("2026-01-15T11:00:00Z"));
    EXPECT_EQ(first("2026-10-25T02:30:00Z"), instant("2026-10-25T00:30:00Z")) << "the first of two";
    EXPECT_EQ(first("2026-10-25T03:00:00Z"), instant("2026-10-25T02:00:00Z"));
    EXPECT_EQ(first("2026-03-29T02:30:00Z"), instant("2026-03-29T01:00:00Z"))
        << "the clock skips it";
    EXPECT_EQ(first("2026-03-29T03:00:00Z"), instant("2026-03-29T01:00:00Z"));
    EXPECT_EQ(first("1850-01-01T00:53:28Z"), instant("1850-01-01T00:00:00Z")) << "by the sun";
}

}  // namespace
}  // namespace jobhost::schedule
