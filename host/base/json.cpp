#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <vector>

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>

#include "base/assert.hpp"
#include "base/decimal.hpp"
#include "base/quote.hpp"

namespace jobhost::base {

namespace {

namespace json = boost::json;

std::string place(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto column = count_characters(before.substr(line_start)) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

Error mistake(std::string code, std::string_view text, std::size_t at, std::string why) {
    return {ErrorKind::Invalid, std::move(code), place(text, at) + std::move(why)};
}

std::string unexpected(std::string_view text, std::size_t at) {
    if (at >= text.size()) {
        return "the document ends too early";
    }
    const auto character = text.substr(at, utf8_length(text.substr(at)).value_or(1));
    return "unexpected " + in_quotes(character);
}

Error syntax_mistake(std::string_view text, std::size_t at, json::error error, std::size_t depth) {
    switch (error) {
        case json::error::too_deep:
            return mistake("json_depth", text, at,
                           "nested deeper than " + std::to_string(depth) + " levels");
        case json::error::illegal_leading_surrogate:
        case json::error::illegal_trailing_surrogate:
        case json::error::expected_utf16_escape:
            return mistake("json_syntax", text, at, "half of a surrogate pair stands alone");
        case json::error::exponent_overflow:
            return mistake("json_syntax", text, at, "the exponent of a number is too large");
        default:
            return mistake("json_syntax", text, at, unexpected(text, at));
    }
}

std::optional<Error> encoding_mistake(std::string_view text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto length = utf8_length(rest);
        if (!length) {
            return mistake("json_encoding", text, text.size() - rest.size(),
                           "a byte that does not belong to UTF-8");
        }
        rest.remove_prefix(*length);
    }
    return std::nullopt;
}

/// Walks over well-formed JSON text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    /// The next letter that is not white space; NUL at the end.
    char peek() {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    void step() { ++at_; }
    [[nodiscard]] std::size_t position() const { return at_; }

    /// The string that begins here, with its quotes.
    std::string_view string() {
        const std::size_t start = at_;
        for (++at_; text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            }
        }
        ++at_;
        return text_.substr(start, at_ - start);
    }

    /// The value that comes next, without the white space around it.
    std::string_view value() {
        const char first = peek();
        const std::size_t start = at_;
        if (first == '"') {
            return string();
        }
        if (first == '{' || first == '[') {
            skip_nested();
        } else {
            at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
        }
        return text_.substr(start, at_ - start);
    }

private:
    void skip_nested() {
        std::size_t depth = 0;
        do {
            const char letter = text_[at_];
            if (letter == '"') {
                static_cast<void>(string());
                continue;
            }
            if (letter == '{' || letter == '[') {
                ++depth;
            } else if (letter == '}' || letter == ']') {
                --depth;
            }
            ++at_;
        } while (depth > 0);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// What a JSON string says, given as it is written.
std::string meaning(std::string_view written) {
    if (written.find('\\') == std::string_view::npos) {
        return std::string(written.substr(1, written.size() - 2));
    }
    json::error_code error;
    const auto value = json::parse(written, error);
    JOBHOST_ASSERT(!error && value.is_string());
    return std::string(value.get_string());
}

/// Boost's parser lets a key pass that is in its object already, and the last one wins.
std::optional<Error> duplicate_key(std::string_view text) {
    std::vector<std::unordered_set<std::string>> open_objects;
    Scanner scanner(text);
    for (char letter = scanner.peek(); letter != '\0'; letter = scanner.peek()) {
        if (letter != '"') {
            if (letter == '{') {
                open_objects.emplace_back();
            } else if (letter == '}') {
                open_objects.pop_back();
            }
            scanner.step();
            continue;
        }
        const std::size_t at = scanner.position();
        const auto written = scanner.string();
        const bool is_key = scanner.peek() == ':';
        if (is_key && !open_objects.back().insert(meaning(written)).second) {
            return mistake("json_duplicate_key", text, at,
                           "the key " + in_quotes(meaning(written)) + " is there twice");
        }
    }
    return std::nullopt;
}

void append_value(std::string& out, const Json& value);

void append_object(std::string& out, const JsonObject& object) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : object) {
        out += first ? "" : ",";
        first = false;
        append_quoted(out, key);
        out += ':';
        append_value(out, member);
    }
    out += '}';
}

void append_array(std::string& out, const JsonArray& array) {
    out += '[';
    bool first = true;
    for (const auto& item : array) {
        out += first ? "" : ",";
        first = false;
        append_value(out, item);
    }
    out += ']';
}

void append_value(std::string& out, const Json& value) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            break;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case json::kind::int64:
            out += std::to_string(value.get_int64());
            break;
        case json::kind::uint64:
            out += std::to_string(value.get_uint64());
            break;
        case json::kind::double_:
            if (std::isfinite(value.get_double())) {
                out += decimal(value.get_double());
            } else {
                out += "null";
            }
            break;
        case json::kind::string:
            append_quoted(out, value.get_string());
            break;
        case json::kind::array:
            append_array(out, value.get_array());
            break;
        case json::kind::object:
            append_object(out, value.get_object());
            break;
    }
}

}  // namespace

Result<JsonText> parse_json(std::string text, std::size_t depth) {
    if (auto error = encoding_mistake(text)) {
        return *std::move(error);
    }
    json::parse_options options;
    options.max_depth = depth;
    json::parser parser({}, options);
    json::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (error) {
        return syntax_mistake(text, read, static_cast<json::error>(error.value()), depth);
    }
    if (read < text.size()) {
        return mistake("json_syntax", text, read, "something follows the end of the document");
    }
    if (auto duplicate = duplicate_key(text)) {
        return *std::move(duplicate);
    }
    return JsonText{parser.release(), std::move(text)};
}

std::string_view JsonText::member(std::string_view key) const {
    if (!value.is_object() || !value.get_object().contains(key)) {
        return {};
    }
    Scanner scanner(text);
    scanner.peek();
    scanner.step();  // the opening brace
    while (scanner.peek() == '"') {
        const bool found = meaning(scanner.string()) == key;
        scanner.peek();
        scanner.step();  // the colon
        const auto written = scanner.value();
        if (found) {
            return written;
        }
        if (scanner.peek() == ',') {
            scanner.step();
        }
    }
    return {};
}

std::string to_text(const Json& value) {
    std::string text;
    append_value(text, value);
    return text;
}

const Json* find(const JsonObject& object, std::string_view key) { return object.if_contains(key); }

}  // namespace jobhost::base
