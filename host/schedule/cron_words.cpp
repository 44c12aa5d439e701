#include "schedule/cron_words.hpp"

#include <array>
#include <cstdio>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

namespace jobhost::schedule {

namespace {

using Kind = CronMember::Kind;
using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

/// "a, b and c"
std::string listed(const Words& words, std::string_view conjunction = "and") {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) {
            text += i + 1 < words.size() ? ", " : " " + std::string(conjunction) + " ";
        }
        text += words[i];
    }
    return text;
}

/// "2nd"
std::string ordinal(int number) {
    constexpr std::array<std::string_view, 4> kEndings{"th", "st", "nd", "rd"};
    const bool teen = number % 100 / 10 == 1;
    const auto digit = static_cast<std::size_t>(number % 10);
    return std::to_string(number) + std::string(kEndings[teen || digit > 3 ? 0 : digit]);
}

std::string weekday(int number) {
    return std::string(kWeekdays[static_cast<std::size_t>(number % 7)]);
}

std::string clock_time(int hour, int minute, int second) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), second == 0 ? "%02d:%02d" : "%02d:%02d:%02d", hour,
                  minute, second);
    return text.data();
}

const CronMember* only_member(const CronField& field) {
    return field.members.size() == 1 ? &field.members.front() : nullptr;
}

const CronMember* only_member(const CronField& field, Kind kind) {
    const auto* member = only_member(field);
    return member != nullptr && member->kind == kind ? member : nullptr;
}

bool is_one_value(const CronMember& member) {
    return member.kind == Kind::Value ||
           (member.kind == Kind::Range && member.first == member.last);
}

bool is_plain_range(const CronMember& member) {
    return member.kind == Kind::Range && member.step == 1 && member.first != member.last;
}

/// "every minute", "every 5th minute from 10 to 20"
std::string every(const CronMember& member, const std::string& noun) {
    if (member.kind == Kind::All && member.step == 1) {
        return "every " + noun;
    }
    return "every " + (member.step == 1 ? noun : ordinal(member.step) + " " + noun) + " from " +
           std::to_string(member.first) + " to " + std::to_string(member.last);
}

std::string special_day(const CronMember& member) {
    auto before_last = member.first == 0 ? std::string("the last day")
                                         : "the " + ordinal(member.first) + " day before the last";
    switch (member.kind) {
        case Kind::LastDay:
            return before_last;
        case Kind::NearestTo:
            return "the weekday (Monday to Friday) nearest to day " + std::to_string(member.first);
        case Kind::NearestToLast:
            return member.first == 0 ? "the last weekday (Monday to Friday)"
                                     : "the weekday (Monday to Friday) nearest to " + before_last;
        default:
            return {};
    }
}

/// "minute 5", "minutes 5, 10 and 20 to 30", "every 5th minute from 10 to 20"
std::string phrase(const CronField& field, const std::string& noun) {
    Words plain;
    Words others;
    bool several = false;
    for (const auto& member : field.members) {
        if (is_one_value(member)) {
            plain.push_back(std::to_string(member.first));
        } else if (is_plain_range(member)) {
            several = true;
            plain.push_back(std::to_string(member.first) + " to " + std::to_string(member.last));
        } else if (auto special = special_day(member); !special.empty()) {
            others.push_back(std::move(special));
        } else {
            others.push_back(every(member, noun));
        }
    }
    if (!plain.empty()) {
        const auto* ending = several || plain.size() > 1 ? "s " : " ";
        others.insert(others.begin(), noun + ending + listed(plain));
    }
    return listed(others);
}

/// "every 5 minutes" when the steps are even all the time.
std::string leading(const CronField& field, CronUnit unit, const std::string& noun) {
    const auto* all = only_member(field, Kind::All);
    if (all != nullptr && all->step > 1 && limits_of(unit).width() % all->step == 0) {
        return "every " + std::to_string(all->step) + " " + noun + "s";
    }
    auto text = phrase(field, noun);
    return text.starts_with("every") ? text : "at " + text;
}

/// The hours behind a rhythm of seconds or minutes: "from 09:00 to 17:59".
std::string during(const CronField& hour, const std::string& rhythm) {
    const auto* only = only_member(hour);
    const bool is_stretch = only != nullptr && (is_one_value(*only) || is_plain_range(*only));
    if (is_stretch && rhythm.starts_with("every") && rhythm.find(" from ") == std::string::npos) {
        return "from " + clock_time(only->first, 0, 0) + " to " + clock_time(only->last, 59, 0);
    }
    return "of " + phrase(hour, "hour");
}

/// "02:30 and 14:30"; nothing when there are too many, or when they are not named one by one.
std::string clock_times(const CronSyntax& syntax) {
    constexpr std::size_t kMost = 8;
    const auto& minute = syntax[CronUnit::Minute];
    const auto& hour = syntax[CronUnit::Hour];
    const auto* second = only_member(syntax[CronUnit::Second], Kind::Value);
    if (second == nullptr || !minute.is_fixed() || !hour.is_fixed()) {
        return {};
    }
    std::set<std::tuple<int, int>> times;
    for (const auto& of_day : hour.members) {
        for (const auto& of_hour : minute.members) {
            times.emplace(of_day.first, of_hour.first);
        }
    }
    Words words;
    for (const auto& [of_day, of_hour] : times) {
        words.push_back(clock_time(of_day, of_hour, second->first));
    }
    return times.size() <= kMost ? listed(words) : std::string();
}

/// One firing an hour, on full minutes: "every 2 hours", "every hour from 09:30 to 17:30".
std::string hourly(const CronSyntax& syntax) {
    const auto* second = only_member(syntax[CronUnit::Second], Kind::Value);
    const auto* minute = only_member(syntax[CronUnit::Minute], Kind::Value);
    const auto* hour = only_member(syntax[CronUnit::Hour]);
    if (second == nullptr || second->first != 0 || minute == nullptr || hour == nullptr) {
        return {};
    }
    if (is_plain_range(*hour)) {
        return "every hour from " + clock_time(hour->first, minute->first, 0) + " to " +
               clock_time(hour->last, minute->first, 0);
    }
    const bool on_the_hour = hour->kind == Kind::All && minute->first == 0;
    return on_the_hour ? leading(syntax[CronUnit::Hour], CronUnit::Hour, "hour") : std::string();
}

std::string time_words(const CronSyntax& syntax) {
    if (const auto times = clock_times(syntax); !times.empty()) {
        return "at " + times;
    }
    if (auto words = hourly(syntax); !words.empty()) {
        return words;
    }
    const auto& second = syntax[CronUnit::Second];
    const auto& minute = syntax[CronUnit::Minute];
    const auto& hour = syntax[CronUnit::Hour];
    const auto* full = only_member(second, Kind::Value);
    const bool by_minute = full != nullptr && full->first == 0;
    std::string text = by_minute ? leading(minute, CronUnit::Minute, "minute")
                                 : leading(second, CronUnit::Second, "second");
    // "of every minute" says nothing behind "every 10 seconds".
    const auto* before = only_member(by_minute ? minute : second, Kind::All);
    if (!by_minute && !(minute.is_unrestricted() && before != nullptr)) {
        text += " of " + phrase(minute, "minute");
        before = only_member(minute, Kind::All);
    }
    return hour.is_unrestricted() && before != nullptr ? text : text + " " + during(hour, text);
}

/// Names of weekdays or months: a range as such, anything else one by one.
template <typename Name>
Words names_in(const CronField& field, CronUnit unit, Name name) {
    const auto* only = only_member(field, Kind::Range);
    if (only != nullptr && is_plain_range(*only)) {
        return {name(only->first) + " to " + name(only->last)};
    }
    std::set<int> values;
    for (const auto& member : field.members) {
        if (member.kind != Kind::LastSuchWeekday && member.kind != Kind::NthSuchWeekday) {
            for_each_value(member, unit, [&](int value) { values.insert(value); });
        }
    }
    Words words;
    for (const int value : values) {
        words.push_back(name(value));
    }
    return words;
}

Words weekday_words(const CronField& field) {
    auto words = names_in(field, CronUnit::DayOfWeek, weekday);
    for (const auto& member : field.members) {
        if (member.kind == Kind::LastSuchWeekday) {
            words.push_back("the last " + weekday(member.first) + " of the month");
        } else if (member.kind == Kind::NthSuchWeekday) {
            words.push_back("the " + ordinal(member.nth) + " " + weekday(member.first) +
                            " of the month");
        }
    }
    return words;
}

std::string day_words(const CronSyntax& syntax, Days together) {
    const auto& month_day = syntax[CronUnit::DayOfMonth];
    const auto& week_day = syntax[CronUnit::DayOfWeek];
    if (month_day.is_unrestricted() && week_day.is_unrestricted()) {
        return clock_times(syntax).empty() ? "" : " every day";
    }
    const auto weekdays = weekday_words(week_day);
    if (month_day.is_unrestricted()) {
        return " on " + listed(weekdays);
    }
    auto text = " on " + phrase(month_day, "day") + " of the month";
    if (week_day.is_unrestricted()) {
        return text;
    }
    return text + (together == Days::Both ? " when that is " + listed(weekdays, "or")
                                          : " or on " + listed(weekdays));
}

std::string month_words(const CronField& field) {
    if (field.is_unrestricted()) {
        return {};
    }
    return " in " + listed(names_in(field, CronUnit::Month, [](int month) {
               return std::string(kMonths[static_cast<std::size_t>(month - 1)]);
           }));
}

std::string year_words(const CronField& field) {
    if (field.is_unrestricted()) {
        return {};
    }
    const auto text = phrase(field, "year");
    return " in " + (text.starts_with("every") ? text : "the " + text);
}

}  // namespace

std::string in_words(const CronSyntax& syntax, Days days) {
    return time_words(syntax) + day_words(syntax, days) + month_words(syntax[CronUnit::Month]) +
           year_words(syntax[CronUnit::Year]);
}

}  // namespace jobhost::schedule
