#include "json_members.hpp"

#include <boost/json.hpp>

namespace jobhost::shell {

namespace {

namespace json = boost::json;

constexpr int kLargestExitCode = 255;

std::string text_of(json::string_view text) { return {text.data(), text.size()}; }

bool is_plain(json::string_view text) { return text.find('\0') == json::string_view::npos; }

}  // namespace

struct JsonMembers::Document {
    json::object object;
    std::set<std::string, std::less<>> asked = {};

    /// Null when the member is missing or null.
    const json::value* find(std::string_view name) {
        asked.emplace(name);
        const json::value* const found = object.if_contains(name);
        return found == nullptr || found->is_null() ? nullptr : found;
    }
};

JsonMembers::JsonMembers(std::string_view text) : document_(std::make_unique<Document>()) {
    json::error_code error;
    json::value parsed = json::parse(text, error);
    if (error || !parsed.is_object()) {
        add_mistake(error ? "no valid JSON: " + error.message() : "not a JSON object");
        unreadable_ = true;
        return;
    }
    document_->object = std::move(parsed.as_object());
}

JsonMembers::~JsonMembers() = default;

std::optional<std::string> JsonMembers::text(const char* name) {
    const json::value* const found = document_->find(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_string()) {
        add_mistake(std::string(name) + ": has to be a text");
        return std::nullopt;
    }
    return text_of(found->get_string());
}

std::optional<std::string> JsonMembers::plain_text(const char* name) {
    auto found = text(name);
    if (found && !is_plain(*found)) {
        add_mistake(std::string(name) + ": holds a NUL");
        return std::nullopt;
    }
    return found;
}

std::optional<std::vector<std::string>> JsonMembers::plain_texts(const char* name) {
    const json::value* const found = document_->find(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    if (found->is_array()) {
        for (const json::value& element : found->get_array()) {
            if (element.is_string() && is_plain(element.get_string())) {
                texts.push_back(text_of(element.get_string()));
            }
        }
    }
    if (!found->is_array() || texts.size() != found->get_array().size()) {
        add_mistake(std::string(name) + ": has to be an array of texts without NUL");
        return std::nullopt;
    }
    return texts;
}

std::optional<Environment> JsonMembers::environment(const char* name) {
    const json::value* const found = document_->find(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (!found->is_object()) {
        add_mistake(std::string(name) + ": has to be an object of texts");
        return std::nullopt;
    }
    Environment variables;
    for (const auto& member : found->get_object()) {
        const std::string variable = text_of(member.key());
        const json::string* const value = member.value().if_string();
        const auto mistake = value == nullptr ? std::optional<std::string>("has to be a text")
                                              : mistake_in_variable(variable, text_of(*value));
        if (mistake) {
            add_mistake(std::string(name) + "." + variable + ": " + *mistake);
        } else {
            variables.emplace(variable, text_of(*value));
        }
    }
    return variables;
}

std::optional<double> JsonMembers::number(const char* name, double smallest, double largest) {
    const json::value* const found = document_->find(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    json::error_code error;
    const auto value = found->to_number<double>(error);
    if (error || !(value >= smallest && value <= largest)) {
        add_mistake(std::string(name) + ": has to be a number from " +
                    json::serialize(json::value(static_cast<std::int64_t>(smallest))) + " to " +
                    json::serialize(json::value(static_cast<std::int64_t>(largest))));
        return std::nullopt;
    }
    return value;
}

std::optional<std::set<int>> JsonMembers::exit_codes(const char* name) {
    const json::value* const found = document_->find(name);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::set<int> codes;
    bool sound = found->is_array();
    if (sound) {
        for (const json::value& element : found->get_array()) {
            json::error_code error;
            const int code = element.to_number<int>(error);
            sound = sound && !error && code >= 0 && code <= kLargestExitCode;
            codes.insert(code);
        }
    }
    if (!sound) {
        add_mistake(std::string(name) + ": has to be an array of exit codes, 0 to 255");
        return std::nullopt;
    }
    return codes;
}

void JsonMembers::add_mistake(std::string mistake) {
    if (!unreadable_) {
        mistakes_.push_back(std::move(mistake));
    }
}

std::string JsonMembers::mistakes() {
    for (const auto& member : document_->object) {
        if (document_->asked.count(std::string_view(member.key())) == 0) {
            add_mistake(text_of(member.key()) + ": unknown");
        }
    }
    std::string all;
    for (const std::string& mistake : mistakes_) {
        all += (all.empty() ? "" : "; ") + mistake;
    }
    return all;
}

}  // namespace jobhost::shell
