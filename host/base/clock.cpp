#include "base/clock.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "base/quote.hpp"

namespace jobhost::base {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Instant kFirst{sys_days{std::chrono::year{0} / 1 / 1}};
constexpr Instant kLast{sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::days{1} -
                        Duration{1}};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

Error not_an_instant(std::string_view text, std::string_view why) {
    return {ErrorKind::Invalid, "not_an_instant",
            in_quotes(text) + " is not a date and time: " + std::string(why) +
                "; write it like 2026-03-01T12:00:00Z"};
}

/// Reads a text from the left; every step says whether it could be done.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool number(std::size_t digits, int& value) {
        if (rest_.size() < digits) {
            return false;
        }
        value = 0;
        for (const char letter : rest_.substr(0, digits)) {
            if (!is_digit(letter)) {
                return false;
            }
            value = value * 10 + (letter - '0');
        }
        rest_.remove_prefix(digits);
        return true;
    }

    bool one_of(std::string_view letters, char& found) {
        if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        found = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }

    bool letter(std::string_view letters) {
        char ignored = 0;
        return one_of(letters, ignored);
    }

    /// Milliseconds of a fraction that may be there; false when it is begun and has no digit.
    bool fraction(Duration& value) {
        value = Duration{0};
        if (!letter(".")) {
            return true;
        }
        std::int64_t weight = 100;
        std::size_t digits = 0;
        while (digits < rest_.size() && is_digit(rest_[digits])) {
            value += Duration{weight * (rest_[digits] - '0')};
            weight /= 10;
            ++digits;
        }
        rest_.remove_prefix(digits);
        return digits > 0;
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

struct Written {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    Duration fraction{};
    std::chrono::minutes offset{};  ///< of the place where it was written, east of UTC
    bool offset_in_range = true;
};

bool read_offset(Reader& reader, Written& written) {
    char sign = 0;
    if (!reader.one_of("Zz+-", sign)) {
        return false;
    }
    if (sign == 'Z' || sign == 'z') {
        return true;
    }
    int hours = 0;
    int minutes = 0;
    if (!reader.number(2, hours) || !reader.letter(":") || !reader.number(2, minutes)) {
        return false;
    }
    written.offset_in_range = hours <= 23 && minutes <= 59;
    written.offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    if (sign == '-') {
        written.offset = -written.offset;
    }
    return true;
}

bool read_written(Reader& reader, Written& written) {
    return reader.number(4, written.year) && reader.letter("-") &&
           reader.number(2, written.month) && reader.letter("-") && reader.number(2, written.day) &&
           reader.letter("Tt") && reader.number(2, written.hour) && reader.letter(":") &&
           reader.number(2, written.minute) && reader.letter(":") &&
           reader.number(2, written.second) && reader.fraction(written.fraction) &&
           read_offset(reader, written) && reader.at_end();
}

struct TimeUnit {
    std::string_view name;
    std::int64_t milliseconds;
};

/// Largest first: a sum is written in this order, each unit at most once.
constexpr std::array kUnits{TimeUnit{"d", 86'400'000}, TimeUnit{"h", 3'600'000},
                            TimeUnit{"m", 60'000}, TimeUnit{"s", 1'000}, TimeUnit{"ms", 1}};

Error not_a_duration(std::string_view text, std::string_view why) {
    return {ErrorKind::Invalid, "not_a_duration",
            in_quotes(text) + " is not a duration: " + std::string(why) +
                "; write it like 250ms, 30s, 5m, 1h30m or 2d"};
}

/// Takes the leading digits off `text`; nothing when there are none or the number is too large.
std::optional<std::int64_t> take_number(std::string_view& text) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
        const int digit = text[digits] - '0';
        if (value > (kMost - digit) / 10) {
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    text.remove_prefix(digits);
    return digits > 0 ? std::optional(value) : std::nullopt;
}

std::string_view take_letters(std::string_view& text) {
    const auto length = std::min(text.find_first_of("0123456789"), text.size());
    const auto letters = text.substr(0, length);
    text.remove_prefix(length);
    return letters;
}

}  // namespace

Instant SystemClock::now() const {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Steady SystemClock::steady() const { return std::chrono::steady_clock::now(); }

std::string format_instant(Instant instant) {
    const auto shown = std::clamp(instant, kFirst, kLast);
    const auto day = std::chrono::floor<std::chrono::days>(shown);
    const year_month_day date{day};
    const std::chrono::hh_mm_ss time{shown - day};
    char text[48];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

Result<Instant> parse_instant(std::string_view text) {
    Reader reader(text);
    Written written;
    if (!read_written(reader, written)) {
        return not_an_instant(text, "it does not follow RFC 3339");
    }
    const year_month_day date{std::chrono::year{written.year},
                              std::chrono::month{static_cast<unsigned>(written.month)},
                              std::chrono::day{static_cast<unsigned>(written.day)}};
    if (!date.ok()) {
        return not_an_instant(text, "there is no such day");
    }
    if (written.hour > 23 || written.minute > 59 || written.second > 59) {
        return not_an_instant(text, "there is no such time of day");
    }
    if (!written.offset_in_range) {
        return not_an_instant(text, "its offset from UTC is more than 23:59");
    }
    const Instant instant =
        sys_days{date} + std::chrono::hours{written.hour} + std::chrono::minutes{written.minute} +
        std::chrono::seconds{written.second} + written.fraction - written.offset;
    if (instant < kFirst || instant > kLast) {
        return not_an_instant(text, "it is not in the years 0000 to 9999 of UTC");
    }
    return instant;
}

double to_seconds(Duration duration) { return static_cast<double>(duration.count()) / 1000.0; }

Result<Duration> parse_duration(std::string_view text) {
    if (text.empty()) {
        return not_a_duration(text, "it is empty");
    }
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    std::string_view rest = text;
    std::int64_t sum = 0;
    auto unit = kUnits.begin();
    while (!rest.empty()) {
        const bool starts_with_digit = is_digit(rest.front());
        const auto number = take_number(rest);
        if (!number) {
            return not_a_duration(text,
                                  starts_with_digit ? "it is too long" : "it has no number first");
        }
        const auto name = take_letters(rest);
        unit = std::find_if(unit, kUnits.end(), [&](const auto& one) { return one.name == name; });
        if (unit == kUnits.end()) {
            return not_a_duration(
                text, "every number needs one of the units d, h, m, s and ms, in this order");
        }
        if (*number > (kMost - sum) / unit->milliseconds) {
            return not_a_duration(text, "it is too long");
        }
        sum += *number * unit->milliseconds;
        ++unit;
    }
    return Duration{sum};
}

std::string format_duration(Duration duration) {
    if (duration == Duration{0}) {
        return "0s";
    }
    std::string text = duration < Duration{0} ? "-" : "";
    // The remainders keep the sign of the whole, so the smallest value needs no special care.
    std::int64_t rest = duration.count();
    for (const auto& unit : kUnits) {
        const std::int64_t count = rest / unit.milliseconds;
        rest %= unit.milliseconds;
        if (count != 0) {
            text += std::to_string(std::abs(count));
            text += unit.name;
        }
    }
    return text;
}

}  // namespace jobhost::base
