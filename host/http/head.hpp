#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace jobhost::http {

inline constexpr std::size_t kMaxTarget = 8 * 1024;
inline constexpr std::size_t kMaxHead = 16 * 1024;
inline constexpr std::size_t kMaxFields = 100;

/// One header field: the name in lower case, the value without the white space around it.
struct Field {
    std::string name;
    std::string value;
};

/// What stands before the body of a request, read as RFC 9112 says and not more leniently.
struct Head {
    std::string method;
    std::string path;                   ///< as sent, without the query
    std::vector<std::string> segments;  ///< of the path, decoded: `/a/b%20c` is {"a", "b c"}
    std::string query;                  ///< as sent, without the `?`
    int minor_version = 1;              ///< of HTTP/1
    std::vector<Field> fields;

    /// The value of the first field of that name (in lower case), or null.
    [[nodiscard]] const std::string* field(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// Where the head in `bytes` ends, its blank line included, or 0 while more of it must come. What
/// can never become a head is an error at once. `from` is where an earlier look gave up.
[[nodiscard]] base::Result<std::size_t> find_head_end(std::string_view bytes, std::size_t from);

/// Reads one whole head. Refused are all the readings on which two programs could disagree: bare
/// line ends, folded lines, space before a colon, control characters, a target that is not a plain
/// path, a path that leaves its folder or hides a slash.
[[nodiscard]] base::Result<Head> parse_head(std::string_view bytes);

/// Replaces `%xx`; an error when one is cut or not hexadecimal.
[[nodiscard]] base::Result<std::string> percent_decode(std::string_view text);

/// Equal but for the case of ASCII letters.
[[nodiscard]] bool equal_words(std::string_view one, std::string_view other);

/// Without the spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace jobhost::http
