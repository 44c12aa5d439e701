#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>

#include "schedule/cron_syntax.hpp"

namespace jobhost::schedule {

/// A reading of a wall clock, of whichever place.
using Wall = std::chrono::local_seconds;

/// How day of month and day of week go together when both are restricted.
enum class Days {
    Either,  ///< the job runs on a day that one of them names
    Both,    ///< only on a day that both name
};

/// The readings of a wall clock that a cron expression names, as if no clock was ever changed.
/// A value that never changes. [any thread]
class CronMatch {
public:
    CronMatch(const CronSyntax& syntax, Days days);

    /// The first reading not before `from` that fits, up to the end of the year 9999. Takes a few
    /// steps per month that does not fit, and never looks further than the 400 years after which
    /// the calendar repeats.
    [[nodiscard]] std::optional<Wall> first_from(Wall from) const;

private:
    using DayMask = std::uint32_t;  // bit n is the day n of a month

    void read_days(const CronSyntax& syntax);
    void read_weekdays(const CronField& field);
    [[nodiscard]] bool fits_year(int year) const;
    [[nodiscard]] std::optional<std::chrono::local_days> day_from(
        std::chrono::local_days day) const;
    [[nodiscard]] DayMask days_of_month(int length, int first_weekday) const;
    [[nodiscard]] DayMask month_days(int length, int first_weekday) const;
    [[nodiscard]] DayMask weekdays(int length, int first_weekday) const;
    [[nodiscard]] std::optional<std::chrono::seconds> time_from(std::chrono::seconds time) const;

    std::uint64_t seconds_ = 0;
    std::uint64_t minutes_ = 0;
    std::uint64_t hours_ = 0;
    std::uint64_t months_ = 0;
    std::chrono::seconds first_time_{};  // of every day that fits
    std::bitset<limits_of(CronUnit::Year).width()> years_;
    bool any_year_;
    bool any_month_day_;
    bool any_weekday_;
    Days together_;

    // Day of the month.
    DayMask days_ = 0;
    DayMask before_last_ = 0;   // bit n is the day n days before the last
    int nearest_to_ = 0;        // 0 is none
    int nearest_to_last_ = -1;  // -1 is none

    // Day of the week, 0 is Sunday.
    std::array<DayMask, 7> weekdays_{};  // by the weekday of the month's first day
    std::uint8_t last_weekdays_ = 0;
    int nth_ = 0;  // 0 is none
    int nth_weekday_ = 0;
};

}  // namespace jobhost::schedule
