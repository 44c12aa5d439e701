#include "schedule/clock_effect.hpp"

#include <gtest/gtest.h>

#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using Kind = ClockEffect::Kind;
using testing::instant;

ClockEffect effect(std::string_view expression, std::string_view after) {
    const auto zone = *TimeZone::load("Europe/Berlin");
    return effect_of(*zone.next_change(instant(after)), *Cron::parse(expression));
}

constexpr auto kWinter = "2026-01-01T00:00:00Z";
constexpr auto kSummer = "2026-07-01T00:00:00Z";

Wall wall(std::string_view text) {
    return Wall(std::chrono::floor<std::chrono::seconds>(instant(text)).time_since_epoch());
}

TEST(ClockEffect, OfSkippedReadingsDependsOnTheHour) {
    EXPECT_EQ(effect("30 2 * * *", kWinter).kind, Kind::MadeUp);
    EXPECT_EQ(effect("*/5 2 * * *", kWinter).kind, Kind::MadeUp);
    EXPECT_EQ(effect("30 * * * *", kWinter).kind, Kind::Skipped);
}

TEST(ClockEffect, OfRepeatedReadingsDependsOnTheRhythm) {
    EXPECT_EQ(effect("30 2 * * *", kSummer).kind, Kind::FirstPass);
    EXPECT_EQ(effect("*/5 2 * * *", kSummer).kind, Kind::BothPasses);
    EXPECT_EQ(effect("30 * * * *", kSummer).kind, Kind::BothPasses);
}

TEST(ClockEffect, IsNoneWhereNoReadingFits) {
    for (const auto* text : {"0 3 * * *", "59 1 * * *", "30 2 * * MON", "0 0 30 2 *"}) {
        EXPECT_EQ(effect(text, kWinter).kind, Kind::None) << text;
        EXPECT_EQ(effect(text, kSummer).kind, Kind::None) << text;
    }
}

TEST(ClockEffect, HasTheFirstAndTheLastReading) {
    const auto found = effect("*/20 1-3 * * *", kWinter);
    EXPECT_EQ(found.first, wall("2026-03-29T02:00:00Z"));
    EXPECT_EQ(found.last, wall("2026-03-29T02:40:00Z"));
    const auto one = effect("30 2 * * *", kSummer);
    EXPECT_EQ(one.first, wall("2026-10-25T02:30:00Z"));
    EXPECT_EQ(one.last, one.first);
}

}  // namespace
}  // namespace jobhost::schedule
