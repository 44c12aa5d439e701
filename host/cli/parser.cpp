// Which verb is meant is found here; CLI11 takes apart what stands behind it, and its own messages
// and exit codes stay in this file. (Its subcommands would take an argument that happens to be
// called like a verb for that verb.)
#include "cli/parser.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/nearest.hpp"
#include "base/quote.hpp"
#include "cli/option_value.hpp"

namespace jobhost::cli {

namespace {

std::vector<Option> options_of(const Verb& verb) {
    std::vector<Option> options(verb.options.begin(), verb.options.end());
    if (verb.asks_host) {
        options.insert(options.end(), host_options().begin(), host_options().end());
    }
    options.insert(options.end(), common_options().begin(), common_options().end());
    return options;
}

/// "--out=json" is about the option "--out".
std::string_view option_name(std::string_view word) { return word.substr(0, word.find('=')); }

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

/// Options before the verb, moved behind it.
struct Sorted {
    std::vector<std::string> verb_words;
    std::vector<std::string> rest;
};

const Option* find_global(std::string_view name) {
    for (const auto options : {common_options(), host_options()}) {
        const auto found = std::ranges::find(options, name, &Option::name);
        if (found != options.end()) {
            return &*found;
        }
    }
    return nullptr;
}

/// Takes the leading options and then the words up to the next option.
Sorted sort(std::span<const std::string> words) {
    Sorted sorted;
    std::size_t i = 0;
    for (; i < words.size() && is_option(words[i]); ++i) {
        const auto* option = find_global(option_name(words[i]));
        sorted.rest.push_back(words[i]);
        const bool has_value = option != nullptr && option->form != Form::Flag &&
                               words[i].find('=') == std::string::npos;
        if (has_value && i + 1 < words.size()) {
            sorted.rest.push_back(words[++i]);
        }
    }
    sorted.verb_words.assign(words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
    return sorted;
}

std::vector<std::string_view> first_words() {
    std::vector<std::string_view> words{"help"};
    for (const auto& verb : verbs()) {
        words.push_back(verb.noun.empty() ? verb.name : verb.noun);
    }
    return words;
}

std::vector<std::string_view> verbs_of(std::string_view noun) {
    std::vector<std::string_view> names;
    for (const auto& verb : verbs()) {
        if (verb.noun == noun) {
            names.push_back(verb.name);
        }
    }
    return names;
}

std::string list_of(const std::vector<std::string_view>& words) {
    std::string text;
    for (const auto word : words) {
        text += (text.empty() ? "" : ", ") + std::string(word);
    }
    return text;
}

base::Error unknown(std::string_view what,
                    std::string_view word,
                    const std::vector<std::string_view>& candidates,
                    std::string_view help) {
    const auto hint = base::did_you_mean(word, candidates);
    return wrong_use("there is no " + std::string(what) + " " + base::in_quotes(word) + "; " +
                     (hint.empty() ? "see " + std::string(help) : hint));
}

/// Options that mean the same to different verbs, where no likeness of letters shows it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kCalledElsewhere{{
    {"--zone", "--time-zone"},
    {"--time-zone", "--zone"},
}};

base::Error unknown_option(std::string_view word,
                           const std::vector<std::string_view>& names,
                           std::string_view help) {
    for (const auto& [elsewhere, here] : kCalledElsewhere) {
        if (word == elsewhere && std::ranges::find(names, here) != names.end()) {
            return wrong_use("there is no option " + base::in_quotes(word) + "; did you mean " +
                             base::in_quotes(here) + "?");
        }
    }
    return unknown("option", word, names, help);
}

/// The verb that the first one or two words name, and how many words that took.
struct Found {
    const Verb* verb;
    std::size_t words;
};

base::Result<Found> verb_in(const std::vector<std::string>& words) {
    const auto& first = words.front();
    if (const auto* verb = find_verb("", first)) {
        return Found{verb, 1};
    }
    const auto names = verbs_of(first);
    if (names.empty()) {
        return unknown("verb", first, first_words(), "jobhost help");
    }
    if (words.size() < 2 || is_option(words[1])) {
        return wrong_use(first + " needs a verb: " + list_of(names));
    }
    if (const auto* verb = find_verb(first, words[1])) {
        return Found{verb, 2};
    }
    return unknown(first + " verb", words[1], names, "jobhost help " + first);
}

/// Does somebody ask for help? Words behind "--" are values.
bool asks_for_help(const std::vector<std::string>& words) {
    const auto end = std::ranges::find(words, "--");
    return std::any_of(words.begin(), end,
                       [](const auto& word) { return word == "--help" || word == "-h"; });
}

/// What CLI11 collects: the words given for each option and positional.
using Collected = std::map<std::string_view, std::vector<std::string>>;

CLI::callback_t collect(Collected& collected, std::string_view name) {
    return [&collected, name](const std::vector<std::string>& values) {
        collected[name] = values;
        return true;
    };
}

void declare(CLI::App& app, const Verb& verb, const std::vector<Option>& options, Collected& to) {
    for (const auto& positional : verb.positionals) {
        auto* declared = app.add_option(std::string(positional.name), collect(to, positional.name));
        declared->required(positional.arity != Arity::Any);
        if (positional.arity != Arity::One) {
            declared->expected(positional.arity == Arity::Any ? 0 : 1,
                               CLI::detail::expected_max_vector_size);
            declared->allow_extra_args();  // CLI11 2.1 gives a positional one word without it
        }
    }
    for (const auto& option : options) {
        auto* declared = app.add_option(std::string(option.name), collect(to, option.name));
        declared->type_size(option.form == Form::Flag ? 0 : 1);
        declared->expected(option.form == Form::Flag ? 0 : 1);
        if (option.repeated || option.form == Form::Flag) {
            declared->take_all();
        }
    }
}

/// CLI11's complaint in our words.
base::Error complaint(const Verb& verb,
                      const std::vector<Option>& options,
                      const std::vector<std::string>& extras,
                      const CLI::ParseError& error) {
    const auto help = "jobhost help " + verb.full_name();
    if (!extras.empty()) {
        const auto& word = extras.front();
        std::vector<std::string_view> names{"--help"};
        std::ranges::transform(options, std::back_inserter(names), &Option::name);
        return is_option(word) ? unknown_option(option_name(word), names, help)
                               : wrong_use(base::in_quotes(word) + " is one word too many for " +
                                           verb.full_name() + "; see " + help);
    }
    return wrong_use(std::string(error.what()) + "; see " + help);
}

base::Result<Collected> take_apart(const Verb& verb,
                                   const std::vector<Option>& options,
                                   std::vector<std::string> words) {
    CLI::App app;
    app.set_help_flag();
    Collected collected;
    declare(app, verb, options, collected);
    std::ranges::reverse(words);  // CLI11 takes them from the end
    try {
        app.parse(std::move(words));
    } catch (const CLI::ExtrasError& error) {
        return complaint(verb, options, app.remaining(), error);
    } catch (const CLI::ParseError& error) {
        return complaint(verb, options, {}, error);
    }
    return collected;
}

base::Result<Arguments> judged(const Verb& verb,
                               const std::vector<Option>& options,
                               const Collected& collected) {
    Arguments arguments;
    for (const auto& positional : verb.positionals) {
        if (const auto found = collected.find(positional.name); found != collected.end()) {
            arguments.add(positional.name, found->second);
        }
    }
    for (const auto& option : options) {
        const auto found = collected.find(option.name);
        if (found == collected.end()) {
            continue;
        }
        if (option.form == Form::Flag && found->second != std::vector<std::string>{"true"}) {
            return wrong_use(std::string(option.name) + " is given once and takes no value");
        }
        for (const auto& value : found->second) {
            if (auto checked = check_value(option, value); !checked) {
                return std::move(checked).error();
            }
        }
        arguments.add(option.name, found->second);
    }
    return arguments;
}

}  // namespace

const Verb* find_verb(std::string_view noun, std::string_view name) {
    const auto found = std::ranges::find_if(
        verbs(), [&](const Verb& verb) { return verb.noun == noun && verb.name == name; });
    return found == verbs().end() ? nullptr : &*found;
}

base::Result<Parsed> parse(std::span<const std::string> words) {
    auto sorted = sort(words);
    auto& [verb_words, rest] = sorted;
    if (verb_words.empty()) {
        // "jobhost --version" is what people type first.
        if (std::ranges::find(rest, "--version") != rest.end()) {
            verb_words.emplace_back("version");
            std::erase(rest, "--version");
        } else if (rest.empty() || asks_for_help(rest)) {
            return Parsed(HelpWanted{});
        } else {
            return wrong_use("there is no verb; see jobhost help");
        }
    }
    if (verb_words.front() == "help") {
        return Parsed(HelpWanted{{verb_words.begin() + 1, verb_words.end()}});
    }
    if (verb_words.size() == 2 && asks_for_help(verb_words)) {
        return Parsed(HelpWanted{{verb_words.front()}});
    }
    const auto found = verb_in(verb_words);
    if (!found) {
        return found.error();
    }
    rest.insert(rest.end(), verb_words.begin() + static_cast<std::ptrdiff_t>(found->words),
                verb_words.end());
    if (asks_for_help(rest)) {
        return Parsed(HelpWanted{
            {verb_words.begin(), verb_words.begin() + static_cast<std::ptrdiff_t>(found->words)}});
    }
    const auto options = options_of(*found->verb);
    auto collected = take_apart(*found->verb, options, std::move(rest));
    if (!collected) {
        return std::move(collected).error();
    }
    auto arguments = judged(*found->verb, options, *collected);
    if (!arguments) {
        return std::move(arguments).error();
    }
    return Parsed(Command{found->verb, std::move(*arguments)});
}

}  // namespace jobhost::cli
