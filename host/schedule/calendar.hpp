#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::schedule {

/// Days of the calendar, both ends included; a single day is its own first and last.
struct DateRange {
    std::chrono::year_month_day first;
    std::chrono::year_month_day last;
};

/// A part of every day by the wall clock, since midnight, without its end. It goes on over midnight
/// when `end` is before `begin`; until midnight is 24 h.
struct DailyWindow {
    std::chrono::seconds begin;
    std::chrono::seconds end;
};

struct CalendarRules {
    std::string name;
    std::vector<DateRange> dates = {};
    std::vector<std::chrono::weekday> weekdays = {};
    std::vector<DailyWindow> windows = {};
};

/// When nothing may run, by the clock of a zone. A value that never changes. [any thread]
class Calendar {
public:
    /// `Invalid` with the code `invalid_calendar` for a day that does not exist, a range that ends
    /// before it begins, and a window that is empty or leaves the day.
    [[nodiscard]] static base::Result<Calendar> from(CalendarRules rules, TimeZone zone);

    [[nodiscard]] const std::string& name() const { return rules_.name; }

    /// Is `instant` in one of the dates, weekdays or windows?
    [[nodiscard]] bool excludes(base::Instant instant) const;

    /// The first instant from `from` on that is not excluded; nothing when there is none before
    /// `limit`. Each stretch of excluded time costs one of `steps`; below 0 there were too many,
    /// and the answer is nothing.
    [[nodiscard]] std::optional<base::Instant> next_allowed(base::Instant from,
                                                            base::Instant limit,
                                                            int& steps) const;

private:
    using WallTime = std::chrono::local_time<base::Duration>;

    Calendar(CalendarRules rules, TimeZone zone);
    [[nodiscard]] std::optional<WallTime> excluded_until(WallTime wall) const;

    CalendarRules rules_;
    TimeZone zone_;
};

}  // namespace jobhost::schedule
