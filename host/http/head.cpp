#include "http/head.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf8.hpp"

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::string_view kEndOfLine = "\r\n";

Error malformed(std::string message) {
    return {ErrorKind::Invalid, "malformed_request", std::move(message)};
}

Error bad_target(std::string message) {
    return {ErrorKind::Invalid, "bad_target", std::move(message)};
}

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; }

/// RFC 9110 5.6.2: what method and field names are made of.
bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char letter) {
        const char small = lower(letter);
        return (small >= 'a' && small <= 'z') || (letter >= '0' && letter <= '9') ||
               kMarks.find(letter) != std::string_view::npos;
    });
}

/// The next line of `rest` without its end; takes it off.
std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find(kEndOfLine);
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + kEndOfLine.size());
    return line;
}

/// One segment of a path, or nothing when it could mean different things to different readers.
std::optional<std::string> read_segment(std::string_view sent) {
    auto decoded = percent_decode(sent);
    if (!decoded || *decoded == "." || *decoded == ".." || !base::is_clean_utf8(*decoded) ||
        std::ranges::any_of(*decoded, is_control) ||
        decoded->find_first_of("/\\") != std::string::npos) {
        return std::nullopt;
    }
    return std::move(*decoded);
}

Result<base::Unit> read_target(std::string_view target, Head& head) {
    if (target.size() > kMaxTarget) {
        return Error{ErrorKind::Limit, "uri_too_long",
                     "The request target is longer than " + std::to_string(kMaxTarget) + " bytes."};
    }
    if (!target.starts_with('/')) {
        return bad_target("The request target must be a path that starts with a slash.");
    }
    const bool visible = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F; });
    if (!visible || target.find('#') != std::string_view::npos) {
        return bad_target("The request target has a character that must be percent-encoded.");
    }
    const auto mark = target.find('?');
    head.path = target.substr(0, mark);
    head.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);

    std::string_view rest = std::string_view(head.path).substr(1);
    for (;;) {
        const auto slash = rest.find('/');
        auto segment = read_segment(rest.substr(0, slash));
        if (!segment) {
            return bad_target("A segment of the path is not allowed or not encoded correctly.");
        }
        head.segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) {
            return base::done();
        }
        rest.remove_prefix(slash + 1);
    }
}

Result<base::Unit> read_request_line(std::string_view line, Head& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return malformed("The first line must be a method, a path and a version.");
    }
    const auto version = line.substr(last + 1);
    head.method = line.substr(0, first);
    if (!is_token(head.method) || version.size() != 8 || !version.starts_with("HTTP/") ||
        version[6] != '.') {
        return malformed("The first line must be a method, a path and a version.");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return Error{ErrorKind::Invalid, "http_version",
                     "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    }
    head.minor_version = version.back() - '0';
    return read_target(line.substr(first + 1, last - first - 1), head);
}

Result<Field> read_field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') {
        return malformed("A header field is folded over two lines.");
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return malformed("A header field has no name, or something other than a colon after it.");
    }
    const auto value = trim(line.substr(colon + 1));
    if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; })) {
        return malformed("A header field has a control character in its value.");
    }
    Field field{std::string(line.substr(0, colon)), std::string(value)};
    std::ranges::transform(field.name, field.name.begin(), lower);
    return field;
}

}  // namespace

const std::string* Head::field(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &found->value;
}

std::size_t Head::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count(fields, name, &Field::name));
}

Result<std::size_t> find_head_end(std::string_view bytes, std::size_t from) {
    // The last byte seen before may have been the first half of a line end.
    for (std::size_t at = from > 0 ? from - 1 : 0; at < bytes.size(); ++at) {
        const char byte = bytes[at];
        if (byte == '\0' || (byte == '\n' && (at == 0 || bytes[at - 1] != '\r')) ||
            (byte == '\r' && at + 1 < bytes.size() && bytes[at + 1] != '\n')) {
            return malformed("The head has a NUL or a bare line end.");
        }
        if (byte == '\n' && at >= 3 && bytes[at - 2] == '\n' && at < kMaxHead) {
            return at + 1;
        }
        if (at + 1 >= kMaxHead) {
            const bool in_first_line = bytes.find(kEndOfLine) == std::string_view::npos;
            return Error{
                ErrorKind::Limit, in_first_line ? "uri_too_long" : "head_too_large",
                "The head of the request is larger than " + std::to_string(kMaxHead) + " bytes."};
        }
    }
    if (bytes.starts_with(kEndOfLine)) {
        return malformed("The request starts with an empty line.");
    }
    return std::size_t{0};
}

Result<Head> parse_head(std::string_view bytes) {
    Head head;
    if (auto read = read_request_line(take_line(bytes), head); !read) {
        return std::move(read).error();
    }
    for (auto line = take_line(bytes); !line.empty(); line = take_line(bytes)) {
        auto field = read_field(line);
        if (!field) {
            return std::move(field).error();
        }
        if (head.fields.size() == kMaxFields) {
            return Error{
                ErrorKind::Limit, "head_too_large",
                "The request has more than " + std::to_string(kMaxFields) + " header fields."};
        }
        head.fields.push_back(std::move(*field));
    }
    return head;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    while (!text.empty()) {
        if (text.front() != '%') {
            decoded += text.front();
            text.remove_prefix(1);
            continue;
        }
        unsigned value = 0;
        const auto digits = text.substr(1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) {
            return bad_target("A percent sign must be followed by two hexadecimal digits.");
        }
        decoded += static_cast<char>(value);
        text.remove_prefix(3);
    }
    return decoded;
}

bool equal_words(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace jobhost::http
