#include "core/parameters.hpp"

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

constexpr NameTable<ParameterType, 10> kTypes{{
    {ParameterType::String, "string"},
    {ParameterType::Text, "text"},
    {ParameterType::Integer, "integer"},
    {ParameterType::Number, "number"},
    {ParameterType::Boolean, "boolean"},
    {ParameterType::Enum, "enum"},
    {ParameterType::DateTime, "datetime"},
    {ParameterType::Duration, "duration"},
    {ParameterType::Json, "json"},
    {ParameterType::File, "file"},
}};

/// A document of a plugin as a value; null when there is none or it is not JSON.
Json embedded(const std::string& text) {
    if (text.empty()) {
        return nullptr;
    }
    auto document = base::parse_json(text);
    return document ? document->value : Json(nullptr);
}

base::Error not_a_type(const std::string& why) {
    return {base::ErrorKind::Invalid, "bad_type_info", "a job type cannot be read back: " + why};
}

/// Reads members of an object; what is absent keeps its default, what is of the wrong kind is
/// remembered as the one mistake that is told.
class Members {
public:
    explicit Members(const JsonObject& object) : object_(object) {}

    void read(std::string_view name, std::string& text) {
        if (const Json* value = present(name)) {
            if (value->is_string()) {
                text = std::string(value->get_string());
            } else {
                wrong(name);
            }
        }
    }

    void read(std::string_view name, bool& truth) {
        if (const Json* value = present(name)) {
            if (value->is_bool()) {
                truth = value->get_bool();
            } else {
                wrong(name);
            }
        }
    }

    void read(std::string_view name, int& number) {
        if (const Json* value = present(name)) {
            boost::system::error_code error;
            number = value->to_number<int>(error);
            if (error) {
                wrong(name);
            }
        }
    }

    void read_seconds(std::string_view name, std::optional<Duration>& duration) {
        if (const Json* value = present(name)) {
            boost::system::error_code error;
            const auto seconds = value->to_number<double>(error);
            const double longest = base::to_seconds(std::chrono::years(10));
            if (error || !(seconds >= 0 && seconds <= longest)) {
                wrong(name);
            } else {
                duration = std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
            }
        }
    }

    void read_document(std::string_view name, std::string& text) {
        if (const Json* value = present(name)) {
            text = base::to_text(*value);
        }
    }

    void wrong(std::string_view name) {
        if (mistake_.empty()) {
            mistake_ = "\"" + std::string(name) + "\" is of the wrong kind";
        }
    }

    [[nodiscard]] const Json* present(std::string_view name) const {
        const Json* value = base::find(object_, name);
        return value != nullptr && !value->is_null() ? value : nullptr;
    }

    [[nodiscard]] const std::string& mistake() const { return mistake_; }

private:
    const JsonObject& object_;
    std::string mistake_;
};

base::Result<Parameter> parameter_from_json(const Json& json) {
    if (!json.is_object()) {
        return not_a_type("a parameter is not an object");
    }
    Parameter parameter;
    Members members(json.get_object());
    std::string type;
    members.read("name", parameter.name);
    members.read("display_name", parameter.display_name);
    members.read("description", parameter.description);
    members.read("type", type);
    members.read("required", parameter.required);
    members.read("secret", parameter.secret);
    members.read("repeated", parameter.repeated);
    members.read("hidden", parameter.hidden);
    members.read("deprecated", parameter.deprecated);
    members.read_document("default", parameter.default_json);
    members.read_document("schema", parameter.schema_json);
    if (!members.mistake().empty()) {
        return not_a_type(members.mistake());
    }
    if (parameter.name.empty()) {
        return not_a_type("a parameter has no name");
    }
    // A newer node may know more types; any value is the widest of them.
    parameter.type = parameter_type_from(type).value_or(ParameterType::Json);
    return parameter;
}

}  // namespace

std::string_view name(ParameterType type) { return name_in(kTypes, type); }

std::optional<ParameterType> parameter_type_from(std::string_view name) {
    return value_in(kTypes, name);
}

JsonObject to_json(const Parameter& parameter) {
    JsonObject object;
    object["name"] = parameter.name;
    object["display_name"] = parameter.display_name;
    object["description"] = parameter.description;
    object["type"] = name(parameter.type);
    object["required"] = parameter.required;
    object["secret"] = parameter.secret;
    object["repeated"] = parameter.repeated;
    object["hidden"] = parameter.hidden;
    object["deprecated"] = parameter.deprecated;
    object["default"] = embedded(parameter.default_json);
    object["schema"] = embedded(parameter.schema_json);
    return object;
}

JsonObject to_json(const TypeInfo& type) {
    JsonObject object;
    object["id"] = type.id;
    object["display_name"] = type.display_name;
    object["description"] = type.description;
    object["plugin"] = type.plugin;
    object["plugin_version"] = type.plugin_version;
    object["blocking"] = type.blocking;
    object["max_concurrency"] = type.max_concurrency;
    object["retry_base"] =
        type.retry_base ? Json(base::to_seconds(*type.retry_base)) : Json(nullptr);
    JsonArray parameters;
    for (const auto& parameter : type.parameters) {
        parameters.emplace_back(to_json(parameter));
    }
    object["parameters"] = std::move(parameters);
    return object;
}

base::Result<TypeInfo> type_from_json(const Json& json) {
    if (!json.is_object()) {
        return not_a_type("it is not an object");
    }
    TypeInfo type;
    Members members(json.get_object());
    members.read("id", type.id);
    members.read("display_name", type.display_name);
    members.read("description", type.description);
    members.read("plugin", type.plugin);
    members.read("plugin_version", type.plugin_version);
    members.read("blocking", type.blocking);
    members.read("max_concurrency", type.max_concurrency);
    members.read_seconds("retry_base", type.retry_base);
    const Json* parameters = members.present("parameters");
    if (parameters != nullptr && !parameters->is_array()) {
        members.wrong("parameters");
    }
    if (!members.mistake().empty()) {
        return not_a_type(members.mistake());
    }
    if (type.id.empty()) {
        return not_a_type("it has no id");
    }
    if (parameters == nullptr) {
        return type;
    }
    for (const auto& item : parameters->get_array()) {
        auto parameter = parameter_from_json(item);
        if (!parameter) {
            return std::move(parameter).error();
        }
        type.parameters.push_back(*std::move(parameter));
    }
    return type;
}

}  // namespace jobhost::core
