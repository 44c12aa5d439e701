#include "config/toml_text.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

// The library holds itself to its steps by assertions, and a file can break one: the header "[.a]".
// That would end the process, and in an optimised build be undefined behaviour. So its assertions
// are kept in every build and throw; this is the only source that includes it.
namespace jobhost::config {
namespace {

struct BrokenStep {};

constexpr void expect(bool kept) {
    if (!kept) {
        throw BrokenStep{};
    }
}

}  // namespace
}  // namespace jobhost::config

#undef NDEBUG
#define TOML_ASSERT(expression) ::jobhost::config::expect(static_cast<bool>(expression))
#include <toml++/toml.h>

namespace jobhost::config {

namespace {

constexpr int kMostMistakes = 20;
constexpr int kMostLinesBack = 40;

/// The library goes one call deeper for each dot of a name and has no limit of its own.
constexpr int kMostDots = 250;

Place place_of(const toml::source_region& region) {
    Place place;
    place.line = static_cast<int>(region.begin.line);
    place.column = static_cast<int>(region.begin.column);
    place.length = region.end.line == region.begin.line
                       ? std::max(1, static_cast<int>(region.end.column) - place.column)
                       : 1;
    return place;
}

Value value_of(const toml::node& node);

Table table_of(const toml::table& table) {
    Table entries;
    for (const auto& [key, node] : table) {
        entries.push_back({std::string(key.str()), place_of(key.source()), value_of(node)});
    }
    // The library sorts by key; people read from the top.
    std::ranges::stable_sort(entries, [](const Entry& one, const Entry& other) {
        return std::pair(one.place.line, one.place.column) <
               std::pair(other.place.line, other.place.column);
    });
    return entries;
}

List list_of(const toml::array& array) {
    List values;
    std::ranges::transform(array, std::back_inserter(values), value_of);
    return values;
}

std::string date_text(const toml::node& node) {
    std::ostringstream text;
    node.visit([&](const auto& value) { text << value; });
    return text.str();
}

Value value_of(const toml::node& node) {
    Value value;
    value.place = place_of(node.source());
    if (const auto* table = node.as_table()) {
        value.data = table_of(*table);
    } else if (const auto* array = node.as_array()) {
        value.data = list_of(*array);
    } else if (const auto* text = node.as_string()) {
        value.data = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.data = integer->get();
    } else if (const auto* number = node.as_floating_point()) {
        value.data = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
        value.data = boolean->get();
    } else {
        value.data = DateText{date_text(node)};
    }
    return value;
}

/// The library's sentence without its introduction, and in a form that says what to do where the
/// original does not.
Problem syntax_problem(const toml::parse_error& error) {
    auto sentence = std::string(error.description());
    if (const auto end = sentence.find(": ");
        sentence.starts_with("Error while ") && end != std::string::npos) {
        sentence.erase(0, end + 2);
    }
    if (sentence.starts_with("unescaped control characters")) {
        sentence = "a string is not closed on its line, or holds a control character";
    } else if (sentence == "could not determine value type") {
        sentence = "this is no value; text needs quotes";
    }
    return {place_of(error.source()), "syntax", std::move(sentence)};
}

struct Part {
    std::optional<Table> root;
    std::optional<Problem> problem;
};

std::string only_lines(std::string_view text, int first, int last);

bool breaks_a_step(std::string_view text) {
    try {
        static_cast<void>(toml::parse(text));
    } catch (const toml::parse_error&) {
    } catch (const BrokenStep&) {
        return true;
    }
    return false;
}

/// A broken step has no place. It is in the last line of the shortest beginning that breaks it.
Problem broken_step_problem(std::string_view text) {
    int whole = 0;
    int broken = 1 + static_cast<int>(std::ranges::count(text, '\n'));
    while (broken - whole > 1) {
        const int middle = whole + (broken - whole) / 2;
        (breaks_a_step(only_lines(text, 1, middle + 1)) ? broken : whole) = middle;
    }
    return {
        {broken, 1, 1}, "syntax", "this line cannot be read; a name is letters, digits, _ and -"};
}

Part read_part(std::string_view text) {
    try {
        return {table_of(toml::parse(text)), std::nullopt};
    } catch (const toml::parse_error& error) {
        return {std::nullopt, syntax_problem(error)};
    } catch (const BrokenStep&) {
        return {std::nullopt, broken_step_problem(text)};
    }
}

/// The text with every line outside [first, last) emptied, so that places stay what they are.
std::string only_lines(std::string_view text, int first, int last) {
    std::string kept;
    int line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const auto end = std::min(text.find('\n', begin), text.size());
        if (line >= first && line < last) {
            kept += text.substr(begin, end - begin);
        }
        kept += '\n';
        begin = end + 1;
    }
    return kept;
}

bool is_section_header(std::string_view line) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || line[begin] != '[') {
        return false;
    }
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_.";
    const auto name = line.find_first_not_of('[', begin);
    const auto end = line.find_first_not_of(kLetters, name);
    return name != std::string_view::npos && end != std::string_view::npos && end > name &&
           name - begin <= 2 && line[end] == ']';
}

/// The first line after `line` that begins a section; nothing at the end.
std::optional<int> next_section(std::string_view text, int line) {
    std::istringstream lines{std::string(text)};
    std::string content;
    for (int number = 1; std::getline(lines, content); ++number) {
        if (number > line && is_section_header(content)) {
            return number;
        }
    }
    return std::nullopt;
}

/// What stands before the mistake in line `bad`: as many whole statements as can be read.
Table read_before(std::string_view text, int first, int bad) {
    for (int last = bad; last > std::max(first, bad - kMostLinesBack); --last) {
        if (auto part = read_part(only_lines(text, first, last)); part.root) {
            return std::move(*part.root);
        }
    }
    return {};
}

/// Where a line holds more dots than any name needs, outside comments.
std::optional<Problem> endless_name(std::string_view text) {
    constexpr std::string_view kParts = "\"'_- \t";
    int line = 1;
    int column = 0;
    int dots = 0;
    bool comment = false;
    for (const char letter : text) {
        ++column;
        if (letter == '\n') {
            ++line;
            column = dots = 0;
            comment = false;
        } else if (letter == '#') {
            comment = true;
        } else if (letter == '.' && !comment) {
            ++dots;
        } else if (std::isalnum(static_cast<unsigned char>(letter)) == 0 &&
                   kParts.find(letter) == std::string_view::npos) {
            dots = 0;
        }
        if (dots > kMostDots) {
            return Problem{{line, column, 1}, "syntax", "a name with too many dots"};
        }
    }
    return std::nullopt;
}

void append(Table& target, Table more) { std::ranges::move(more, std::back_inserter(target)); }

}  // namespace

TomlText read_toml(std::string_view text) {
    TomlText result;
    if (auto problem = endless_name(text)) {
        result.problems.push_back(std::move(*problem));
        return result;
    }
    std::string rest(text);
    std::optional<int> first = 1;
    while (first) {
        auto part = read_part(rest);
        if (part.root) {
            append(result.root, std::move(*part.root));
            break;
        }
        const int bad = part.problem->place.line;
        append(result.root, read_before(rest, *first, bad));
        result.problems.push_back(std::move(*part.problem));
        if (result.problems.size() == kMostMistakes) {
            break;
        }
        first = next_section(text, bad);
        rest = first ? only_lines(text, *first, 1 << 30) : "";
    }
    return result;
}

}  // namespace jobhost::config
