#include "core/calendars.hpp"

#include <array>

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNoon = support::ManualClock::kStart;  // 2026-03-01T12:00:00Z, a Sunday

schedule::Calendar window(std::string name, base::Duration begin, base::Duration end) {
    const auto seconds = [](base::Duration time) {
        return std::chrono::floor<std::chrono::seconds>(time);
    };
    return *schedule::Calendar::from(
        {.name = std::move(name), .windows = {{seconds(begin), seconds(end)}}},
        *schedule::TimeZone::load("UTC"));
}

const Calendars& calendars() {
    static const Calendars known({window("lunch", 12h, 13h), window("nap", 13h, 15h)});
    return known;
}

std::optional<Instant> allowed(const Blackout& blackout, Instant from, Instant limit) {
    int steps = 100;
    return blackout.allowed_from(from, limit, steps);
}

TEST(Calendars, AreFoundByTheirNames) {
    EXPECT_EQ(calendars().find("nap")->name(), "nap");
    EXPECT_EQ(calendars().find("Nap"), nullptr);
    EXPECT_EQ(calendars().names(), (std::vector<std::string_view>{"lunch", "nap"}));
}

TEST(Blackout, OfNoCalendarExcludesNothing) {
    const Blackout none;
    EXPECT_TRUE(none.empty());
    EXPECT_FALSE(none.rule_at(kNoon));
    EXPECT_EQ(allowed(none, kNoon, kNoon + 1h), kNoon);
    EXPECT_FALSE(allowed(none, kNoon, kNoon));
}

TEST(Blackout, IsWhatAnyOfTheCalendarsExcludes) {
    const std::array<std::string, 2> names{"nap", "lunch"};
    const Blackout both(calendars(), names);
    EXPECT_FALSE(both.empty());
    EXPECT_EQ(both.rule_at(kNoon), "calendar lunch");
    EXPECT_EQ(both.rule_at(kNoon + 1h), "calendar nap");
    EXPECT_FALSE(both.rule_at(kNoon + 3h));
    EXPECT_EQ(allowed(both, kNoon, kNoon + 24h), kNoon + 3h);
    EXPECT_EQ(allowed(both, kNoon + 4h, kNoon + 24h), kNoon + 4h);
    EXPECT_FALSE(allowed(both, kNoon, kNoon + 3h));
}

TEST(Blackout, IsLookedThroughInSoManySteps) {
    const std::array<std::string, 2> names{"nap", "lunch"};
    const Blackout both(calendars(), names);
    int steps = 2;
    EXPECT_EQ(both.allowed_from(kNoon, kNoon + 24h, steps), kNoon + 3h);
    EXPECT_EQ(steps, 0);
    EXPECT_EQ(both.allowed_from(kNoon + 4h, kNoon + 24h, steps), kNoon + 4h) << "costs nothing";
    EXPECT_FALSE(both.allowed_from(kNoon, kNoon + 24h, steps));
    EXPECT_LT(steps, 0);
}

TEST(Blackout, OfACalendarThatIsNotKnownExcludesEverything) {
    const std::array<std::string, 2> names{"lunch", "gone"};
    const Blackout blackout(calendars(), names);
    EXPECT_EQ(blackout.unknown(), "gone");
    EXPECT_EQ(blackout.rule_at(kNoon + 9h), "calendar gone is not in the config");
    EXPECT_FALSE(allowed(blackout, kNoon, kNoon + 24h));
}

}  // namespace
}  // namespace jobhost::core
