#include "plugin/fields.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string.h>
#include <utility>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "plugin/failures.hpp"

namespace jobhost::plugin {

namespace {

constexpr std::size_t kLongestWord = 127;
constexpr std::size_t kLongestText = std::size_t{64} * 1024;
/// No struct of any level comes near; a number beyond is not a size.
constexpr std::uint32_t kLargestStruct = 4096;

constexpr std::string_view kIdLetters = "abcdefghijklmnopqrstuvwxyz0123456789._/-";
constexpr std::string_view kKeyLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-";

std::string named(std::string_view field, const std::string& where) {
    return "`" + std::string(field) + "` of " + where;
}

std::string shown(std::string_view bytes) {
    return "\"" + std::string(base::cut_utf8(base::to_utf8(bytes), kLongestWord)) + "\"";
}

bool is_printable(char letter) { return letter >= ' ' && letter <= '~'; }

}  // namespace

void Fields::refuse(std::string sentence) {
    if (!mistake_) {
        mistake_ = std::move(sentence);
    }
}

bool Fields::size_sound(std::uint32_t struct_size,
                        std::size_t level_1_size,
                        const std::string& where) {
    const auto is = named("struct_size", where) + " is " + std::to_string(struct_size);
    if (struct_size < level_1_size) {
        refuse(is + ": level 1 has " + std::to_string(level_1_size));
    } else if (struct_size > kLargestStruct) {
        refuse(is + ", which is no size of any level");
    } else if (struct_size % 8 != 0) {
        refuse(is + ", which is no multiple of 8");
    }
    return sound();
}

std::string Fields::id(const char* text, std::string_view field, const std::string& where) {
    return word(text, kIdLetters, field, where);
}

std::string Fields::key(const char* text, std::string_view field, const std::string& where) {
    return word(text, kKeyLetters, field, where);
}

std::string Fields::line(const char* text, std::string_view field, const std::string& where) {
    return word(text, {}, field, where);
}

std::string Fields::word(const char* text,
                         std::string_view letters,
                         std::string_view field,
                         const std::string& where) {
    if (!sound()) {
        return {};
    }
    const std::string_view found(text, text == nullptr ? 0 : ::strnlen(text, kLongestWord + 1));
    const auto allowed = [&](char letter) {
        return letters.empty() ? is_printable(letter)
                               : letters.find(letter) != std::string_view::npos;
    };
    if (found.empty()) {
        refuse(named(field, where) + " is missing");
    } else if (found.size() > kLongestWord) {
        refuse(named(field, where) + " is longer than 127 bytes");
    } else if (!std::ranges::all_of(found, allowed)) {
        const auto range = letters.empty()         ? std::string("printable ASCII")
                           : letters == kIdLetters ? std::string("a-z 0-9 . _ / -")
                                                   : std::string("a-z 0-9 . _ -");
        refuse(named(field, where) + " is " + shown(found) + ": only " + range +
               " may stand there");
    }
    return sound() ? std::string(found) : std::string();
}

std::string Fields::text(jh_str text, std::string_view field, const std::string& where) {
    if (!sound()) {
        return {};
    }
    if (text.ptr == nullptr && text.len > 0) {
        refuse(named(field, where) + " has a length and no bytes");
    } else if (text.len > kLongestText) {
        refuse(named(field, where) + " is longer than 64 KiB");
    } else if (!base::is_clean_utf8(view(text))) {
        refuse(named(field, where) + " is not UTF-8");
    }
    return sound() ? std::string(view(text)) : std::string();
}

std::string Fields::document(jh_str json, std::string_view field, const std::string& where) {
    const auto source = text(json, field, where);
    if (source.empty()) {
        return {};
    }
    const auto document = base::parse_json(source);
    if (!document) {
        refuse(named(field, where) + " is no JSON: " + document.error().message);
        return {};
    }
    return base::to_text(document->value);
}

bool Fields::array_sound(const void* array,
                         std::uint32_t count,
                         std::string_view field,
                         const std::string& where) {
    if (count > kMostElements) {
        refuse(where + " has " + std::to_string(count) + " `" + std::string(field) + "`: at most " +
               std::to_string(kMostElements) + " are taken");
    } else if (array == nullptr && count > 0) {
        refuse(named(field, where) + " is null, but should hold " + std::to_string(count));
    }
    return sound();
}

std::optional<std::string> unknown_critical(std::uint32_t flags,
                                            std::uint32_t known,
                                            const std::string& where) {
    const auto unknown = flags & Fields::kCriticalFlags & ~known;
    if (unknown == 0) {
        return std::nullopt;
    }
    std::array<char, 16> hex{};
    std::snprintf(hex.data(), hex.size(), "0x%x", unknown);
    return where + " sets unknown critical flags " + hex.data() +
           " in `flags`: it is for a newer host";
}

}  // namespace jobhost::plugin
