#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "schedule/cron_match.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::schedule {

/// A cron expression. docs/schedules.md has the language and what happens when clocks are changed.
/// A value that never changes. [any thread]
class Cron {
public:
    /// 5, 6 or 7 fields, or a macro. A mistake is `Invalid` with the code `invalid_cron`, and its
    /// message has the column of the mistake and what was expected there.
    [[nodiscard]] static base::Result<Cron> parse(std::string_view text, Days days = Days::Either);

    /// The first whole second strictly later than `after` at which it fires by the clock of `zone`;
    /// nothing when there is none up to the year 9999. Allocates nothing.
    [[nodiscard]] std::optional<base::Instant> next(base::Instant after,
                                                    const TimeZone& zone) const;

    /// False when no day of the calendar fits, like the 30th of February.
    [[nodiscard]] bool can_fire() const { return can_fire_; }

    /// The text that was parsed.
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] Days days() const { return days_; }

    /// The first reading of a wall clock not before `from` that fits, with no thought for changes
    /// of the clock; `from` is in the years 0 to 9999.
    [[nodiscard]] std::optional<Wall> first_match(Wall from) const;

    /// It names its times one by one, so it runs in the first pass only of an hour that the clock
    /// shows twice.
    [[nodiscard]] bool is_fixed() const { return fixed_; }
    /// Its hour is `*`, so nothing is made up for in an hour that the clock skips.
    [[nodiscard]] bool is_every_hour() const { return every_hour_; }

private:
    Cron(std::string_view text, const CronSyntax& syntax, Days days);
    [[nodiscard]] bool makes_up_at(const ClockPeriod& period) const;

    std::string text_;
    CronMatch match_;
    Days days_;
    bool fixed_;
    bool every_hour_;
    bool can_fire_;
};

}  // namespace jobhost::schedule
