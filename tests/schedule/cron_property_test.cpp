// Random expressions, zones and instants: against a walk through the minutes or seconds that shares
// nothing with the host's code, along thirty years, and against garbage.
#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>
#include <string>

#include <cctz/time_zone.h>
#include <gtest/gtest.h>

#include "schedule/cron.hpp"
#include "schedule/cron_firings.hpp"

namespace jobhost::schedule {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using testing::instant;

constexpr std::array kZones{"UTC",
                            "Europe/Berlin",
                            "America/New_York",
                            "Europe/London",
                            "Australia/Lord_Howe",
                            "America/Santiago",
                            "Africa/Cairo",
                            "Asia/Beirut",
                            "America/Havana",
                            "America/Sao_Paulo",
                            "Pacific/Apia",
                            "Asia/Kolkata",
                            "America/St_Johns",
                            "Asia/Tehran",
                            "Africa/Casablanca",
                            "Pacific/Chatham",
                            "Atlantic/Azores",
                            "America/Caracas",
                            "Asia/Pyongyang",
                            "Antarctica/Troll"};

/// Numbers by seed alone, the same with every standard library.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int roll(int lowest, int highest) {
        const auto width = static_cast<unsigned>(highest - lowest + 1);
        return lowest + static_cast<int>(engine_() % width);
    }
    bool chance(int percent) { return roll(1, 100) <= percent; }

private:
    std::mt19937 engine_;
};

/// A field as text, and what it means, made together.
struct Field {
    std::string text;
    std::set<int> values;
};

struct Bounds {
    int lowest;
    int highest;
};

Field random_member(Dice& dice, Bounds bounds) {
    const auto [lowest, highest] = bounds;
    const int width = highest - lowest + 1;
    const int first = dice.roll(lowest, highest);
    const int step = dice.roll(1, std::min(width, 9));
    Field field;
    const auto put = [&](int from, int count) {
        for (int i = 0; i < count; i += 1) {
            field.values.insert(lowest + (from - lowest + i * step) % width);
        }
    };
    const auto stride = "/" + std::to_string(step);
    switch (dice.roll(0, 3)) {
        case 0:
            field.text = std::to_string(first);
            field.values = {first};
            break;
        case 1:
            field.text = "*" + stride;
            put(lowest, (width + step - 1) / step);
            break;
        case 2:
            field.text = std::to_string(first) + stride;
            put(first, (highest - first) / step + 1);
            break;
        default: {
            const int length = dice.roll(0, width - 1);
            const int last = lowest + (first - lowest + length) % width;
            field.text = std::to_string(first) + "-" + std::to_string(last) + stride;
            put(first, length / step + 1);
        }
    }
    return field;
}

Field random_field(Dice& dice, Bounds bounds, int star) {
    Field field;
    if (dice.chance(star)) {
        field.text = "*";
        for (int value = bounds.lowest; value <= bounds.highest; ++value) {
            field.values.insert(value);
        }
        return field;
    }
    for (int i = dice.roll(1, 3); i > 0; --i) {
        const auto member = random_member(dice, bounds);
        field.text += (field.text.empty() ? "" : ",") + member.text;
        field.values.insert(member.values.begin(), member.values.end());
    }
    return field;
}

struct Expression {
    Field second;
    Field minute;
    Field hour;
    Field day;
    Field month;
    Field weekday;
    Days together;

    [[nodiscard]] std::string text() const {
        return second.text + " " + minute.text + " " + hour.text + " " + day.text + " " +
               month.text + " " + weekday.text;
    }
    [[nodiscard]] bool every_hour() const { return hour.text == "*" || hour.text == "*/1"; }
    [[nodiscard]] bool fixed() const {
        return (second.text + minute.text + hour.text).find_first_of("*/-") == std::string::npos;
    }
    [[nodiscard]] bool fits(const cctz::civil_second& wall) const {
        const auto weekday_number =
            (static_cast<int>(cctz::get_weekday(cctz::civil_day(wall))) + 1) % 7;
        const bool by_day = day.values.contains(wall.day());
        const bool by_name = weekday.values.contains(weekday_number);
        const auto restricts = [](const Field& field) {
            return field.text != "*" && field.text != "*/1";
        };
        const bool either = restricts(day) && restricts(weekday) && together == Days::Either;
        return second.values.contains(wall.second()) && minute.values.contains(wall.minute()) &&
               hour.values.contains(wall.hour()) && month.values.contains(wall.month()) &&
               (either ? by_day || by_name : by_day && by_name);
    }
};

Expression random_expression(Dice& dice, bool with_seconds) {
    return {with_seconds ? random_field(dice, {0, 59}, 20) : Field{"0", {0}},
            random_field(dice, {0, 59}, 20),
            random_field(dice, {0, 23}, 40),
            random_field(dice, {1, 31}, 60),
            random_field(dice, {1, 12}, 80),
            random_field(dice, {0, 6}, 60),
            dice.chance(30) ? Days::Both : Days::Either};
}

int offset_at(const cctz::time_zone& zone, sys_seconds at) { return zone.lookup(at).offset; }

bool fires(const Expression& expression, const cctz::time_zone& zone, sys_seconds at) {
    const auto wall = cctz::convert(at, zone);
    const auto readings = zone.lookup(wall);
    const bool second_pass =
        readings.kind == cctz::time_zone::civil_lookup::REPEATED && at >= readings.trans;
    if (expression.fits(wall) && !(expression.fixed() && second_pass)) {
        return true;
    }
    const int gap = offset_at(zone, at) - offset_at(zone, at - seconds(1));
    for (int i = 1; i <= gap && !expression.every_hour(); ++i) {
        if (expression.fits(wall - i)) {
            return true;
        }
    }
    return false;
}

/// An instant at most two days from a change of the clock, when there is one ahead.
base::Instant random_instant(Dice& dice, const TimeZone& zone) {
    const auto any = instant("1972-01-10T00:00:00Z") + hours(dice.roll(0, 65 * 365 * 24));
    const auto change = zone.next_change(any);
    return !change || dice.chance(20)
               ? any + seconds(dice.roll(0, 9999))
               : base::Instant(change->at + seconds(dice.roll(-100'000, 100'000)));
}

/// The first instant behind `from` that fires, on the grid of `step`, in a stretch of `length`.
std::optional<sys_seconds> walked(const Expression& expression,
                                  const cctz::time_zone& zone,
                                  base::Instant from,
                                  seconds step,
                                  seconds length) {
    const auto passed = std::chrono::floor<seconds>(from).time_since_epoch();
    for (auto at = sys_seconds(passed / step * step + step); at <= from + length; at += step) {
        if (fires(expression, zone, at)) {
            return at;
        }
    }
    return std::nullopt;
}

void compare(unsigned seed, int count, seconds step, seconds length) {
    Dice dice(seed);
    for (int i = 0; i < count; ++i) {
        const std::string name = kZones[static_cast<std::size_t>(dice.roll(0, kZones.size() - 1))];
        const auto zone = *TimeZone::load(name);
        cctz::time_zone other;
        ASSERT_TRUE(cctz::load_time_zone(name, &other));
        const auto expression = random_expression(dice, step == seconds(1));
        const auto from = random_instant(dice, zone);
        const auto cron = Cron::parse(expression.text(), expression.together);
        ASSERT_TRUE(cron) << cron.error().message;
        const auto next = cron->next(from, zone);
        const auto expected = walked(expression, other, from, step, length);
        const auto place = expression.text() + " " + name + " after " + zone.format(from);
        if (expected) {
            ASSERT_EQ(next, std::optional<base::Instant>(*expected)) << place;
        } else if (next) {
            ASSERT_GT(*next, from + length) << place;
        }
    }
}

TEST(CronProperty, AWalkMinuteByMinuteFindsTheSame) { compare(1, 700, minutes(1), days(3)); }

TEST(CronProperty, AWalkSecondBySecondFindsTheSame) { compare(2, 300, seconds(1), hours(2)); }

/// Every firing from `begin` to `end` is later than the one before, and is found again from the
/// second before it.
void walk(const Cron& cron, const TimeZone& zone, base::Instant begin, base::Instant end) {
    auto at = begin;
    for (auto next = cron.next(at, zone); next && *next <= end; next = cron.next(at, zone)) {
        ASSERT_GT(*next, at) << cron.text() << " " << zone.name();
        ASSERT_EQ(cron.next(*next - seconds(1), zone), next) << cron.text() << " " << zone.name();
        at = *next;
    }
}

TEST(CronProperty, ThirtyYearsInTwentyZonesGoForward) {
    for (const auto* name : kZones) {
        const auto zone = *TimeZone::load(name);
        for (const auto* text :
             {"30 2 * * *", "0 0 * * *", "15 1,23 * * MON-FRI", "0 0 1 * *", "0 12 LW * *",
              "30 0 L-1 * *", "0 3 15W * *", "0 2 * * SUN#1", "59 23 * * 6L"}) {
            walk(*Cron::parse(text), zone, instant("2005-01-01T00:00:00Z"),
                 instant("2035-01-01T00:00:00Z"));
        }
    }
}

TEST(CronProperty, EveryClockChangeOfThirtyYearsIsPassedForward) {
    for (const auto* name : kZones) {
        const auto zone = *TimeZone::load(name);
        auto change = zone.next_change(instant("2005-01-01T00:00:00Z"));
        while (change && change->at < instant("2035-01-01T00:00:00Z")) {
            for (const auto* text :
                 {"*/15 * * * *", "*/10 0-4 * * *", "0 */2 * * *", "7,37 * * * *"}) {
                walk(*Cron::parse(text), zone, change->at - hours(3), change->at + hours(27));
            }
            change = zone.next_change(change->at);
        }
    }
}

std::string garbage(Dice& dice) {
    constexpr std::string_view kLetters = "0123456789*/,-?LW#@ \tMONFRIJANdailyHC~+\n\x80";
    static constexpr std::array<std::string_view, 6> kStems{
        "*/5 * * * *", "0 0 L-3W * *", "0 9 * * MON-FRI", "0 0 0 1/5 * 5#2 2027", "@daily", ""};
    std::string text(kStems[static_cast<std::size_t>(dice.roll(0, kStems.size() - 1))]);
    for (int i = dice.roll(1, 3); i > 0; --i) {
        const auto at = static_cast<std::size_t>(dice.roll(0, static_cast<int>(text.size())));
        const char letter = kLetters[static_cast<std::size_t>(dice.roll(0, kLetters.size() - 1))];
        if (at < text.size() && dice.chance(60)) {
            text[at] = letter;
        } else {
            text.insert(at, 1, letter);
        }
    }
    return text;
}

TEST(CronProperty, GarbageIsRefusedWithAColumnOrFiresLater) {
    Dice dice(3);
    int accepted = 0;
    const auto zone = *TimeZone::load("America/Santiago");
    for (int i = 0; i < 20'000; ++i) {
        const auto text = garbage(dice);
        const auto cron = Cron::parse(text, dice.chance(50) ? Days::Both : Days::Either);
        if (!cron) {
            ASSERT_NE(cron.error().message.find("column "), std::string::npos) << text;
            continue;
        }
        ++accepted;
        const auto from = random_instant(dice, zone);
        const auto next = cron->next(from, zone);
        ASSERT_TRUE(!next || *next > from) << text;
        ASSERT_TRUE(!next || cron->can_fire()) << text;
    }
    EXPECT_GT(accepted, 500);
}

}  // namespace
}  // namespace jobhost::schedule
