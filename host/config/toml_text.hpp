#pragma once

#include <string_view>
#include <vector>

#include "config/problem.hpp"
#include "config/value.hpp"

namespace jobhost::config {

/// A TOML text as values with their places.
struct TomlText {
    Table root;
    std::vector<Problem> problems;  ///< syntax only; `root` then holds what could still be read
};

/// Reads TOML 1.0. After a mistake it goes on at the next `[section]`, so that one run finds the
/// mistakes of all sections. `text` is clean UTF-8.
[[nodiscard]] TomlText read_toml(std::string_view text);

}  // namespace jobhost::config
