#include "config/calendar_tables.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "base/utf8.hpp"

namespace jobhost::config {

namespace {

using schedule::DailyWindow;
using schedule::DateRange;

constexpr std::size_t kMostDates = 1'000;
constexpr std::size_t kMostWindows = 24;

/// The number that all of `text` is, with exactly so many digits.
std::optional<int> digits(std::string_view text, std::size_t count) {
    int number = 0;
    const bool plain = text.size() == count && std::ranges::all_of(text, [](char letter) {
                           return letter >= '0' && letter <= '9';
                       });
    if (plain) {
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    return plain ? std::optional(number) : std::nullopt;
}

/// "2026-12-25"
std::optional<std::chrono::year_month_day> date_from(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = digits(text.substr(0, 4), 4);
    const auto month = digits(text.substr(5, 2), 2);
    const auto day = digits(text.substr(8), 2);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    return date.ok() ? std::optional(date) : std::nullopt;
}

/// "2026-12-25", "2026-12-24..2027-01-01"
std::optional<DateRange> range_from(std::string_view text) {
    constexpr std::string_view kTo = "..";
    const auto to = text.find(kTo);
    const auto first = date_from(text.substr(0, to));
    const auto last =
        to == std::string_view::npos ? first : date_from(text.substr(to + kTo.size()));
    return first && last && *first <= *last ? std::optional(DateRange{*first, *last})
                                            : std::nullopt;
}

/// "06:30", up to "24:00"
std::optional<std::chrono::seconds> time_from(std::string_view text) {
    const auto hour = digits(text.substr(0, 2), 2);
    const auto minute = text.size() == 5 && text[2] == ':' ? digits(text.substr(3), 2) : hour;
    if (text.size() != 5 || text[2] != ':' || !hour || !minute || *minute > 59) {
        return std::nullopt;
    }
    const std::chrono::seconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
    return time <= std::chrono::days(1) ? std::optional(time) : std::nullopt;
}

/// "22:00-06:00"
std::optional<DailyWindow> window_from(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto begin = time_from(text.substr(0, dash));
    const auto end = time_from(text.substr(dash + 1));
    const bool fits = begin && end && *begin != *end && *begin < std::chrono::days(1);
    return fits ? std::optional(DailyWindow{*begin, *end}) : std::nullopt;
}

/// "SUN", "sun"
std::optional<std::chrono::weekday> weekday_from(std::string_view text) {
    constexpr std::array<std::string_view, 7> kNames{"SUN", "MON", "TUE", "WED",
                                                     "THU", "FRI", "SAT"};
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](char letter) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    });
    const auto found = std::ranges::find(kNames, upper);
    return found == kNames.end()
               ? std::nullopt
               : std::optional(std::chrono::weekday(static_cast<unsigned>(found - kNames.begin())));
}

/// The text of an item; TOML's own dates count as what they look like.
std::string_view text_of(const Value& value) {
    const auto* date = std::get_if<DateText>(&value.data);
    const auto* text = value.text();
    return date != nullptr   ? std::string_view(date->text)
           : text != nullptr ? std::string_view(*text)
                             : std::string_view();
}

class Tables {
public:
    Tables(bool complete, const Folders& folders, std::vector<Problem>& problems)
        : complete_(complete), folders_(folders), problems_(problems) {}

    CalendarTable read(const Table& table, const Place& place) {
        table_ = {};
        for (const auto& entry : table) {
            const auto row = std::ranges::find(kMembers, entry.key, &Member::name);
            if (row == kMembers.end()) {
                unknown(entry);
            } else if (!entry.value.broken) {
                Judge judge("calendar." + entry.key, folders_, problems_);
                (this->*row->take)(judge, entry.value);
            }
        }
        if (complete_) {
            check_whole(table, place);
        }
        return std::move(table_);
    }

private:
    struct Member {
        std::string_view name;
        void (Tables::*take)(Judge& judge, const Value& value);
    };
    static const std::array<Member, 5> kMembers;

    void take_name(Judge& judge, const Value& value) {
        const auto name = judge.text(value);
        if (!name) {
            return;
        }
        if (base::count_characters(*name) > core::kLongestCalendarName) {
            judge.refuse(value.place, "bad_value", "must have at most 64 characters");
        }
        const auto [first, is_new] = lines_.emplace(*name, value.place.line);
        if (!is_new) {
            judge.refuse(value.place, "duplicate",
                         base::in_quotes(*name) + " has a table of its own already",
                         "the other is in line " + std::to_string(first->second));
        }
        table_.rules.name = *name;
    }

    void take_timezone(Judge& judge, const Value& value) {
        table_.zone = judge.zone(value).value_or("");
    }
    void take_dates(Judge& judge, const Value& value) {
        take_items(judge, value, range_from, table_.rules.dates,
                   "must be a date or a range of dates",
                   "examples: \"2026-12-25\", \"2026-12-24..2027-01-01\"");
        refuse_many(judge, value, table_.rules.dates.size(), kMostDates);
    }
    void take_weekdays(Judge& judge, const Value& value) {
        take_items(judge, value, weekday_from, table_.rules.weekdays, "must be a weekday",
                   "write MON, TUE, WED, THU, FRI, SAT or SUN");
    }
    void take_windows(Judge& judge, const Value& value) {
        take_items(judge, value, window_from, table_.rules.windows,
                   "must be a part of the day that is not empty",
                   "examples: \"12:00-13:30\", \"22:00-06:00\" over midnight, \"22:00-24:00\"");
        refuse_many(judge, value, table_.rules.windows.size(), kMostWindows);
    }

    /// A text alone stands for a list of one.
    template <typename T>
    static void take_items(Judge& judge,
                           const Value& value,
                           std::optional<T> (*from)(std::string_view),
                           std::vector<T>& into,
                           const std::string& what,
                           const std::string& hint) {
        const auto* list = value.list();
        const List single = list == nullptr ? List{value} : List();
        for (const auto& item : list == nullptr ? single : *list) {
            if (item.broken) {
                continue;
            }
            if (const auto taken = from(text_of(item))) {
                into.push_back(*taken);
            } else {
                judge.refuse(item.place, "bad_value", what, hint);
            }
        }
    }

    static void refuse_many(Judge& judge, const Value& value, std::size_t count, std::size_t most) {
        if (count > most) {
            judge.refuse(value.place, "bad_value", "must be at most " + std::to_string(most));
        }
    }

    void unknown(const Entry& entry) {
        std::array<std::string_view, kMembers.size()> names{};
        std::ranges::transform(kMembers, names.begin(), &Member::name);
        problems_.push_back({entry.place, "unknown_key",
                             "unknown key " + base::in_quotes(entry.key) + " in [[calendar]]",
                             base::did_you_mean(entry.key, names)});
    }

    /// One that excludes nothing is a mistake: it would let everything run in silence.
    void check_whole(const Table& table, const Place& place) {
        const auto has = [&](std::string_view name) {
            const auto entry = std::ranges::find(table, name, &Entry::key);
            const auto* list = entry == table.end() ? nullptr : entry->value.list();
            return entry != table.end() && (list == nullptr || !list->empty());
        };
        if (!has("name")) {
            problems_.push_back(
                {place, "missing_key", "this [[calendar]] has no name", "add name = \"NAME\""});
        }
        if (!has("dates") && !has("weekdays") && !has("windows")) {
            problems_.push_back({place, "missing_key", "this [[calendar]] excludes nothing",
                                 "add dates, weekdays or windows"});
        }
    }

    bool complete_;
    const Folders& folders_;
    std::vector<Problem>& problems_;
    CalendarTable table_;
    std::map<std::string, int> lines_;
};

const std::array<Tables::Member, 5> Tables::kMembers{{
    {"name", &Tables::take_name},
    {"timezone", &Tables::take_timezone},
    {"dates", &Tables::take_dates},
    {"weekdays", &Tables::take_weekdays},
    {"windows", &Tables::take_windows},
}};

}  // namespace

std::vector<CalendarTable> read_calendar_tables(const Entry& entry,
                                                bool complete,
                                                const Folders& folders,
                                                std::vector<Problem>& problems) {
    std::vector<CalendarTable> calendars;
    Tables reader(complete, folders, problems);
    for (const auto& item : tables_of(entry, problems)) {
        calendars.push_back(reader.read(*item.table(), item.place));
    }
    return calendars;
}

core::Calendars make_calendars(const std::vector<CalendarTable>& tables,
                               const std::string& host_zone) {
    std::vector<schedule::Calendar> calendars;
    for (const auto& table : tables) {
        auto zone = schedule::TimeZone::load(table.zone.empty() ? host_zone : table.zone);
        JOBHOST_ASSERT(zone);
        auto calendar = schedule::Calendar::from(table.rules, *std::move(zone));
        JOBHOST_ASSERT(calendar);
        calendars.push_back(*std::move(calendar));
    }
    return core::Calendars(std::move(calendars));
}

}  // namespace jobhost::config
