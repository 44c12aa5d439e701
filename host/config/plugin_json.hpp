#pragma once

#include <string>

#include "config/value.hpp"

namespace jobhost::config {

/// The TOML table as a JSON object; a date becomes text. JSON has no infinity and no NaN: the table
/// must not hold any (see `find_unlimited`).
[[nodiscard]] std::string json_text(const Table& table);

/// The first number in the table that JSON cannot express, or null.
[[nodiscard]] const Value* find_unlimited(const Table& table);

}  // namespace jobhost::config
