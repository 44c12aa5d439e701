#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// A verb, and what stands behind it.
struct Command {
    const Verb* verb;
    Arguments arguments;
};

/// Somebody wants to read about the verbs that these words name; about all for none.
struct HelpWanted {
    std::vector<std::string> words;
};

using Parsed = std::variant<Command, HelpWanted>;

/// Understands the words behind the program's name. Options that every verb has may stand before
/// the verb, too. The error is `wrong_use` and names what was probably meant.
[[nodiscard]] base::Result<Parsed> parse(std::span<const std::string> words);

/// The verb of that name, or null: ("job", "add"), ("", "serve").
[[nodiscard]] const Verb* find_verb(std::string_view noun, std::string_view name);

}  // namespace jobhost::cli
