#include "schedule/time_zone.hpp"

#include <filesystem>
#include <optional>
#include <stdlib.h>

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

}  // namespace
}  // namespace jobhost::schedule
