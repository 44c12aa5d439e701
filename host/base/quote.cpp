#include "base/quote.hpp"

#include <array>
#include <cstdio>

#include "base/utf8.hpp"

namespace jobhost::base {

namespace {

void append_escape(std::string& out, unsigned code_point) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", code_point & 0xFFFFU);
    out += text.data();
}

void append_ascii(std::string& out, char letter) {
    switch (letter) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) {
                append_escape(out, static_cast<unsigned char>(letter));
            } else {
                out += letter;
            }
    }
}

void append_character(std::string& out, std::string_view character) {
    if (character.size() == 1) {
        append_ascii(out, character.front());
    } else if (character.size() == 2 && has_control_characters(character)) {
        append_escape(out, static_cast<unsigned char>(character[1]));
    } else if (character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9") {
        append_escape(out, character[2] == '\xA8' ? 0x2028U : 0x2029U);
    } else {
        out += character;
    }
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (length) {
            append_character(out, text.substr(0, *length));
        } else {
            out += "\xEF\xBF\xBD";
        }
        text.remove_prefix(length.value_or(1));
    }
    out += '"';
}

std::string in_quotes(std::string_view word) {
    constexpr std::size_t kShown = 64;
    std::string out;
    append_quoted(out, word.size() <= kShown ? word : std::string(cut_utf8(word, kShown)) + "…");
    return out;
}

}  // namespace jobhost::base
