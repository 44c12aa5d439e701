#include "core/value_schema.hpp"

#include <utility>

namespace jobhost::core {

namespace {

using base::Json;
using base::JsonObject;

base::Error bad_schema(const std::string& why) {
    return {base::ErrorKind::Invalid, "bad_schema", why};
}

/// The member under either of its spellings.
const Json* member(const JsonObject& object, std::string_view name, std::string_view other) {
    const Json* found = base::find(object, name);
    return found != nullptr ? found : base::find(object, other);
}

std::optional<std::string> read_bound(const JsonObject& object,
                                      std::string_view name,
                                      std::optional<Json>& bound) {
    const Json* value = base::find(object, name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number()) {
        return "\"" + std::string(name) + "\" must be a number";
    }
    bound = *value;
    return std::nullopt;
}

std::optional<std::string> read_length(const JsonObject& object,
                                       std::string_view name,
                                       std::string_view other,
                                       std::optional<std::uint64_t>& length) {
    const Json* value = member(object, name, other);
    if (value == nullptr) {
        return std::nullopt;
    }
    boost::system::error_code error;
    const auto number = value->to_number<std::uint64_t>(error);
    if (error) {
        return "\"" + std::string(other) + "\" must be a whole number, 0 or more";
    }
    length = number;
    return std::nullopt;
}

std::optional<std::string> read_pattern(const JsonObject& object, std::optional<Pattern>& pattern) {
    const Json* value = base::find(object, "pattern");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        return "\"pattern\" must be a text";
    }
    auto compiled = Pattern::compile(value->get_string());
    if (!compiled) {
        return compiled.error().message;
    }
    pattern = *std::move(compiled);
    return std::nullopt;
}

std::optional<std::string> read_choices(const JsonObject& object, base::JsonArray& choices) {
    const Json* value = base::find(object, "enum");
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_array() || value->get_array().empty()) {
        return "\"enum\" must be a list with at least one value";
    }
    choices = value->get_array();
    return std::nullopt;
}

}  // namespace

base::Result<ValueSchema> ValueSchema::read(const std::string& schema_json) {
    ValueSchema schema;
    if (schema_json.empty()) {
        return schema;
    }
    const auto document = base::parse_json(schema_json);
    if (!document) {
        return bad_schema(document.error().message);
    }
    if (!document->value.is_object()) {
        return bad_schema("it must be an object");
    }
    const auto& object = document->value.get_object();
    for (const auto& mistake :
         {read_bound(object, "minimum", schema.minimum),
          read_bound(object, "maximum", schema.maximum),
          read_length(object, "min_length", "minLength", schema.min_length),
          read_length(object, "max_length", "maxLength", schema.max_length),
          read_pattern(object, schema.pattern), read_choices(object, schema.choices)}) {
        if (mistake) {
            return bad_schema(*mistake);
        }
    }
    return schema;
}

std::partial_ordering compare_numbers(const Json& one, const Json& other) {
    // The 64 bits of its fraction hold every integer and every double exactly.
    static_assert(std::numeric_limits<long double>::digits >= 64);
    const auto value = [](const Json& number) -> std::optional<long double> {
        switch (number.kind()) {
            case boost::json::kind::int64:
                return static_cast<long double>(number.get_int64());
            case boost::json::kind::uint64:
                return static_cast<long double>(number.get_uint64());
            case boost::json::kind::double_:
                return static_cast<long double>(number.get_double());
            default:
                return std::nullopt;
        }
    };
    const auto left = value(one);
    const auto right = value(other);
    return left && right ? *left <=> *right : std::partial_ordering::unordered;
}

}  // namespace jobhost::core
