#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/keys.hpp"

namespace jobhost::store::sqlite {

/// Many keys in one column: a JSON array of numbers, which SQLite can read as well.
[[nodiscard]] std::string text_of_keys(std::span<const JobKey> keys);

/// What is no number there is passed over.
[[nodiscard]] std::vector<JobKey> keys_of_text(std::string_view text);

}  // namespace jobhost::store::sqlite
