#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/assert.hpp"

namespace jobhost::core {

/// The names of an enum's values, in the order in which people read them.
template <typename Value, std::size_t Size>
using NameTable = std::array<std::pair<Value, std::string_view>, Size>;

template <typename Value, std::size_t Size>
[[nodiscard]] std::string_view name_in(const NameTable<Value, Size>& table, Value value) {
    const auto found = std::ranges::find(table, value, [](const auto& row) { return row.first; });
    JOBHOST_ASSERT(found != table.end());
    return found->second;
}

template <typename Value, std::size_t Size>
[[nodiscard]] std::optional<Value> value_in(const NameTable<Value, Size>& table,
                                            std::string_view name) {
    const auto found = std::ranges::find(table, name, [](const auto& row) { return row.second; });
    return found != table.end() ? std::optional(found->first) : std::nullopt;
}

}  // namespace jobhost::core
