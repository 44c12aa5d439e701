#include "cli/problem_document.hpp"

#include <string_view>

#include "base/json.hpp"

namespace jobhost::cli {

namespace {

using base::ErrorKind;

ErrorKind kind_of(int status) {
    switch (status) {
        case 401:
        case 403:
        case 421:
            return ErrorKind::Forbidden;
        case 404:
            return ErrorKind::NotFound;
        case 409:
            return ErrorKind::Conflict;
        case 412:
            return ErrorKind::Stale;
        case 413:
            return ErrorKind::Limit;
        case 408:
        case 429:
        case 503:
        case 504:
            return ErrorKind::Unavailable;
        default:
            return status >= 500 ? ErrorKind::Internal : ErrorKind::Invalid;
    }
}

std::string text_at(const base::JsonObject& object, std::string_view key) {
    const auto* value = base::find(object, key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::vector<base::FieldError> fields_of(const base::JsonObject& document) {
    std::vector<base::FieldError> fields;
    const auto* errors = base::find(document, "errors");
    if (errors == nullptr || !errors->is_array()) {
        return fields;
    }
    for (const auto& item : errors->get_array()) {
        if (item.is_object()) {
            const auto& field = item.get_object();
            fields.push_back(
                {text_at(field, "pointer"), text_at(field, "code"), text_at(field, "message")});
        }
    }
    return fields;
}

}  // namespace

base::Error error_of_reply(int status, const std::string& body, const std::string& address) {
    const auto parsed = base::parse_json(body);
    if (parsed && parsed->value.is_object()) {
        const auto& document = parsed->value.get_object();
        auto detail = text_at(document, "detail");
        if (detail.empty()) {
            detail = text_at(document, "title");
        }
        if (auto code = text_at(document, "code"); !code.empty() && !detail.empty()) {
            return {kind_of(status), std::move(code), std::move(detail), fields_of(document)};
        }
    }
    return {ErrorKind::Internal,
            "not_a_jobhost",
            address + " answered " + std::to_string(status) + " in a way that no jobhost does",
            {}};
}

}  // namespace jobhost::cli
