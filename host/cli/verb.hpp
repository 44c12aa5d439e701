#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cli/exit_code.hpp"

namespace jobhost::cli {

class Arguments;
class Session;

/// What an option's value must look like; judged before a verb runs.
enum class Form {
    Flag,
    Text,
    Count,     ///< a whole number inside the option's range
    Duration,  ///< `30s`
    Instant,   ///< RFC 3339
    Pair,      ///< `NAME=VALUE`
    Choice,    ///< one of the option's words
};

struct Option {
    std::string_view name;   ///< "--limit"
    std::string_view value;  ///< what stands for the value in help: "N"; empty for a flag
    Form form = Form::Text;
    std::string_view help;
    bool repeated = false;
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    std::span<const std::string_view> words = {};
};

enum class Arity { One, OneOrMore, Any };

struct Positional {
    std::string_view name;  ///< "TYPE"
    Arity arity = Arity::One;
    std::string_view help;
};

/// One verb of the command line. Options that every verb has are not listed here.
struct Verb {
    std::string_view noun;  ///< "job"; empty for verbs that stand alone
    std::string_view name;  ///< "add"
    std::string_view summary;
    std::span<const Positional> positionals;
    std::span<const Option> options;
    std::string_view examples;  ///< lines that can be typed
    bool asks_host = false;     ///< it takes --host
    ExitCode (*run)(const Arguments& arguments, Session& session);

    /// "job add"
    [[nodiscard]] std::string full_name() const;
};

/// Every verb, in the order of the help.
[[nodiscard]] std::span<const Verb> verbs();

/// The options that every verb takes, and those that verbs take which ask a host.
[[nodiscard]] std::span<const Option> common_options();
[[nodiscard]] std::span<const Option> host_options();

}  // namespace jobhost::cli
