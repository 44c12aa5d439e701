#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jobhost::base {

/// How many bytes the character at the start of `bytes` has; nothing when there is no well-formed
/// one (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] std::optional<std::size_t> utf8_length(std::string_view bytes);

/// True when `text` is well-formed UTF-8 without NUL.
[[nodiscard]] bool is_clean_utf8(std::string_view text);

/// `bytes` with everything that is not UTF-8 replaced by U+FFFD, NUL included.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// How many characters a well-formed text has.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// True when a well-formed text has a character of Unicode's class Cc: U+0000 to U+001F and U+007F
/// to U+009F.
[[nodiscard]] bool has_control_characters(std::string_view text);

/// The longest beginning of at most `most` bytes that does not cut a character.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t most);

}  // namespace jobhost::base
