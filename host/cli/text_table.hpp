#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"

namespace jobhost::cli {

/// Columns for people: as wide as they need, nothing cut.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> head) : rows_{std::move(head)} {}

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// Words that stand for a state are coloured on a coloured console.
    void print(Console& console) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// `word` in the colour of what it means: completed, stopped, …; other words as they are.
[[nodiscard]] std::string colored(const Console& console, std::string_view word);

/// `text` as it may go to a terminal: as it is, or in quotes when it holds control characters.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace jobhost::cli
