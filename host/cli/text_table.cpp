#include "cli/text_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/quote.hpp"
#include "base/utf8.hpp"

namespace jobhost::cli {

namespace {

constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kBlue = "\x1b[34m";
constexpr std::string_view kPlain = "\x1b[0m";

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kColors{{
    {"completed", kGreen},
    {"succeeded", kGreen},
    {"active", kGreen},
    {"ok", kGreen},
    {"running", kBlue},
    {"failed_retry", kYellow},
    {"interrupted", kYellow},
    {"cancelled", kYellow},
    {"stopped", kRed},
    {"failed", kRed},
    {"timed_out", kRed},
    {"lost", kRed},
    {"crashed", kRed},
    {"refused", kRed},
}};

}  // namespace

std::string colored(const Console& console, std::string_view word) {
    const auto* found =
        std::ranges::find(kColors, word, [](const auto& pair) { return pair.first; });
    if (!console.color() || found == kColors.end()) {
        return std::string(word);
    }
    return std::string(found->second) + std::string(word) + std::string(kPlain);
}

std::string visible(std::string_view text) {
    if (!base::has_control_characters(text)) {
        return std::string(text);
    }
    std::string quoted;
    base::append_quoted(quoted, text);
    return quoted;
}

void TextTable::print(Console& console) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], base::count_characters(visible(row[i])));
        }
    }
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto shown = visible(row[i]);
            line += colored(console, shown);
            if (i + 1 < row.size()) {
                line.append(widths[i] - base::count_characters(shown) + 2, ' ');
            }
        }
        line.erase(line.find_last_not_of(' ') + 1);
        console.print_line(line);
    }
}

}  // namespace jobhost::cli
