#include "schedule/cron_match.hpp"

#include <algorithm>
#include <bit>

namespace jobhost::schedule {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = CronMember::Kind;

constexpr int kDaysOfWeek = 7;
constexpr int kMostDays = 31;
constexpr int kMonthsOfYear = 12;
constexpr int kLastYear = 9999;
constexpr int kYearsOfCycle = 400;

std::uint64_t bit_mask(const CronSyntax& syntax, CronUnit unit) {
    std::uint64_t mask = 0;
    for (const auto& member : syntax[unit].members) {
        for_each_value(member, unit, [&](int value) { mask |= std::uint64_t{1} << value; });
    }
    return mask;
}

/// The lowest bit from `from` on; -1 when there is none.
int bit_from(std::uint64_t mask, int from) {
    const auto rest = from < 64 ? mask >> from << from : 0;
    return rest == 0 ? -1 : std::countr_zero(rest);
}

int weekday_of(local_days day) {
    constexpr int kThursday = 4;  // 1970-01-01
    const auto weekday = (day.time_since_epoch().count() + kThursday) % kDaysOfWeek;
    return static_cast<int>(weekday < 0 ? weekday + kDaysOfWeek : weekday);
}

int length_of(int year, int month) {
    constexpr std::array<int, kMonthsOfYear> kLengths{31, 28, 31, 30, 31, 30,
                                                      31, 31, 30, 31, 30, 31};
    const bool leap = month == 2 && std::chrono::year(year).is_leap();
    return kLengths[static_cast<std::size_t>(month - 1)] + (leap ? 1 : 0);
}

local_days first_of(int year, int month) {
    return local_days{std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
                      1};
}

/// The day from Monday to Friday that is nearest to `day` and inside the month.
int nearest_working_day(int day, int length, int first_weekday) {
    const int weekday = (first_weekday + day - 1) % kDaysOfWeek;
    if (weekday == 0) {
        return day < length ? day + 1 : day - 2;
    }
    if (weekday == kDaysOfWeek - 1) {
        return day > 1 ? day - 1 : day + 2;
    }
    return day;
}

}  // namespace

CronMatch::CronMatch(const CronSyntax& syntax, Days together)
    : seconds_(bit_mask(syntax, CronUnit::Second)),
      minutes_(bit_mask(syntax, CronUnit::Minute)),
      hours_(bit_mask(syntax, CronUnit::Hour)),
      months_(bit_mask(syntax, CronUnit::Month)),
      first_time_(hours(bit_from(hours_, 0)) + minutes(bit_from(minutes_, 0)) +
                  seconds(bit_from(seconds_, 0))),
      any_year_(syntax[CronUnit::Year].is_unrestricted()),
      any_month_day_(syntax[CronUnit::DayOfMonth].is_unrestricted()),
      any_weekday_(syntax[CronUnit::DayOfWeek].is_unrestricted()),
      together_(together) {
    for (const auto& member : syntax[CronUnit::Year].members) {
        for_each_value(member, CronUnit::Year, [&](int year) {
            years_.set(static_cast<std::size_t>(year - limits_of(CronUnit::Year).lowest));
        });
    }
    read_days(syntax);
    read_weekdays(syntax[CronUnit::DayOfWeek]);
}

void CronMatch::read_days(const CronSyntax& syntax) {
    for (const auto& member : syntax[CronUnit::DayOfMonth].members) {
        if (member.kind == Kind::LastDay) {
            before_last_ |= DayMask{1} << member.first;
        } else if (member.kind == Kind::NearestTo) {
            nearest_to_ = member.first;
        } else if (member.kind == Kind::NearestToLast) {
            nearest_to_last_ = member.first;
        } else {
            for_each_value(member, CronUnit::DayOfMonth,
                           [&](int day) { days_ |= DayMask{1} << day; });
        }
    }
}

void CronMatch::read_weekdays(const CronField& field) {
    std::uint8_t plain = 0;
    for (const auto& member : field.members) {
        if (member.kind == Kind::LastSuchWeekday) {
            last_weekdays_ |= static_cast<std::uint8_t>(1U << member.first);
        } else if (member.kind == Kind::NthSuchWeekday) {
            nth_weekday_ = member.first;
            nth_ = member.nth;
        } else {
            for_each_value(member, CronUnit::DayOfWeek,
                           [&](int day) { plain |= static_cast<std::uint8_t>(1U << day); });
        }
    }
    for (int first = 0; first < kDaysOfWeek; ++first) {
        for (int day = 1; day <= kMostDays; ++day) {
            const auto bit = (std::uint32_t{plain} >> ((first + day - 1) % kDaysOfWeek)) & 1U;
            weekdays_[static_cast<std::size_t>(first)] |= DayMask{bit} << day;
        }
    }
}

CronMatch::DayMask CronMatch::month_days(int length, int first_weekday) const {
    auto mask = days_;
    for (auto rest = before_last_; rest != 0; rest &= rest - 1) {
        const int day = length - std::countr_zero(rest);
        mask |= day >= 1 ? DayMask{1} << day : 0;
    }
    const int near_last = nearest_to_last_ < 0 ? 0 : length - nearest_to_last_;
    for (const int day : {nearest_to_, near_last}) {
        if (day >= 1 && day <= length) {
            mask |= DayMask{1} << nearest_working_day(day, length, first_weekday);
        }
    }
    return mask;
}

CronMatch::DayMask CronMatch::weekdays(int length, int first_weekday) const {
    auto mask = weekdays_[static_cast<std::size_t>(first_weekday)];
    for (int day = length; last_weekdays_ != 0 && day > length - kDaysOfWeek; --day) {
        const auto bit = (last_weekdays_ >> ((first_weekday + day - 1) % kDaysOfWeek)) & 1;
        mask |= static_cast<DayMask>(bit) << day;
    }
    if (nth_ > 0) {
        const int first = 1 + (nth_weekday_ - first_weekday + kDaysOfWeek) % kDaysOfWeek;
        const int day = first + (nth_ - 1) * kDaysOfWeek;
        mask |= day <= length ? DayMask{1} << day : 0;
    }
    return mask;
}

CronMatch::DayMask CronMatch::days_of_month(int length, int first_weekday) const {
    const DayMask all = (DayMask{2} << length) - 2;
    if (any_month_day_ && any_weekday_) {
        return all;
    }
    if (any_month_day_) {
        return weekdays(length, first_weekday) & all;
    }
    const auto by_number = month_days(length, first_weekday) & all;
    if (any_weekday_) {
        return by_number;
    }
    const auto by_name = weekdays(length, first_weekday) & all;
    return together_ == Days::Both ? by_number & by_name : by_number | by_name;
}

bool CronMatch::fits_year(int year) const {
    constexpr auto kYears = limits_of(CronUnit::Year);
    return any_year_ || (year >= kYears.lowest && year <= kYears.highest &&
                         years_[static_cast<std::size_t>(year - kYears.lowest)]);
}

std::optional<local_days> CronMatch::day_from(local_days from) const {
    const std::chrono::year_month_day date(from);
    int year = static_cast<int>(date.year());
    int month = static_cast<int>(static_cast<unsigned>(date.month()));
    int day = static_cast<int>(static_cast<unsigned>(date.day()));
    const int last_year =
        any_year_ ? std::min(kLastYear, year + kYearsOfCycle) : limits_of(CronUnit::Year).highest;
    for (; year <= last_year; ++year, month = 1, day = 1) {
        if (!fits_year(year)) {
            continue;
        }
        for (int one = bit_from(months_, month); one > 0; one = bit_from(months_, one + 1)) {
            const auto first = first_of(year, one);
            const auto fitting = days_of_month(length_of(year, one), weekday_of(first));
            if (const int found = bit_from(fitting, one == month ? day : 1); found > 0) {
                return first + days(found - 1);
            }
        }
    }
    return std::nullopt;
}

std::optional<seconds> CronMatch::time_from(seconds time) const {
    const std::chrono::hh_mm_ss parts(time);
    const int hour = static_cast<int>(parts.hours().count());
    const int minute = static_cast<int>(parts.minutes().count());
    const int second = static_cast<int>(parts.seconds().count());
    if (bit_from(hours_, hour) == hour) {
        if (bit_from(minutes_, minute) == minute) {
            if (const int found = bit_from(seconds_, second); found >= 0) {
                return hours(hour) + minutes(minute) + seconds(found);
            }
        }
        if (const int found = bit_from(minutes_, minute + 1); found >= 0) {
            return hours(hour) + minutes(found) + seconds(bit_from(seconds_, 0));
        }
    }
    if (const int found = bit_from(hours_, hour + 1); found >= 0) {
        return hours(found) + minutes(bit_from(minutes_, 0)) + seconds(bit_from(seconds_, 0));
    }
    return std::nullopt;
}

std::optional<Wall> CronMatch::first_from(Wall from) const {
    const auto today = std::chrono::floor<days>(from);
    auto day = day_from(today);
    if (day == today) {
        if (const auto time = time_from(from - today)) {
            return *day + *time;
        }
        day = day_from(today + days(1));
    }
    return day ? std::optional<Wall>(*day + first_time_) : std::nullopt;
}

}  // namespace jobhost::schedule
