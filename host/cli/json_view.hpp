#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace jobhost::cli {

// What the host's answers say, for people and for decisions.

/// The text of a member; empty when it is missing or no text.
[[nodiscard]] std::string text_at(const base::Json& object, std::string_view key);
/// The list at a member; an empty one when there is none.
[[nodiscard]] const base::JsonArray& list_at(const base::Json& object, std::string_view key);

/// A value as people read it: text without quotes, true as yes, other values as JSON.
[[nodiscard]] std::string shown(const base::Json& value);
[[nodiscard]] std::string shown_at(const base::Json& object, std::string_view key);

/// A time of the host on the clock of the reader's place: `2026-03-01 13:00:00 +01:00`. Text that
/// is no time stays as it is.
[[nodiscard]] std::string local_time(std::string_view rfc3339, std::string_view zone);

/// Null, or nothing inside: not worth a line.
[[nodiscard]] bool is_empty(const base::Json& value);

}  // namespace jobhost::cli
