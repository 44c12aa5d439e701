#include "program.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace jobhost::shell {

namespace {

constexpr std::string_view kBlanks = " \t";

/// Takes the part up to the next separator off `rest`.
std::string_view take_until(std::string_view& rest, std::string_view separators) {
    const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool is_executable_file(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

Result<std::string> find_program(const std::string& name, std::string_view search_path) {
    if (name.find('/') != std::string::npos) {
        return name;
    }
    for (std::string_view rest = search_path; !rest.empty();) {
        std::string path(take_until(rest, ":"));
        const bool is_absolute = path.substr(0, 1) == "/";
        path.append("/").append(name);
        if (is_absolute && is_executable_file(path)) {
            return path;
        }
    }
    return Fault{Category::Application, Retry::Useless, "shell.program",
                 "there is no program '" + name + "' in PATH=" + std::string(search_path), ENOENT};
}

/// Shells take what begins with a sign for an option even behind -c; an empty line before it means
/// nothing to any interpreter.
std::string not_an_option(const std::string& text) {
    const bool looks_like_one = !text.empty() && (text.front() == '-' || text.front() == '+');
    return looks_like_one ? "\n" + text : text;
}

std::vector<std::string> words_for(const JobArguments& arguments,
                                   const std::string& shell,
                                   const std::string& script_path) {
    if (const auto* const call = std::get_if<ProgramCall>(&arguments.work)) {
        return call->words;
    }
    std::vector<std::string> words;
    const auto* const script = std::get_if<ScriptText>(&arguments.work);
    if (script != nullptr && !arguments.interpreter) {
        words = interpreter_line(script->text);
    }
    if (words.empty()) {
        words.push_back(arguments.interpreter.value_or(shell));
    }
    if (script != nullptr) {
        words.push_back(script_path);
    } else {
        words.insert(words.end(),
                     {"-c", not_an_option(std::get<CommandText>(arguments.work).text)});
    }
    return words;
}

}  // namespace

std::vector<std::string> interpreter_line(std::string_view script) {
    if (script.substr(0, 2) != "#!") {
        return {};
    }
    std::string_view line = script.substr(2);
    line = trimmed(take_until(line, "\n"));
    std::vector<std::string> words;
    for (const std::string_view word : {take_until(line, kBlanks), trimmed(line)}) {
        if (!word.empty() && word.find('\0') == std::string_view::npos) {
            words.emplace_back(word);
        }
    }
    return words;
}

Result<Program> program_for(const JobArguments& arguments,
                            const std::string& shell,
                            const std::string& script_path,
                            std::string_view search_path) {
    std::vector<std::string> words = words_for(arguments, shell, script_path);
    auto path = find_program(words.front(), search_path);
    if (!path) {
        return path.fault();
    }
    return Program{std::move(*path), std::move(words)};
}

}  // namespace jobhost::shell
