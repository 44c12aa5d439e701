#include "cli/plugin_verbs.hpp"

#include <array>
#include <filesystem>

#include "app/describe_plugin.hpp"
#include "base/quote.hpp"
#include "cli/json_view.hpp"
#include "cli/text_table.hpp"

namespace jobhost::cli {

namespace {

/// "shell.run, shell.other"
std::string joined(const base::JsonArray& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + shown(word);
    }
    return text;
}

ExitCode list_plugins(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto answer = client->get("/api/v1/plugins");
    if (!answer) {
        return console.fail(answer.error());
    }
    if (console.format() == Format::Json) {
        console.print_line(answer->text);
        return ExitCode::Done;
    }
    TextTable table({"PLUGIN", "VERSION", "STATE", "TYPES", "FILE", "REASON"});
    for (const auto& plugin : list_at(answer->value, "items")) {
        const auto id = text_at(plugin, "id");
        table.add({id.empty() ? "-" : id, text_at(plugin, "version"), text_at(plugin, "state"),
                   joined(list_at(plugin, "types")), text_at(plugin, "file"),
                   text_at(plugin, "reason")});
    }
    table.print(console);
    return ExitCode::Done;
}

/// "required, secret": what is true of a parameter.
std::string traits_of(const base::Json& parameter) {
    std::string text;
    for (const std::string_view trait : {"required", "secret", "repeated", "deprecated"}) {
        if (shown_at(parameter, trait) == "yes") {
            text += (text.empty() ? "" : ", ") + std::string(trait);
        }
    }
    const auto value = shown_at(parameter, "default");
    return value.empty() ? text : text + (text.empty() ? "" : ", ") + "default " + value;
}

void print_type(Console& console, const base::Json& type) {
    console.print_line("");
    console.print_line(visible(text_at(type, "id") + ": " + text_at(type, "description")));
    TextTable table({"  PARAMETER", "TYPE", "", "DESCRIPTION"});
    for (const auto& parameter : list_at(type, "parameters")) {
        table.add({"  " + text_at(parameter, "name"), text_at(parameter, "type"),
                   traits_of(parameter), text_at(parameter, "description")});
    }
    table.print(console);
}

void print_description(Console& console, const base::Json& plugin) {
    console.print_line(visible(text_at(plugin, "id") + " " + text_at(plugin, "version") + ": " +
                               text_at(plugin, "description")));
    console.print_line("API level " + shown_at(plugin, "min_level") + ", written for " +
                       shown_at(plugin, "target_level"));
    for (const auto& warning : list_at(plugin, "warnings")) {
        console.print_line(visible("warning: " + shown(warning)));
    }
    for (const auto& type : list_at(plugin, "types")) {
        print_type(console, type);
    }
}

ExitCode describe_plugin(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    const std::filesystem::path file = *arguments.text("FILE");
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return console.fail({base::ErrorKind::NotFound,
                             "file_missing",
                             "there is no file " + base::in_quotes(file.string()),
                             {}});
    }
    auto text = app::describe_plugin(file);
    if (!text) {
        auto error = text.error();
        error.message = base::in_quotes(file.string()) + " cannot be used: " + error.message;
        return console.fail(error);
    }
    const auto description = base::parse_json(*text, 2 * base::kJsonDepth);
    if (!description) {
        return console.fail(description.error());
    }
    if (console.format() == Format::Json) {
        console.print_line(*text);
    } else {
        print_description(console, description->value);
    }
    return ExitCode::Done;
}

constexpr std::array kFile{
    Positional{"FILE", Arity::One, "the shared library"},
};

}  // namespace

std::span<const Verb> plugin_verbs() {
    static constexpr std::array kVerbs{
        Verb{"plugin",
             "list",
             "The libraries that a host found: what each brings, or why it was refused.",
             {},
             {},
             "jobhost plugin list",
             true,
             list_plugins},
        Verb{"plugin",
             "describe",
             "What a plugin file says of itself, read in a process of its own; needs no host.",
             kFile,
             {},
             "jobhost plugin describe build/release/plugins/shell.so",
             false,
             describe_plugin},
    };
    return kVerbs;
}

}  // namespace jobhost::cli
