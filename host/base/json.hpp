#pragma once

#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "base/utf8.hpp"

namespace jobhost::base {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

/// A parsed document beside its text, so that a member can be kept exactly as it was sent.
struct JsonText {
    Json value;
    std::string text;

    /// The text of the member at `key` of a top-level object (white space around it cut), or empty.
    [[nodiscard]] std::string_view member(std::string_view key) const;
};

inline constexpr std::size_t kJsonDepth = 32;

/// Strict JSON in UTF-8: one document, at most `depth` levels, no object with the same key
/// twice. The error says "line L, column C: …", both from 1, columns in characters; its code is
/// `json_syntax`, `json_encoding`, `json_depth` or `json_duplicate_key`.
[[nodiscard]] Result<JsonText> parse_json(std::string text, std::size_t depth = kJsonDepth);

/// Compact text. Numbers beyond 2^53 stay exact as long as they fit 64 bits; what JSON cannot say
/// (infinity, no number) becomes null, and bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_text(const Json& value);

/// The shape most callers need: an object's member or null when absent.
[[nodiscard]] const Json* find(const JsonObject& object, std::string_view key);

}  // namespace jobhost::base
