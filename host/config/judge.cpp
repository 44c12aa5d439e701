#include "config/judge.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "base/decimal.hpp"
#include "base/quote.hpp"
#include "config/endpoint.hpp"
#include "config/size.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::config {

namespace {

constexpr std::size_t kLongestLabel = 63;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && !text.empty() ? std::optional(number) : std::nullopt;
}

std::optional<double> any_number(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && !text.empty() ? std::optional(number) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    const auto end = text.find_last_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, end - begin + 1);
}

/// "a=b" as part of a name would be unreadable in `site=fra1`.
bool is_label_name(std::string_view name) {
    return !name.empty() && name.size() <= kLongestLabel && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.' || c == '/';
    });
}

std::vector<Value> split_at_commas(const Value& value, std::string_view text) {
    std::vector<Value> parts;
    while (!trimmed(text).empty()) {
        const auto comma = std::min(text.find(','), text.size());
        parts.push_back({std::string(trimmed(text.substr(0, comma))), value.place, value.loose});
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

}  // namespace

void Judge::refuse(const Place& place,
                   std::string code,
                   const std::string& what,
                   std::string hint) {
    problems_.push_back({place, std::move(code), setting_ + " " + what, std::move(hint)});
}

void Judge::wrong_type(const Value& value, std::string_view expected) {
    if (value.loose && value.text() != nullptr) {
        refuse(value.place, "wrong_type",
               "must be " + std::string(expected) + ", and " + base::in_quotes(*value.text()) +
                   " is not");
        return;
    }
    const auto* text = value.text();
    std::string hint = text != nullptr && whole_number(*text) ? "leave the quotes out" : "";
    refuse(value.place, "wrong_type",
           "must be " + std::string(expected) + ", and this is " + std::string(kind_name(value)),
           std::move(hint));
}

const std::string* Judge::expect_text(const Value& value, std::string_view expected) {
    const auto* text = value.text();
    if (text == nullptr) {
        wrong_type(value, expected);
    }
    return text;
}

std::optional<std::string> Judge::text(const Value& value) {
    const auto* text = expect_text(value, "a string");
    if (text == nullptr) {
        return std::nullopt;
    }
    if (text->empty() || text->find_first_of("\r\n") != std::string::npos) {
        refuse(value.place, "bad_value", "must be one line that is not empty");
        return std::nullopt;
    }
    return *text;
}

std::optional<int> Judge::integer(const Value& value, Range range) {
    std::optional<std::int64_t> number;
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
        number = *integer;
    } else if (const auto* text = value.text(); text != nullptr && value.loose) {
        number = whole_number(*text);
    }
    if (!number) {
        wrong_type(value, "a whole number");
        return std::nullopt;
    }
    if (*number < range.lowest || *number > range.highest) {
        refuse(value.place, "out_of_range",
               "must be " + std::to_string(range.lowest) + " to " + std::to_string(range.highest) +
                   ", and " + std::to_string(*number) + " is not");
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

std::optional<double> Judge::number(const Value& value, NumberRange range) {
    std::optional<double> number;
    if (const auto* real = std::get_if<double>(&value.data)) {
        number = *real;
    } else if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
        number = static_cast<double>(*integer);
    } else if (const auto* text = value.text(); text != nullptr && value.loose) {
        number = any_number(*text);
    }
    if (!number) {
        wrong_type(value, "a number");
        return std::nullopt;
    }
    if (!(*number >= range.lowest && *number <= range.highest)) {
        refuse(value.place, "out_of_range",
               "must be " + base::decimal(range.lowest) + " to " + base::decimal(range.highest));
        return std::nullopt;
    }
    return number;
}

std::optional<bool> Judge::yes_no(const Value& value) {
    if (const auto* yes = std::get_if<bool>(&value.data)) {
        return *yes;
    }
    const auto* text = value.loose ? value.text() : nullptr;
    if (text == nullptr || (*text != "true" && *text != "false")) {
        wrong_type(value, "true or false");
        return std::nullopt;
    }
    return *text == "true";
}

std::optional<base::Duration> Judge::duration(const Value& value, DurationRange range) {
    const auto* text = expect_text(value, "a duration like \"30s\"");
    if (text == nullptr) {
        return std::nullopt;
    }
    const auto duration = base::parse_duration(*text);
    if (!duration) {
        refuse(value.place, "bad_value",
               "must be a duration, and " + base::in_quotes(*text) + " is not",
               "examples: \"250ms\", \"30s\", \"1h30m\"");
        return std::nullopt;
    }
    if (*duration < range.lowest || *duration > range.highest) {
        refuse(value.place, "out_of_range",
               "must be " + base::format_duration(range.lowest) + " to " +
                   base::format_duration(range.highest) + ", and " + *text + " is not");
        return std::nullopt;
    }
    return *duration;
}

std::optional<std::size_t> Judge::size(const Value& value, Range range) {
    std::optional<std::int64_t> bytes;
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
        bytes = *integer;
    } else if (const auto* text = expect_text(value, "a size like \"1MiB\"")) {
        bytes = parse_size(*text);
        if (!bytes) {
            refuse(value.place, "bad_value",
                   "must be a size, and " + base::in_quotes(*text) + " is not",
                   "examples: \"64KiB\", \"1MiB\"");
        }
    }
    if (!bytes) {
        return std::nullopt;
    }
    if (*bytes < range.lowest || *bytes > range.highest) {
        refuse(value.place, "out_of_range",
               "must be " + format_size(range.lowest) + " to " + format_size(range.highest) +
                   ", and " + format_size(*bytes) + " is not");
        return std::nullopt;
    }
    return static_cast<std::size_t>(*bytes);
}

std::filesystem::path Judge::absolute(const Value& value, std::string_view text) const {
    const auto& base = value.place.origin.empty() ? folders_.file : folders_.working;
    return (base / text).lexically_normal();
}

std::optional<std::filesystem::path> Judge::path(const Value& value) {
    const auto name = text(value);
    return name ? std::optional(absolute(value, *name)) : std::nullopt;
}

std::optional<std::string> Judge::zone(const Value& value) {
    auto name = text(value);
    if (!name) {
        return std::nullopt;
    }
    if (const auto zone = schedule::TimeZone::load(*name); !zone) {
        refuse(value.place, "unknown_zone", "must be the name of a time zone",
               zone.error().message);
        return std::nullopt;
    }
    return name;
}

std::optional<std::vector<Value>> Judge::items(const Value& value, std::string_view expected) {
    if (const auto* list = value.list()) {
        return *list;
    }
    const auto* text = expect_text(value, expected);
    if (text == nullptr) {
        return std::nullopt;
    }
    return value.place.origin.empty() ? std::vector<Value>{value} : split_at_commas(value, *text);
}

std::optional<std::vector<std::string>> Judge::host_names(const Value& value) {
    const auto parts = items(value, "a list of strings");
    if (!parts) {
        return std::nullopt;
    }
    std::vector<std::string> result;
    for (const auto& part : *parts) {
        auto word = text(part);
        if (word && !is_host_name(*word)) {
            refuse(part.place, "bad_value", "holds " + base::in_quotes(*word),
                   "write a name or an address, with or without a port: jobs.example.com:8443");
        } else if (word) {
            result.push_back(std::move(*word));
        }
    }
    return result.size() == parts->size() ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::vector<std::filesystem::path>> Judge::folders(const Value& value) {
    const auto parts = items(value, "a list of folders");
    if (!parts) {
        return std::nullopt;
    }
    std::vector<std::filesystem::path> result;
    for (const auto& part : *parts) {
        auto folder = path(part);
        std::error_code ignored;
        if (folder && !std::filesystem::is_directory(*folder, ignored)) {
            refuse(part.place, "no_such_folder",
                   "names a folder that is not there: " + path_text(*folder));
            folder.reset();
        }
        if (folder) {
            result.push_back(std::move(*folder));
        }
    }
    return result.size() == parts->size() ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::vector<PlacedEndpoint>> Judge::endpoints(const Value& value) {
    const auto parts = items(value, "a list of addresses");
    if (!parts) {
        return std::nullopt;
    }
    if (parts->empty()) {
        refuse(value.place, "bad_value", "must name at least one address");
        return std::nullopt;
    }
    std::vector<PlacedEndpoint> result;
    for (const auto& part : *parts) {
        const auto word = text(part);
        if (!word) {
            continue;
        }
        auto endpoint = parse_endpoint(*word);
        if (endpoint) {
            result.push_back({std::move(*endpoint), part.place});
        } else {
            refuse(part.place, "bad_value", "holds " + base::in_quotes(*word),
                   endpoint.error().message);
        }
    }
    return result.size() == parts->size() ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<core::LabelMap> Judge::labels(const Value& value) {
    const auto* table = value.table();
    if (table == nullptr) {
        wrong_type(value, "a table like { site = \"fra1\" }");
        return std::nullopt;
    }
    core::LabelMap result;
    for (const auto& entry : *table) {
        if (!is_label_name(entry.key)) {
            refuse(entry.place, "bad_value", "holds the name " + base::in_quotes(entry.key),
                   "1 to 63 letters, digits or _ - . /");
            continue;
        }
        if (entry.key == core::kNodeLabel) {
            refuse(entry.place, "bad_value", "holds the name " + base::in_quotes(entry.key),
                   "every host carries its own name in it; leave it out");
            continue;
        }
        if (auto word = text(entry.value)) {
            result.emplace(entry.key, std::move(*word));
        }
    }
    return result.size() == table->size() ? std::optional(std::move(result)) : std::nullopt;
}

void Judge::not_a_choice(const Value& value,
                         std::string_view word,
                         std::span<const std::string_view> names) {
    std::string list;
    for (const auto name : names) {
        list += (list.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    refuse(value.place, "not_a_choice",
           (names.size() == 1 ? "must be " : "must be one of ") + list + ", and " +
               base::in_quotes(word) + " is not",
           base::did_you_mean(word, names));
}

}  // namespace jobhost::config
