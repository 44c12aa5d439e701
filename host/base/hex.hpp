#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace jobhost::base {

/// Two lower-case letters for each byte.
[[nodiscard]] inline std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr char kLetters[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kLetters[byte >> 4U];
        text += kLetters[byte & 15U];
    }
    return text;
}

}  // namespace jobhost::base
