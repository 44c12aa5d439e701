#include <algorithm>
#include <cmath>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "core/mistakes.hpp"
#include "core/parameters.hpp"
#include "core/value_schema.hpp"

namespace jobhost::core {

namespace {

using base::Json;
using base::JsonObject;

constexpr std::string_view kSecretKey = "$secret";

std::string_view kind_word(const Json& value) {
    switch (value.kind()) {
        case boost::json::kind::null:
            return "null";
        case boost::json::kind::bool_:
            return "true or false";
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_:
            return "a number";
        case boost::json::kind::string:
            return "a text";
        case boost::json::kind::array:
            return "a list";
        case boost::json::kind::object:
            break;
    }
    return "an object";
}

/// Judges the values of one parameter; each mistake is noted under the path of its value.
class ValueCheck {
public:
    ValueCheck(const Parameter& parameter, const ValueSchema& schema, Mistakes& mistakes)
        : parameter_(parameter), schema_(schema), mistakes_(mistakes) {}

    void check(const std::string& path, const Json& value) {
        if (!parameter_.repeated) {
            check_one(path, value);
            return;
        }
        if (!value.is_array()) {
            wrong_type(path, value, "a list");
            return;
        }
        for (std::size_t at = 0; at < value.get_array().size(); ++at) {
            check_one(path + "[" + std::to_string(at) + "]", value.get_array()[at]);
        }
    }

private:
    void check_one(const std::string& path, const Json& value) {
        if (parameter_.secret) {
            check_secret(path, value);
            return;
        }
        if (check_type(path, value)) {
            check_choices(path, value);
        }
    }

    /// The type and what narrows it; true when both were kept.
    bool check_type(const std::string& path, const Json& value) {
        switch (parameter_.type) {
            case ParameterType::String:
            case ParameterType::File:
                return check_text(path, value) && check_one_line(path, value);
            case ParameterType::Text:
            case ParameterType::Enum:
                return check_text(path, value);
            case ParameterType::Integer:
                return check_integer(path, value);
            case ParameterType::Number:
                return check_number(path, value);
            case ParameterType::Boolean:
                return value.is_bool() || wrong_type(path, value, "true or false");
            case ParameterType::DateTime:
                return check_datetime(path, value);
            case ParameterType::Duration:
                return check_duration(path, value);
            case ParameterType::Json:
                break;
        }
        return true;
    }

    bool check_text(const std::string& path, const Json& value) {
        if (!value.is_string()) {
            return wrong_type(path, value, "a text");
        }
        const std::string_view text = value.get_string();
        if (!base::is_clean_utf8(text)) {
            return wrong(path, "not_allowed", "must not hold a NUL character");
        }
        const std::size_t length = base::count_characters(text);
        if (schema_.min_length && length < *schema_.min_length) {
            return wrong(path, "too_short",
                         "must have at least " + std::to_string(*schema_.min_length) +
                             " characters, and has " + std::to_string(length));
        }
        if (schema_.max_length && length > *schema_.max_length) {
            return wrong(path, "too_long",
                         "must have at most " + std::to_string(*schema_.max_length) +
                             " characters, and has " + std::to_string(length));
        }
        return check_pattern(path, text, length);
    }

    bool check_pattern(const std::string& path, std::string_view text, std::size_t length) {
        if (!schema_.pattern) {
            return true;
        }
        if (length > Pattern::kLongestText) {
            return wrong(path, "too_long",
                         "must have at most " + std::to_string(Pattern::kLongestText) +
                             " characters, and has " + std::to_string(length));
        }
        return schema_.pattern->matches(text) ||
               wrong(path, "pattern", "does not have the form that " + parameter_.name + " needs");
    }

    bool check_one_line(const std::string& path, const Json& value) {
        const std::string_view text = value.get_string();
        return text.find_first_of("\r\n") == std::string_view::npos ||
               wrong(path, "not_allowed", "must be one line of text");
    }

    bool check_integer(const std::string& path, const Json& value) {
        const bool too_large =
            value.is_uint64() ||
            (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
             std::abs(value.get_double()) > 9e15);
        if (too_large) {
            return wrong(path, "out_of_range", "must be a whole number of at most 64 bits");
        }
        if (!value.is_int64()) {
            return wrong_type(path, value, "a whole number");
        }
        return check_range(path, value, "");
    }

    bool check_number(const std::string& path, const Json& value) {
        if (!value.is_number()) {
            return wrong_type(path, value, "a number");
        }
        return check_finite(path, value) && check_range(path, value, "");
    }

    bool check_finite(const std::string& path, const Json& value) {
        return !value.is_double() || std::isfinite(value.get_double()) ||
               wrong(path, "out_of_range", "is too large");
    }

    bool check_range(const std::string& path, const Json& value, const std::string& unit) {
        if (schema_.minimum && compare_numbers(value, *schema_.minimum) < 0) {
            return wrong(path, "out_of_range",
                         "must be at least " + base::to_text(*schema_.minimum) + unit);
        }
        if (schema_.maximum && compare_numbers(value, *schema_.maximum) > 0) {
            return wrong(path, "out_of_range",
                         "must be at most " + base::to_text(*schema_.maximum) + unit);
        }
        return true;
    }

    bool check_datetime(const std::string& path, const Json& value) {
        if (!value.is_string()) {
            return wrong_type(path, value, "a date and time as text");
        }
        const auto instant = base::parse_instant(value.get_string());
        return instant.has_value() || wrong(path, "wrong_type", instant.error().message);
    }

    bool check_duration(const std::string& path, const Json& value) {
        if (value.is_string()) {
            const auto duration = base::parse_duration(value.get_string());
            if (!duration) {
                return wrong(path, "wrong_type", duration.error().message);
            }
            return check_range(path, base::to_seconds(*duration), " seconds");
        }
        if (!value.is_number()) {
            return wrong_type(path, value, "a number of seconds or a text like \"30s\"");
        }
        if (compare_numbers(value, 0) < 0) {
            return wrong(path, "out_of_range", "must not be negative");
        }
        return check_finite(path, value) && check_range(path, value, " seconds");
    }

    void check_choices(const std::string& path, const Json& value) {
        if (schema_.choices.empty() ||
            std::ranges::find(schema_.choices, value) != schema_.choices.end()) {
            return;
        }
        if (mistakes_.full()) {
            wrong(path, "not_allowed", "");
            return;
        }
        std::string message = "must be one of";
        std::vector<std::string> texts;
        for (const auto& choice : schema_.choices) {
            message += (texts.empty() ? " " : ", ") + base::to_text(choice);
            texts.emplace_back(choice.is_string() ? std::string(choice.get_string()) : "");
        }
        if (value.is_string()) {
            const std::string hint = base::did_you_mean(value.get_string(), texts);
            message += hint.empty() ? "" : "; " + hint;
        }
        wrong(path, "not_allowed", message);
    }

    void check_secret(const std::string& path, const Json& value) {
        const bool reference = value.is_object() && value.get_object().size() == 1 &&
                               value.get_object().contains(kSecretKey) &&
                               value.get_object().at(kSecretKey).is_string() &&
                               !value.get_object().at(kSecretKey).get_string().empty();
        if (!reference) {
            wrong(path, "secret_literal",
                  R"(is a secret: give the name of one, {"$secret": "name"}, never its text)");
        }
    }

    bool wrong_type(const std::string& path, const Json& value, const std::string& wanted) {
        return wrong(path, "wrong_type",
                     "must be " + wanted + ", and is " + std::string(kind_word(value)));
    }

    /// Notes a mistake; false, so that a check can end with it.
    bool wrong(const std::string& path, const char* code, std::string message) {
        mistakes_.add(path, code, std::move(message));
        return false;
    }

    const Parameter& parameter_;
    const ValueSchema& schema_;
    Mistakes& mistakes_;
};

const Json* given(const JsonObject& args, std::string_view name) {
    const Json* value = base::find(args, name);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

void check_unknown(const TypeInfo& type, const JsonObject& args, Mistakes& mistakes) {
    std::vector<std::string_view> names;
    for (const auto& parameter : type.parameters) {
        names.emplace_back(parameter.name);
    }
    for (const auto& [key, value] : args) {
        if (std::ranges::find(names, std::string_view(key)) != names.end()) {
            continue;
        }
        const std::string hint = mistakes.full() ? "" : base::did_you_mean(key, names);
        mistakes.add("args." + std::string(base::cut_utf8(key, 64)), "unknown",
                     type.id + " takes no argument " + base::in_quotes(key) +
                         (hint.empty() ? "" : "; " + hint));
    }
}

void check_value(const Parameter& parameter,
                 const std::string& path,
                 const Json& value,
                 Mistakes& mistakes) {
    const auto schema = ValueSchema::read(parameter.schema_json);
    if (!schema) {
        mistakes.add(
            path, "bad_schema",
            "cannot be judged, the plugin describes it wrongly: " + schema.error().message);
        return;
    }
    ValueCheck(parameter, *schema, mistakes).check(path, value);
}

base::Error bad_parameter(const Parameter& parameter, const std::string& why) {
    return {base::ErrorKind::Invalid, "bad_parameter",
            "parameter " + base::in_quotes(parameter.name) + ": " + why};
}

/// A duration, or a list of them, as the runner gets it.
Json in_seconds(const Json& value) {
    if (value.is_string()) {
        const auto duration = base::parse_duration(value.get_string());
        return duration ? Json(base::to_seconds(*duration)) : value;
    }
    if (value.is_array()) {
        base::JsonArray items;
        std::ranges::transform(value.get_array(), std::back_inserter(items), in_seconds);
        return items;
    }
    return value;
}

/// The text of the value that a runner gets for this parameter; empty when there is none.
std::string runner_value(const Parameter& parameter, const base::JsonText& args) {
    const bool is_given = given(args.value.get_object(), parameter.name) != nullptr;
    std::string text = is_given ? std::string(args.member(parameter.name)) : parameter.default_json;
    if (parameter.type != ParameterType::Duration || parameter.secret || text.empty()) {
        return text;
    }
    const auto value = base::parse_json(text);
    return value ? base::to_text(in_seconds(value->value)) : text;
}

}  // namespace

base::Result<base::Unit> check_parameter(const Parameter& parameter) {
    const auto schema = ValueSchema::read(parameter.schema_json);
    if (!schema) {
        return bad_parameter(parameter, "its schema cannot be used: " + schema.error().message);
    }
    if (parameter.type == ParameterType::Enum && schema->choices.empty()) {
        return bad_parameter(parameter, "an enum needs \"enum\" in its schema");
    }
    if (parameter.default_json.empty()) {
        return base::done();
    }
    if (parameter.secret) {
        return bad_parameter(parameter, "a secret has no default");
    }
    const auto value = base::parse_json(parameter.default_json);
    if (!value) {
        return bad_parameter(parameter, "its default is not JSON: " + value.error().message);
    }
    Mistakes mistakes;
    ValueCheck(parameter, *schema, mistakes).check("default", value->value);
    if (!mistakes.empty()) {
        return bad_parameter(parameter,
                             std::move(mistakes).error("bad_parameter", "its default").message);
    }
    return base::done();
}

base::Result<base::Unit> check_args(const TypeInfo& type, const JsonObject& args) {
    Mistakes mistakes;
    for (const auto& parameter : type.parameters) {
        const std::string path = "args." + parameter.name;
        if (const Json* value = given(args, parameter.name)) {
            check_value(parameter, path, *value, mistakes);
        } else if (parameter.required && parameter.default_json.empty()) {
            mistakes.add(path, "required", type.id + " needs this argument");
        }
    }
    check_unknown(type, args, mistakes);
    if (!mistakes.empty()) {
        return std::move(mistakes).error("invalid_args", "the arguments for " + type.id);
    }
    return base::done();
}

std::string complete_args(const TypeInfo& type, const base::JsonText& args) {
    std::string text;
    for (const auto& parameter : type.parameters) {
        const auto value = runner_value(parameter, args);
        if (!value.empty()) {
            text += text.empty() ? '{' : ',';
            base::append_quoted(text, parameter.name);
            text += ':' + value;
        }
    }
    return text.empty() ? "{}" : text + '}';
}

}  // namespace jobhost::core
