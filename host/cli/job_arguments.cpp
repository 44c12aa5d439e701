#include "cli/job_arguments.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "base/json.hpp"
#include "base/quote.hpp"
#include "base/utf8.hpp"
#include "cli/exit_code.hpp"
#include "cli/input.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

namespace {

using base::Json;
using core::ParameterType;

const core::Parameter* find_parameter(const core::TypeInfo* type, std::string_view name) {
    if (type == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(type->parameters, name, &core::Parameter::name);
    return found == type->parameters.end() ? nullptr : &*found;
}

std::optional<Json> read_json(std::string_view text) {
    auto parsed = base::parse_json(std::string(text));
    return parsed ? std::optional(std::move(parsed->value)) : std::nullopt;
}

/// The value that a parameter of this kind gets from a text that a person typed. What cannot be
/// read that way stays text, and the host says what is wrong with it.
Json typed(ParameterType type, std::string_view text) {
    const auto json = read_json(text);
    switch (type) {
        case ParameterType::Integer:
        case ParameterType::Number:
        case ParameterType::Duration:
            return json && json->is_number() ? *json : Json(text);
        case ParameterType::Boolean:
            return json && json->is_bool() ? *json : Json(text);
        case ParameterType::Json:
            return json ? *json : Json(text);
        case ParameterType::String:
        case ParameterType::Text:
        case ParameterType::Enum:
        case ParameterType::DateTime:
        case ParameterType::File:
            return Json(text);
    }
    return Json(text);
}

struct Word {
    std::string name;
    std::string value;
    bool raw = false;  ///< `name:=json`
};

base::Result<Word> split(const std::string& text) {
    const auto equals = text.find('=');
    const bool raw = equals != std::string::npos && equals > 0 && text[equals - 1] == ':';
    const auto name = text.substr(0, raw ? equals - 1 : equals);
    if (equals == std::string::npos || name.empty()) {
        return wrong_use(base::in_quotes(text) +
                         " is no argument; write NAME=VALUE, or NAME:=JSON");
    }
    return Word{name, text.substr(equals + 1), raw};
}

base::Result<Json> value_of(const Word& word, const core::Parameter* parameter) {
    if (!word.raw) {
        return typed(parameter == nullptr ? ParameterType::String : parameter->type, word.value);
    }
    auto json = base::parse_json(word.value);
    if (!json) {
        return wrong_use("what stands behind " + word.name +
                         ":= is not JSON: " + json.error().message);
    }
    return std::move(json->value);
}

base::Result<base::JsonObject> read_whole(const std::string& whole) {
    if (whole.empty()) {
        return base::JsonObject{};
    }
    auto parsed = base::parse_json(whole);
    if (!parsed) {
        return wrong_use("--args is not JSON: " + parsed.error().message);
    }
    if (!parsed->value.is_object()) {
        return wrong_use("--args must be a JSON object");
    }
    return std::move(parsed->value.get_object());
}

/// A repeated parameter collects its values; any other takes one.
base::Result<base::Unit> put(base::JsonObject& args,
                             std::set<std::string>& seen,
                             const Word& word,
                             const core::Parameter* parameter) {
    auto value = value_of(word, parameter);
    if (!value) {
        return std::move(value).error();
    }
    const bool first = seen.insert(word.name).second;
    const bool list = parameter != nullptr && parameter->repeated && !word.raw;
    if (!first && !list) {
        return wrong_use("the argument " + base::in_quotes(word.name) + " is given twice");
    }
    if (!list) {
        args[word.name] = std::move(*value);
        return base::done();
    }
    auto& values = args[word.name];
    if (first || !values.is_array()) {
        values = base::JsonArray{};
    }
    values.get_array().push_back(std::move(*value));
    return base::done();
}

/// Options that become members of the job as they are, and what the host calls them.
struct Carried {
    std::string_view option;
    std::string_view member;
    Form form = Form::Text;
};

constexpr std::array<Carried, 23> kCarried{{
    {"--name", "name"},
    {"--group", "group"},
    {"--priority", "priority"},
    {"--description", "description"},
    {"--creator", "creator"},
    {"--unique-key", "unique_key"},
    {"--node", "node_name"},
    {"--begin-time", "begin_time", Form::Instant},
    {"--timeout", "timeout", Form::Duration},
    {"--max-try-count", "max_try_count", Form::Count},
    {"--cron", "cron"},
    {"--cron-days", "cron_days"},
    {"--time-zone", "time_zone"},
    {"--interval", "interval", Form::Duration},
    {"--end-time", "end_time", Form::Instant},
    {"--max-count", "max_count", Form::Count},
    {"--misfire", "misfire"},
    {"--misfire-limit", "misfire_limit", Form::Count},
    {"--catch-up", "catch_up", Form::Duration},
    {"--overlap", "overlap"},
    {"--lock-timeout", "lock_timeout", Form::Duration},
    {"--jitter", "jitter", Form::Duration},
    {"--occurrence-tries", "occurrence_tries", Form::Count},
}};

/// The value of an option that was given.
base::Json carried(const Arguments& options, const Carried& row) {
    switch (row.form) {
        case Form::Instant:
            return base::Json(base::format_instant(*options.instant(row.option)));
        case Form::Duration:
            return base::Json(base::to_seconds(*options.duration(row.option)));
        case Form::Count:
            return base::Json(*options.count(row.option));
        default:
            return base::Json(*options.text(row.option));
    }
}

base::JsonObject labels_of(const Arguments& options) {
    base::JsonObject labels;
    for (const auto& pair : options.texts("--label")) {
        const auto equals = pair.find('=');
        labels[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    return labels;
}

/// An empty name stands for none at all.
base::JsonArray calendars_of(const Arguments& options) {
    auto names = options.texts("--calendar");
    std::erase(names, "");
    return base::JsonArray(names.begin(), names.end());
}

/// `base=10s`, `factor=2`, …; what is no duration or number goes to the host as it is, which says
/// so.
base::JsonObject retry_of(const Arguments& options) {
    base::JsonObject retry;
    for (const auto& pair : options.texts("--retry")) {
        const auto equals = pair.find('=');
        const auto text = pair.substr(equals + 1);
        const auto number = base::parse_json(text);
        const auto duration = base::parse_duration(text);
        base::Json value(text);
        if (duration) {
            value = base::to_seconds(*duration);
        } else if (number && number->value.is_number()) {
            value = number->value;
        }
        retry[pair.substr(0, equals)] = std::move(value);
    }
    return retry;
}

base::JsonObject members_of(const Arguments& options, base::Instant now) {
    base::JsonObject body;
    for (const Carried& row : kCarried) {
        if (options.flag(row.option)) {
            body[row.member] = carried(options, row);
        }
    }
    if (const auto delay = options.duration("--in")) {
        body["begin_time"] = base::format_instant(now + *delay);
    }
    if (auto retry = retry_of(options); !retry.empty()) {
        body["retry"] = std::move(retry);
    }
    if (auto labels = labels_of(options); !labels.empty()) {
        body["labels"] = std::move(labels);
    }
    if (options.flag("--calendar")) {
        body["calendars"] = calendars_of(options);
    }
    if (options.text("--node") == "") {
        body["node_name"] = nullptr;
    }
    if (options.flag("--disabled")) {
        body["enabled"] = false;
    }
    return body;
}

/// Would a host take this as the creator? Nobody typed it, so nobody shall be told that it is
/// wrong.
bool is_creator(const std::string& user) {
    constexpr std::size_t kLongest = 100;
    return !user.empty() && base::is_clean_utf8(user) && !base::has_control_characters(user) &&
           base::count_characters(user) <= kLongest;
}

}  // namespace

base::Result<std::string> job_arguments(const std::string& whole,
                                        std::span<const std::string> words,
                                        const core::TypeInfo* type) {
    auto args = read_whole(whole);
    if (!args) {
        return std::move(args).error();
    }
    if (words.empty()) {
        return whole.empty() ? std::string("{}") : whole;
    }
    std::set<std::string> seen;
    for (const auto& text : words) {
        const auto word = split(text);
        if (!word) {
            return word.error();
        }
        if (auto stored = put(*args, seen, *word, find_parameter(type, word->name)); !stored) {
            return std::move(stored).error();
        }
    }
    return base::to_text(*args);
}

std::string create_body(const std::string& type,
                        const std::string& args,
                        const Arguments& options,
                        const std::string& user,
                        base::Instant now) {
    auto members = members_of(options, now);
    if (is_creator(user) && !members.contains("creator")) {
        members["creator"] = user;
    }
    // The arguments stand as text, so that nothing of them changes on the way.
    auto rest = base::to_text(members);
    rest.erase(0, 1);
    return R"({"type":)" + base::to_text(base::Json(type)) + R"(,"args":)" + args +
           (rest == "}" ? "" : ",") + rest;
}

base::Result<std::optional<std::string>> whole_arguments(const Arguments& options) {
    const auto source = options.text("--args");
    if (!source) {
        return std::optional<std::string>();
    }
    auto text = read_input(*source);
    if (!text) {
        return std::move(text).error();
    }
    if (text->find_first_not_of(" \t\r\n") == std::string::npos) {
        return wrong_use("--args is empty; write {} for no arguments");
    }
    return std::optional(std::move(*text));
}

base::Result<std::string> change_body(const Arguments& options, base::Instant now) {
    if (options.flag("--in") && options.flag("--begin-time")) {
        return wrong_use("--in and --begin-time say the same thing; give one of them");
    }
    const auto whole = whole_arguments(options);
    if (!whole) {
        return whole.error();
    }
    auto text = base::to_text(members_of(options, now));
    if (!*whole) {
        return text;
    }
    auto args = job_arguments(**whole, {}, nullptr);
    if (!args) {
        return args;
    }
    // The arguments stand as text, so that nothing of them changes on the way.
    text.erase(0, 1);
    return R"({"args":)" + *args + (text == "}" ? "" : ",") + text;
}

}  // namespace jobhost::cli
