#include "http/contract.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "http/head.hpp"
#include "http/openapi_text.hpp"
#include "http/router.hpp"

namespace jobhost::http::testing {

namespace {

using base::Json;
using base::JsonObject;

Json read(std::string_view text) {
    auto document = base::parse_json(std::string(text));
    if (!document) {
        throw std::runtime_error(document.error().message);
    }
    return std::move(document->value);
}

std::string word(std::string text, int (*change)(int)) {
    std::ranges::transform(text, text.begin(), [change](unsigned char letter) {
        return static_cast<char>(change(letter));
    });
    return text;
}

bool is_of(const Json& value, std::string_view type) {
    return (type == "null" && value.is_null()) || (type == "string" && value.is_string()) ||
           (type == "boolean" && value.is_bool()) || (type == "object" && value.is_object()) ||
           (type == "array" && value.is_array()) || (type == "number" && value.is_number()) ||
           (type == "integer" && (value.is_int64() || value.is_uint64()));
}

bool has_type(const Json& value, const Json& type) {
    if (type.is_string()) {
        return is_of(value, type.as_string());
    }
    return std::ranges::any_of(type.as_array(),
                               [&](const Json& one) { return is_of(value, one.as_string()); });
}

}  // namespace

Contract::Contract() : document_(read(kOpenapi.front().second)) {}

const Json& Contract::resolve(const Json& node) const {
    const auto* reference = node.as_object().if_contains("$ref");
    if (reference == nullptr) {
        return node;
    }
    const std::string_view pointer(reference->as_string());
    return document_.at_pointer(pointer.substr(1));
}

const Json* Contract::operation(const std::string& method, const std::string& path) const {
    const auto head = parse_head("GET " + path + " HTTP/1.1\r\n\r\n");
    const auto name = word(method == "HEAD" ? "GET" : method, std::tolower);
    for (const auto& item : document_.at("paths").as_object()) {
        std::string pattern(item.key());
        if (pattern == "/api/v1/types/{id}") {
            pattern = "/api/v1/types/{+id}";  // ids of types may have slashes
        }
        const Router one({{"GET", pattern, {}, nullptr}});
        if (head && one.find("GET", head->segments).route != nullptr) {
            return item.value().as_object().if_contains(name);
        }
    }
    return nullptr;
}

std::vector<std::string> Contract::breaches(const std::string& method,
                                            const std::string& path,
                                            const RawAnswer& answer) const {
    std::vector<std::string> found;
    const auto* operation = this->operation(method, path);
    const auto status = std::to_string(answer.status);
    const Json* response = &document_.at_pointer("/components/responses/Problem");
    if (operation != nullptr) {
        const auto& responses = operation->at("responses").as_object();
        response =
            &resolve(responses.contains(status) ? responses.at(status) : responses.at("default"));
    }
    if (answer.status < 400 && operation == nullptr) {
        return {"no such operation in the description: " + method + " " + path};
    }
    const auto type = answer.field("content-type");
    const auto& content = response->at("content").as_object();
    const auto* media = content.if_contains(type.substr(0, type.find(';')));
    if (media == nullptr) {
        return {"status " + status + " of type " + type};
    }
    if (type.ends_with("json") && method != "HEAD") {
        check(media->at("schema"), read(answer.body), "", found);
    }
    if (const auto* fields = response->as_object().if_contains("headers")) {
        for (const auto& field : fields->as_object()) {
            const bool text_only = std::string_view(field.key()).starts_with("Jobhost-");
            if (text_only != type.starts_with("text/plain")) {
                continue;
            }
            if (answer.field(word(field.key(), std::tolower)).empty()) {
                found.push_back("no field " + std::string(field.key()));
            }
        }
    }
    return found;
}

void Contract::check(const Json& reference,
                     const Json& value,
                     const std::string& where,
                     std::vector<std::string>& breaches) const {
    const auto& schema = resolve(reference).as_object();
    if (const auto* choices = schema.if_contains("anyOf")) {
        std::vector<std::string> last;
        for (const auto& choice : choices->as_array()) {
            last.clear();
            check(choice, value, where, last);
            if (last.empty()) {
                return;
            }
        }
        breaches.insert(breaches.end(), last.begin(), last.end());
        return;
    }
    if (const auto* type = schema.if_contains("type"); type && !has_type(value, *type)) {
        breaches.push_back(where + " has a wrong type: " + base::to_text(value));
        return;
    }
    if (const auto* allowed = schema.if_contains("enum")) {
        if (std::ranges::find(allowed->as_array(), value) == allowed->as_array().end()) {
            breaches.push_back(where + " is not in the enum: " + base::to_text(value));
        }
    }
    if (value.is_array() && schema.contains("items")) {
        for (const auto& item : value.get_array()) {
            check(schema.at("items"), item, where + "/*", breaches);
        }
    }
    if (value.is_object()) {
        check_object(schema, value.get_object(), where, breaches);
    }
}

void Contract::check_object(const JsonObject& schema,
                            const JsonObject& value,
                            const std::string& where,
                            std::vector<std::string>& breaches) const {
    if (const auto* required = schema.if_contains("required")) {
        for (const auto& name : required->as_array()) {
            if (!value.contains(name.as_string())) {
                breaches.push_back(where + "/" + std::string(name.as_string()) + " is missing");
            }
        }
    }
    const auto* known = schema.if_contains("properties");
    const auto* others = schema.if_contains("additionalProperties");
    for (const auto& member : value) {
        const auto place = where + "/" + std::string(member.key());
        if (known != nullptr && known->as_object().contains(member.key())) {
            check(known->at(member.key()), member.value(), place, breaches);
        } else if (others != nullptr && others->is_object()) {
            check(*others, member.value(), place, breaches);
        } else if (others != nullptr && !others->as_bool()) {
            breaches.push_back(place + " is not described");
        }
    }
}

std::vector<std::string> Contract::operations() const {
    std::vector<std::string> all;
    for (const auto& path : document_.at("paths").as_object()) {
        for (const auto& operation : path.value().as_object()) {
            all.push_back(word(operation.key(), std::toupper) + " " + std::string(path.key()));
        }
    }
    return all;
}

std::vector<std::string> Contract::parameters(const std::string& method,
                                              const std::string& pattern) const {
    std::vector<std::string> names;
    const auto& operation =
        document_.at("paths").at(pattern).at(word(method, std::tolower)).as_object();
    if (const auto* all = operation.if_contains("parameters")) {
        for (const auto& one : all->as_array()) {
            if (one.at("in") == "query") {
                names.emplace_back(one.at("name").as_string());
            }
        }
    }
    return names;
}

}  // namespace jobhost::http::testing
