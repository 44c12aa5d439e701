#include "base/utf8.hpp"

#include <algorithm>

namespace jobhost::base {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// What the second byte of a character may be.
struct Second {
    unsigned lowest = 0x80;
    unsigned highest = 0xBF;
};

Second second_byte(unsigned first) {
    switch (first) {
        case 0xE0:
            return {0xA0, 0xBF};
        case 0xED:
            return {0x80, 0x9F};
        case 0xF0:
            return {0x90, 0xBF};
        case 0xF4:
            return {0x80, 0x8F};
        default:
            return {};
    }
}

std::size_t length_by_first(unsigned first) {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

}  // namespace

std::optional<std::size_t> utf8_length(std::string_view bytes) {
    if (bytes.empty()) {
        return std::nullopt;
    }
    const unsigned first = byte_at(bytes, 0);
    const std::size_t length = length_by_first(first);
    if (length == 1) {
        return length;
    }
    if (length == 0 || bytes.size() < length) {
        return std::nullopt;
    }
    const auto [lowest, highest] = second_byte(first);
    if (byte_at(bytes, 1) < lowest || byte_at(bytes, 1) > highest) {
        return std::nullopt;
    }
    const auto rest = bytes.substr(2, length - 2);
    return std::ranges::all_of(rest, continues) ? std::optional(length) : std::nullopt;
}

bool is_clean_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (!length || text.front() == '\0') {
            return false;
        }
        text.remove_prefix(*length);
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        const bool clean = length && bytes.front() != '\0';
        text += clean ? bytes.substr(0, *length) : kReplacement;
        bytes.remove_prefix(length.value_or(1));
    }
    return text;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return !continues(byte); }));
}

bool has_control_characters(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const unsigned byte = byte_at(text, at);
        const bool c1 = byte == 0xC2 && at + 1 < text.size() && byte_at(text, at + 1) < 0xA0;
        if (byte < 0x20 || byte == 0x7F || c1) {
            return true;
        }
    }
    return false;
}

std::string_view cut_utf8(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    while (most > 0 && continues(text[most])) {
        --most;
    }
    return text.substr(0, most);
}

}  // namespace jobhost::base
