#include "schedule/calendar.hpp"

#include <algorithm>

#include "base/quote.hpp"

namespace jobhost::schedule {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::seconds;

constexpr seconds kDay = days(1);

bool is_range(const DateRange& range) {
    return range.first.ok() && range.last.ok() && range.first <= range.last;
}

bool is_window(const DailyWindow& window) {
    return window.begin >= seconds(0) && window.begin < kDay && window.end >= seconds(0) &&
           window.end <= kDay && window.begin != window.end;
}

bool is_in(const DailyWindow& window, base::Duration time) {
    return window.begin < window.end ? time >= window.begin && time < window.end
                                     : time >= window.begin || time < window.end;
}

base::Error wrong(const CalendarRules& rules, const std::string& what) {
    return {base::ErrorKind::Invalid, "invalid_calendar",
            "the calendar " + base::in_quotes(rules.name) + " has " + what};
}

}  // namespace

Calendar::Calendar(CalendarRules rules, TimeZone zone)
    : rules_(std::move(rules)), zone_(std::move(zone)) {}

base::Result<Calendar> Calendar::from(CalendarRules rules, TimeZone zone) {
    if (!std::ranges::all_of(rules.dates, is_range)) {
        return wrong(rules, "a date that does not exist, or a range that ends before it begins");
    }
    if (!std::ranges::all_of(rules.weekdays, &std::chrono::weekday::ok)) {
        return wrong(rules, "a weekday that does not exist");
    }
    if (!std::ranges::all_of(rules.windows, is_window)) {
        return wrong(rules, "a daily window that is empty or leaves the day");
    }
    return Calendar(std::move(rules), std::move(zone));
}

/// Up to where at least the reading of the clock is excluded; nothing when it is not.
std::optional<Calendar::WallTime> Calendar::excluded_until(WallTime wall) const {
    const auto day = std::chrono::floor<days>(wall);
    const std::chrono::year_month_day date(day);
    for (const auto& range : rules_.dates) {
        if (date >= range.first && date <= range.last) {
            return local_days(range.last) + days(1);
        }
    }
    if (std::ranges::find(rules_.weekdays, std::chrono::weekday(day)) != rules_.weekdays.end()) {
        return day + days(1);
    }
    const auto time = wall - day;
    for (const auto& window : rules_.windows) {
        if (is_in(window, time)) {
            return day + window.end + (time < window.end ? days(0) : days(1));
        }
    }
    return std::nullopt;
}

bool Calendar::excludes(base::Instant instant) const {
    return excluded_until(WallTime(instant.time_since_epoch() + zone_.offset(instant))).has_value();
}

std::optional<base::Instant> Calendar::next_allowed(base::Instant from,
                                                    base::Instant limit,
                                                    int& steps) const {
    for (auto at = from; at < limit;) {
        const auto period = zone_.period_at(std::chrono::floor<seconds>(at));
        const auto until = excluded_until(WallTime(at.time_since_epoch() + period.offset));
        if (!until) {
            return at;
        }
        if (--steps < 0) {
            return std::nullopt;
        }
        const base::Instant end(until->time_since_epoch() - period.offset);
        // The end of a last period is beyond what an instant can hold: compared in seconds.
        at = std::chrono::floor<seconds>(end) < period.end ? end : base::Instant(period.end);
    }
    return std::nullopt;
}

}  // namespace jobhost::schedule
