#include "schedule/time_zone.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <cctz/time_zone.h>

#include "base/nearest.hpp"
#include "base/quote.hpp"

namespace jobhost::schedule {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 64;

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

struct TimeZone::State {
    std::string name;
    cctz::time_zone zone;
};

TimeZone::TimeZone(std::shared_ptr<const State> state) : state_(std::move(state)) {}

base::Result<TimeZone> TimeZone::load(std::string_view name) {
    cctz::time_zone zone;
    std::error_code error;
    const bool is_file = is_well_formed(name) && !fs::is_directory(zone_folder() / name, error);
    if (!is_file || !cctz::load_time_zone(std::string(name), &zone)) {
        return unknown_zone(name);
    }
    return TimeZone(std::make_shared<State>(State{std::string(name), zone}));
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

std::chrono::seconds TimeZone::offset(base::Instant instant) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
    return std::chrono::seconds(state_->zone.lookup(seconds).offset);
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
