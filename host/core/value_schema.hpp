#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/pattern.hpp"

namespace jobhost::core {

/// What narrows the values of a parameter beyond its type. Lengths count characters. Bounds of a
/// duration are seconds.
struct ValueSchema {
    std::optional<base::Json> minimum;  ///< a number
    std::optional<base::Json> maximum;  ///< a number
    std::optional<std::uint64_t> min_length;
    std::optional<std::uint64_t> max_length;
    std::optional<Pattern> pattern;
    base::JsonArray choices;  ///< of `enum`; empty = no such restriction

    /// Reads `Parameter::schema_json`: an object with minimum, maximum, min_length or minLength,
    /// max_length or maxLength, pattern and enum; empty text restricts nothing. Other members are
    /// ignored, as JSON Schema has it: a newer plugin says more than an older host understands.
    [[nodiscard]] static base::Result<ValueSchema> read(const std::string& schema_json);
};

/// Exact order of two JSON numbers of whatever kind; `unordered` when one is no number.
[[nodiscard]] std::partial_ordering compare_numbers(const base::Json& one, const base::Json& other);

}  // namespace jobhost::core
