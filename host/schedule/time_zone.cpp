#include "schedule/time_zone.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <vector>

#include <cctz/time_zone.h>

#include "base/nearest.hpp"
#include "base/quote.hpp"

namespace jobhost::schedule {

namespace {

namespace fs = std::filesystem;

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::size_t kLongestName = 64;

constexpr sys_seconds kBeforeAllChanges = sys_days(std::chrono::year(0) / 1 / 1);
/// cctz writes out the changes of 400 years by a zone's last rule, when it has one. A zone whose
/// changes end before this instant has none.
constexpr sys_seconds kRulesGoOn = sys_days(std::chrono::year(2300) / 1 / 1);
/// 400 years, after which the calendar, weekdays included, is the same again.
constexpr seconds kCycle = std::chrono::days(146'097);

fs::path zone_folder() {
    const char* folder = std::getenv("TZDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '+' || letter == '-' ||
           letter == '/';
}

/// The folder of the zones also holds copies that count leap seconds and links to this machine's
/// zone; those are no names.
bool is_foreign(std::string_view name) {
    constexpr std::array<std::string_view, 4> kForeign{"localtime", "posixrules", "leapseconds",
                                                       "Factory"};
    return name.starts_with("posix/") || name.starts_with("right/") ||
           std::ranges::find(kForeign, name) != kForeign.end();
}

/// Could this be a name of the database? No dots and no slash at either end, so it never leads out
/// of the folder.
bool is_well_formed(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
           name.back() != '/' && name.find("//") == std::string_view::npos &&
           std::ranges::all_of(name, is_name_letter) && !is_foreign(name);
}

/// Every name in the folder; empty when there is no time zone data.
std::vector<std::string> all_names() {
    std::vector<std::string> names{"UTC"};
    const fs::path folder = zone_folder();
    std::error_code error;
    for (fs::recursive_directory_iterator file(folder, error), end; !error && file != end;
         file.increment(error)) {
        const std::string name = file->path().lexically_relative(folder).string();
        std::error_code ignored;
        if (is_well_formed(name) && !file->is_directory(ignored)) {
            names.push_back(name);
        }
    }
    return names;
}

base::Error unknown_zone(std::string_view name) {
    std::string message =
        base::in_quotes(name) + " is not a time zone; write it like Europe/Berlin";
    const auto names = all_names();
    if (names.size() == 1) {
        message += "; this machine has no time zone data, only UTC works";
    }
    const auto hint = base::did_you_mean(name, names);
    message += hint.empty() ? "" : "; " + hint;
    return {base::ErrorKind::Invalid, "unknown_time_zone", message};
}

/// The zone's name inside a path like /usr/share/zoneinfo/Europe/Berlin.
std::string name_in_path(const std::string& path) {
    constexpr std::string_view kFolder = "zoneinfo/";
    const auto at = path.rfind(kFolder);
    return at == std::string::npos ? path : path.substr(at + kFolder.size());
}

}  // namespace

/// All changes of the offset in the order of time; nothing that a look-up would have to change.
struct TimeZone::State {
    State(std::string_view zone_name, const cctz::time_zone& zone);

    std::string name;
    seconds first_offset{};
    std::vector<ClockChange> changes;
    bool repeats = false;  ///< the last 400 years of `changes` go on and on
};

TimeZone::State::State(std::string_view zone_name, const cctz::time_zone& zone)
    : name(zone_name), first_offset(zone.lookup(kBeforeAllChanges).offset) {
    const auto read = [](const cctz::civil_second& wall) {
        return sys_seconds(seconds(wall - cctz::civil_second()));
    };
    auto offset = first_offset;
    auto at = kBeforeAllChanges;
    cctz::time_zone::civil_transition transition;
    while (zone.next_transition(at, &transition)) {
        at = read(transition.from) - offset;
        const auto after = read(transition.to) - at;
        if (after != offset) {
            changes.push_back({at, offset, after});
        }
        offset = after;
    }
    repeats = !changes.empty() && changes.back().at > kRulesGoOn;
}

TimeZone::TimeZone(std::shared_ptr<const State> state) : state_(std::move(state)) {}

base::Result<TimeZone> TimeZone::load(std::string_view name) {
    cctz::time_zone zone;
    std::error_code error;
    const bool is_file = is_well_formed(name) && !fs::is_directory(zone_folder() / name, error);
    if (!is_file || !cctz::load_time_zone(std::string(name), &zone)) {
        return unknown_zone(name);
    }
    return TimeZone(std::make_shared<const State>(name, zone));
}

std::string TimeZone::local() {
    if (const char* variable = std::getenv("TZ"); variable != nullptr && *variable != '\0') {
        const std::string name = name_in_path(*variable == ':' ? variable + 1 : variable);
        return load(name) ? name : "UTC";
    }
    std::error_code error;
    const auto target = fs::read_symlink("/etc/localtime", error);
    const std::string name = name_in_path(target.string());
    return !error && load(name) ? name : "UTC";
}

const std::string& TimeZone::name() const { return state_->name; }

seconds TimeZone::offset(base::Instant instant) const {
    return period_at(std::chrono::floor<seconds>(instant)).offset;
}

ClockPeriod TimeZone::period_at(sys_seconds second) const {
    const auto& changes = state_->changes;
    if (state_->repeats && second >= changes.back().at) {
        const auto shift = ((second - changes.back().at) / kCycle + 1) * kCycle;
        auto period = period_at(second - shift);
        period.begin += shift;
        period.end += shift;
        return period;
    }
    const auto next = std::ranges::upper_bound(changes, second, {}, &ClockChange::at);
    ClockPeriod period{sys_seconds::min(), sys_seconds::max(), state_->first_offset,
                       state_->first_offset};
    if (next != changes.begin()) {
        const auto& last = *std::prev(next);
        period.begin = last.at;
        period.offset = last.after;
        period.offset_before = last.before;
    }
    if (next != changes.end()) {
        period.end = next->at;
    }
    return period;
}

std::optional<ClockChange> TimeZone::next_change(base::Instant instant) const {
    const auto period = period_at(std::chrono::floor<seconds>(instant));
    if (period.end == sys_seconds::max()) {
        return std::nullopt;
    }
    return ClockChange{period.end, period.offset, period_at(period.end).offset};
}

std::optional<ClockChange> TimeZone::previous_change(base::Instant instant) const {
    const auto period = period_at(std::chrono::floor<seconds>(instant));
    if (period.begin == sys_seconds::min()) {
        return std::nullopt;
    }
    return ClockChange{period.begin, period.offset_before, period.offset};
}

sys_seconds TimeZone::first_instant(std::chrono::local_seconds wall) const {
    constexpr std::chrono::hours kMostAhead{26};
    const auto reading = wall.time_since_epoch();
    // The first period that ends behind the reading shows it, or it begins behind it.
    auto period = period_at(sys_seconds(reading - kMostAhead));
    while (period.end != sys_seconds::max() &&
           reading >= period.end.time_since_epoch() + period.offset) {
        period = period_at(period.end);
    }
    return std::max(period.begin, sys_seconds(reading - period.offset));
}

std::string TimeZone::format(base::Instant instant) const {
    const auto ahead = std::chrono::duration_cast<std::chrono::minutes>(offset(instant));
    std::string text = base::format_instant(instant + ahead);
    std::array<char, 16> written{};
    std::snprintf(written.data(), written.size(), "%c%02d:%02d", ahead.count() < 0 ? '-' : '+',
                  static_cast<int>(std::abs(ahead.count()) / 60),
                  static_cast<int>(std::abs(ahead.count()) % 60));
    text.replace(text.size() - 1, 1, written.data());
    return text;
}

}  // namespace jobhost::schedule
