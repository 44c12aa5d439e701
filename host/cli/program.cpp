#include "cli/program.hpp"

#include <signal.h>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "cli/help.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"

namespace jobhost::cli {

namespace {

config::Environment read_environment() {
    config::Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos) {
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return environment;
}

bool is_set(const config::Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found != environment.end() && !found->second.empty();
}

bool wants_color(const config::Environment& environment) {
    const auto term = environment.find("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && !is_set(environment, "NO_COLOR") &&
           term != environment.end() && term->second != "dumb";
}

/// Even a command that is not understood is answered in JSON when it asks for that.
bool wants_json(std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--output=json" ||
            (words[i] == "--output" && i + 1 < words.size() && words[i + 1] == "json")) {
            return true;
        }
    }
    return false;
}

ExitCode show_help(Console& console, const HelpWanted& wanted) {
    const auto page = help_page(wanted.words);
    if (!page) {
        return console.fail(page.error());
    }
    console.print(*page);
    return ExitCode::Done;
}

ExitCode run(std::span<const std::string> words,
             const config::Environment& environment,
             Console& console) {
    if (words.empty()) {
        return console.fail(wrong_use("there is no verb; see jobhost help"));
    }
    const auto parsed = parse(words);
    if (!parsed) {
        return console.fail(parsed.error());
    }
    if (const auto* wanted = std::get_if<HelpWanted>(&*parsed)) {
        return show_help(console, *wanted);
    }
    const auto& command = std::get<Command>(*parsed);
    Session session(console, environment);
    return command.verb->run(command.arguments, session);
}

}  // namespace

int run_program(std::span<const std::string> words,
                const config::Environment& environment,
                Console& console) {
    console.use(wants_json(words) ? Format::Json : Format::Table);
    return static_cast<int>(console.finish(run(words, environment, console)));
}

int run_program(int argc, char** argv) {
    // A reader that goes away shows in the result of the write.
    ::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    const auto environment = read_environment();
    Console console(STDOUT_FILENO, STDERR_FILENO);
    console.use_color(wants_color(environment));
    return run_program(words, environment, console);
}

}  // namespace jobhost::cli
