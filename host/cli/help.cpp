#include "cli/help.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "cli/exit_code.hpp"
#include "cli/parser.hpp"
#include "cli/verb.hpp"
#include "config/keys.hpp"

namespace jobhost::cli {

namespace {

constexpr std::string_view kSettings = "settings";
constexpr std::size_t kTextColumn = 30;
constexpr std::size_t kWidth = 96;
/// A range up to here is no range worth telling.
constexpr std::int64_t kUnlimited = std::numeric_limits<int>::max();

/// `text` broken at spaces so that it stays right of `column`.
std::string wrapped(std::string_view text, std::size_t column) {
    std::string result;
    std::size_t used = column;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        if (used > column && used + 1 + word.size() > kWidth) {
            result += "\n" + std::string(column, ' ');
            used = column;
        } else if (used > column) {
            result += ' ';
            ++used;
        }
        result += word;
        used += word.size();
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return result;
}

/// "  name      text", the text on a line of its own when the name is long.
std::string row(const std::string& name, std::string_view text) {
    std::string line = "  " + name;
    if (line.size() + 2 > kTextColumn) {
        line += "\n" + std::string(kTextColumn, ' ');
    } else {
        line.append(kTextColumn - line.size(), ' ');
    }
    return line + wrapped(text, kTextColumn) + "\n";
}

std::string verb_rows(std::string_view noun) {
    std::string text;
    for (const auto& verb : verbs()) {
        if (noun.empty() || verb.noun == noun) {
            text += row(verb.full_name(), verb.summary);
        }
    }
    return text;
}

std::string exit_code_rows() {
    std::string text;
    for (const auto& [code, meaning] : exit_codes()) {
        text += row(std::to_string(static_cast<int>(code)), meaning);
    }
    return text;
}

std::string option_rows(std::span<const Option> options) {
    std::string text;
    for (const auto& option : options) {
        auto name = std::string(option.name);
        if (!option.value.empty()) {
            name += " " + std::string(option.value);
        }
        auto help = std::string(option.help);
        if (option.form == Form::Count && option.highest < kUnlimited) {
            help += "; " + std::to_string(option.lowest) + " to " + std::to_string(option.highest);
        }
        text += row(name, help);
    }
    return text;
}

std::string overview() {
    return "jobhost runs jobs that other people wrote.\n\nVerbs\n" + verb_rows("") +
           row("help [VERB | settings]", "More about a verb, or the settings of the file.") +
           "\nEvery verb takes\n" + option_rows(common_options()) + "and those that ask a host\n" +
           option_rows(host_options()) + "\nExit codes\n" + exit_code_rows();
}

std::string usage_of(const Verb& verb) {
    std::string text = "jobhost " + verb.full_name();
    for (const auto& positional : verb.positionals) {
        const std::string name(positional.name);
        text += positional.arity == Arity::One         ? " " + name
                : positional.arity == Arity::OneOrMore ? " " + name + "…"
                                                       : " [" + name + "…]";
    }
    return text + " [options]";
}

std::string indented(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        text += "  " + std::string(line) + "\n";
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
    return text;
}

/// Examples first: most readers need no more.
std::string verb_page(const Verb& verb) {
    auto text =
        std::string(verb.summary) + "\n\n" + indented(verb.examples) + "\n" + usage_of(verb) + "\n";
    for (const auto& positional : verb.positionals) {
        text += row(std::string(positional.name), positional.help);
    }
    text += "\nOptions\n" + option_rows(verb.options);
    return text + (verb.asks_host ? option_rows(host_options()) : "") +
           option_rows(common_options());
}

std::string noun_page(const std::string& noun) {
    return "jobhost " + noun + " VERB\n\n" + verb_rows(noun) + "\njobhost help " + noun +
           " VERB says more.\n";
}

std::string settings_page() {
    std::string text =
        "Each stands in the file as KEY = VALUE below [SECTION]. From outside: "
        "JOBHOST_SECTION__KEY in the\nenvironment, or --set SECTION.KEY=VALUE, which wins.\n";
    std::string_view section;
    for (const auto& key : config::keys()) {
        if (key.section != section) {
            section = key.section;
            text += "\n[" + std::string(section) + "]\n";
        }
        auto help = std::string(key.help) + " Takes: " + key.form() + ".";
        if (!key.default_text.empty()) {
            help += " Default: " + std::string(key.default_text) + ".";
        }
        text += row(std::string(key.name), help);
    }
    return text;
}

std::vector<std::string> page_names() {
    std::vector<std::string> names{std::string(kSettings)};
    for (const auto& verb : verbs()) {
        names.push_back(verb.full_name());
        names.emplace_back(verb.noun.empty() ? verb.name : verb.noun);
    }
    return names;
}

}  // namespace

base::Result<std::string> help_page(std::span<const std::string> words) {
    if (words.empty()) {
        return overview();
    }
    if (words.size() == 1 && words[0] == kSettings) {
        return settings_page();
    }
    const auto* verb = words.size() == 1   ? find_verb("", words[0])
                       : words.size() == 2 ? find_verb(words[0], words[1])
                                           : nullptr;
    if (verb != nullptr) {
        return verb_page(*verb);
    }
    const bool noun = std::ranges::any_of(
        verbs(), [&](const Verb& one) { return !one.noun.empty() && one.noun == words[0]; });
    if (words.size() == 1 && noun) {
        return noun_page(words[0]);
    }
    std::string wanted;
    for (const auto& word : words) {
        wanted += (wanted.empty() ? "" : " ") + word;
    }
    const auto hint = base::did_you_mean(wanted, page_names());
    return wrong_use("there is no help about " + base::in_quotes(wanted) +
                     (hint.empty() ? "" : "; " + hint));
}

}  // namespace jobhost::cli
