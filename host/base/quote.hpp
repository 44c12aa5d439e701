#pragma once

#include <string>
#include <string_view>

namespace jobhost::base {

/// Appends `text` as one JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD;
/// besides what JSON demands all control characters and the line separators of Unicode are escaped,
/// so the result is one line in every terminal.
void append_quoted(std::string& out, std::string_view text);

/// A word of somebody else's for a message: quoted as above, and cut after 64 bytes.
[[nodiscard]] std::string in_quotes(std::string_view word);

}  // namespace jobhost::base
