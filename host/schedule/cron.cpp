// When the wall clock is put forward, some of its readings never come. If the expression names one
// of them it runs once, at the moment of the change, so that a nightly job is not lost; with `*` as
// the hour nothing is lost and it goes on with its next reading. When the clock is put back, some
// readings come twice. An expression that names its times one by one means each of them once, so
// the second pass is left out; one with `*`, `/` or `-` means a rhythm, which goes on.
//
// So time is walked period by period, a period being the time between two changes, in which wall
// clock and UTC differ by a constant.
#include "schedule/cron.hpp"

#include <algorithm>

namespace jobhost::schedule {

namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kFirst = sys_days(std::chrono::year(0) / 1 / 1);
constexpr sys_seconds kEnd = sys_days(std::chrono::year(10000) / 1 / 1);

/// More than any wall clock differs from UTC, and more than any is ever put forward or back.
constexpr std::chrono::days kMostOffset{3};

Wall wall_at(sys_seconds instant, seconds offset) {
    return Wall(instant.time_since_epoch() + offset);
}

sys_seconds instant_at(Wall wall, seconds offset) {
    return sys_seconds(wall.time_since_epoch() - offset);
}

}  // namespace

Cron::Cron(std::string_view text, const CronSyntax& syntax, Days days)
    : text_(text),
      match_(syntax, days),
      days_(days),
      fixed_(syntax[CronUnit::Second].is_fixed() && syntax[CronUnit::Minute].is_fixed() &&
             syntax[CronUnit::Hour].is_fixed()),
      every_hour_(syntax[CronUnit::Hour].is_unrestricted()),
      can_fire_(match_.first_from(Wall()).has_value()) {}

base::Result<Cron> Cron::parse(std::string_view text, Days days) {
    const auto syntax = CronSyntax::parse(text);
    if (!syntax) {
        return syntax.error();
    }
    return Cron(text, *syntax, days);
}

std::optional<Wall> Cron::first_match(Wall from) const {
    return can_fire_ ? match_.first_from(from) : std::nullopt;
}

/// Does the clock skip a reading that fits when the period begins?
bool Cron::makes_up_at(const ClockPeriod& period) const {
    if (every_hour_ || period.offset <= period.offset_before) {
        return false;
    }
    const auto skipped = match_.first_from(wall_at(period.begin, period.offset_before));
    return skipped && *skipped < wall_at(period.begin, period.offset);
}

std::optional<base::Instant> Cron::next(base::Instant after, const TimeZone& zone) const {
    auto at = std::max(std::chrono::floor<seconds>(after), kFirst - seconds(1)) + seconds(1);
    while (can_fire_ && at < kEnd) {
        const auto period = zone.period_at(at);
        if (at == period.begin && makes_up_at(period)) {
            return at;
        }
        auto from = wall_at(at, period.offset);
        if (fixed_ && period.offset < period.offset_before) {
            from = std::max(from, wall_at(period.begin, period.offset_before));
        }
        const auto match = match_.first_from(from);
        if (match && instant_at(*match, period.offset) < std::min(period.end, kEnd)) {
            return instant_at(*match, period.offset);
        }
        // Readings between `from` and the match do not fit, so the periods between them can be
        // left out, but for a change soon after `at`, which may bring back readings before `from`.
        const bool far = period.end > at + kMostOffset;
        const auto near_match = match ? instant_at(*match, kMostOffset) : kEnd;
        at = far ? std::max(period.end, near_match) : period.end;
    }
    return std::nullopt;
}

}  // namespace jobhost::schedule
