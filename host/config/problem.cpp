#include "config/problem.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "base/quote.hpp"

namespace jobhost::config {

namespace {

constexpr std::size_t kShownProblems = 50;
constexpr std::size_t kShownColumns = 96;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// The characters of UTF-8 text, each with nothing in it that a terminal would obey.
std::vector<std::string> visible_characters(std::string_view text) {
    std::vector<std::string> characters;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (!characters.empty() && continues_character(byte)) {
            characters.back() += byte;
        } else if ((code < 0x20 && byte != '\t') || code == 0x7F) {
            characters.emplace_back("?");
        } else {
            characters.emplace_back(1, byte);
        }
    }
    // U+0080 to U+009F are control characters of two bytes.
    for (auto& character : characters) {
        if (character.size() == 2 && character[0] == '\xC2' &&
            static_cast<unsigned char>(character[1]) < 0xA0) {
            character = "?";
        }
    }
    return characters;
}

std::string_view line_of(std::string_view text, int number) {
    for (int line = 1; line < number && !text.empty(); ++line) {
        const auto end = text.find('\n');
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    const auto line = text.substr(0, text.find('\n'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// The line and a second one with carets under the place. A long line is shown around the place;
/// tabs are kept in both lines so that they meet.
struct Excerpt {
    std::string line;
    std::string carets;
};

Excerpt excerpt(std::string_view text, const Place& place) {
    const auto characters = visible_characters(line_of(text, place.line));
    const auto column = static_cast<std::size_t>(std::max(place.column, 1)) - 1;
    const auto first = column > kShownColumns / 2 && characters.size() > kShownColumns
                           ? column - kShownColumns / 2
                           : 0;
    const auto last = std::min(characters.size(), first + kShownColumns);

    Excerpt shown;
    shown.line = first > 0 ? "…" : "";
    shown.carets = first > 0 ? " " : "";
    for (auto i = first; i < last; ++i) {
        shown.line += characters[i];
        if (i < column) {
            shown.carets += characters[i] == "\t" ? "\t" : " ";
        }
    }
    shown.line += last < characters.size() ? "…" : "";
    const auto room = std::max<std::size_t>(last > column ? last - column : 1, 1);
    shown.carets +=
        std::string(std::min(room, static_cast<std::size_t>(std::max(place.length, 1))), '^');
    return shown;
}

std::string where(const Problem& problem, const Source& source) {
    const auto& place = problem.place;
    if (!place.origin.empty()) {
        return place.origin;
    }
    return place.line == 0 ? source.name
                           : source.name + ":" + std::to_string(place.line) + ":" +
                                 std::to_string(place.column);
}

std::string render(const Problem& problem, const Source& source) {
    std::string text = "error[" + problem.code + "]: " + problem.message + "\n";
    const auto& place = problem.place;
    if (place.line == 0) {
        const std::string_view kind =
            place.origin.starts_with("JOBHOST_") ? "environment variable " : "";
        text += "  --> " + std::string(kind) + where(problem, source) + "\n";
        return problem.hint.empty() ? text : text + "  = " + problem.hint + "\n";
    }
    const auto number = std::to_string(place.line);
    const std::string margin(number.size(), ' ');
    const auto shown = excerpt(source.text, place);
    text += margin + "--> " + where(problem, source) + "\n";
    text += margin + " |\n";
    text += number + " | " + shown.line + "\n";
    text += margin + " | " + shown.carets + (problem.hint.empty() ? "" : " " + problem.hint) + "\n";
    return text;
}

std::string count_line(std::size_t count) {
    return count == 1 ? "1 mistake in the configuration\n"
                      : std::to_string(count) + " mistakes in the configuration\n";
}

bool comes_before(const Problem& one, const Problem& other) {
    const auto order = [](const Problem& problem) {
        return std::tuple(!problem.place.origin.empty(), problem.place.line, problem.place.column);
    };
    return order(one) < order(other);
}

}  // namespace

base::Error to_error(std::vector<Problem> problems, const Source& source) {
    std::ranges::stable_sort(problems, comes_before);
    base::Error error{base::ErrorKind::Invalid, "config_invalid", "", {}};
    for (const auto& problem : problems) {
        if (error.fields.size() < kShownProblems) {
            error.message += render(problem, source) + "\n";
        }
        auto sentence = problem.message;
        if (!problem.hint.empty()) {
            sentence += "; " + problem.hint;
        }
        error.fields.push_back({where(problem, source), problem.code, std::move(sentence)});
    }
    error.message += count_line(problems.size());
    return error;
}

std::string path_text(const std::filesystem::path& path) {
    std::string text;
    base::append_quoted(text, path.string());
    return text;
}

std::span<const Value> tables_of(const Entry& entry, std::vector<Problem>& problems) {
    const auto* list = entry.value.list();
    const bool tables = list != nullptr && std::ranges::all_of(*list, [](const Value& item) {
                            return item.table() != nullptr;
                        });
    if (!tables) {
        problems.push_back({entry.place, "wrong_type",
                            entry.key + " must be a list of tables, and this is " +
                                std::string(kind_name(entry.value)),
                            "write [[" + entry.key + "]]"});
        return {};
    }
    return *list;
}

}  // namespace jobhost::config
