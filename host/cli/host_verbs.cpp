#include "cli/host_verbs.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "app/host.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "cli/configuration.hpp"
#include "cli/text_table.hpp"
#include "config/check.hpp"

namespace jobhost::cli {

namespace {

constexpr std::array kConfigOptions{
    Option{"--config", "FILE", Form::Text,
           "the configuration; /etc/jobhost/jobhost.toml when not given"},
    Option{"--set", "KEY=VALUE", Form::Text,
           "one setting, above file and environment; may be given again (jobhost help settings)",
           true},
};

base::JsonArray json_list(const std::vector<std::string>& words) {
    base::JsonArray list;
    for (const auto& word : words) {
        list.emplace_back(word);
    }
    return list;
}

bool is_on_path(const std::filesystem::path& folder, const config::Environment& environment) {
    const auto found = environment.find("PATH");
    const auto list = ":" + (found == environment.end() ? std::string() : found->second) + ":";
    return list.find(":" + folder.string() + ":") != std::string::npos;
}

/// What a person types to start this program from where this process was started.
std::string typed_name(const config::Environment& environment) {
    std::error_code error;
    const auto program = program_file();
    const auto relative = program.lexically_relative(std::filesystem::current_path(error));
    if (is_on_path(program.parent_path(), environment)) {
        return program.filename();
    }
    return relative.empty() || *relative.begin() == ".." ? program : relative;
}

void tell_addresses(const Session& session, const app::Host& host) {
    auto& console = session.console();
    if (console.format() == Format::Json) {
        console.print_line(
            base::to_text(base::JsonObject{{"api", json_list(host.api_addresses())},
                                           {"probes", json_list(host.probe_addresses())}}));
        return;
    }
    for (const auto& address : host.api_addresses()) {
        console.print_line("API on http://" + address);
    }
    for (const auto& address : host.probe_addresses()) {
        console.print_line("probes on http://" + address);
    }
    const auto& address = host.api_addresses().front();
    const std::string_view whole = kDefaultHost;
    const auto named = whole.ends_with("//" + address) ? "" : "--host http://" + address + " ";
    console.print_line("add a job from another terminal: " + typed_name(session.environment()) +
                       " job add " + named + "shell.run command='echo hello'");
}

ExitCode serve(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    const auto config = read_configuration(arguments, session.environment());
    if (!config) {
        return console.fail(config.error());
    }
    auto host = app::Host::start(*config);
    if (!host) {
        static_cast<void>(console.fail(host.error()));
        return ExitCode::Failed;
    }
    tell_addresses(session, **host);
    const int code = (*host)->run();
    host->reset();
    base::flush_log();
    // Not by exit(): with it the destructors of the plugins' libraries would run, and one may hang.
    std::_Exit(code);
}

void print_checks(Console& console,
                  const config::HostConfig& config,
                  const std::vector<config::Check>& checks,
                  bool fine) {
    if (console.format() == Format::Json) {
        base::JsonArray list;
        for (const auto& check : checks) {
            list.push_back(
                base::JsonObject{{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
        }
        console.print_line(base::to_text(base::JsonObject{
            {"file", config.file.string()}, {"ok", fine}, {"checks", std::move(list)}}));
        return;
    }
    TextTable table({"CHECK", "RESULT", "DETAIL"});
    table.add({"configuration", "ok", config.file.string() + " has no mistakes"});
    for (const auto& check : checks) {
        table.add({check.name, check.ok ? "ok" : "failed", check.detail});
    }
    table.print(console);
}

ExitCode check(const Arguments& arguments, Session& session) {
    const auto config = read_configuration(arguments, session.environment());
    if (!config) {
        return session.console().fail(config.error());
    }
    const auto checks = config::check_surroundings(*config);
    const bool fine = std::ranges::all_of(checks, &config::Check::ok);
    print_checks(session.console(), *config, checks, fine);
    return fine ? ExitCode::Done : ExitCode::WrongConfiguration;
}

ExitCode version(const Arguments&, Session& session) {
    auto& console = session.console();
    if (console.format() == Format::Json) {
        console.print_line(base::to_text(
            base::JsonObject{{"version", base::kVersion}, {"revision", base::kRevision}}));
        return ExitCode::Done;
    }
    std::string line = "jobhost " + std::string(base::kVersion);
    if (!base::kRevision.empty()) {
        line += " (" + std::string(base::kRevision) + ")";
    }
    console.print_line(line);
    return ExitCode::Done;
}

}  // namespace

std::span<const Verb> host_verbs() {
    static constexpr std::array kVerbs{
        Verb{"",
             "serve",
             "Run the host until SIGTERM or Ctrl-C.",
             {},
             kConfigOptions,
             "jobhost serve --config /etc/jobhost/jobhost.toml\n"
             "jobhost serve --config jobhost.toml --set run.workers=2",
             false,
             serve},
        Verb{"",
             "check",
             "Judge the configuration and what it points to; nothing is started or changed.",
             {},
             kConfigOptions,
             "jobhost check --config jobhost.toml",
             false,
             check},
        Verb{"",
             "version",
             "Say which version this is.",
             {},
             {},
             "jobhost version --output json",
             false,
             version},
    };
    return kVerbs;
}

}  // namespace jobhost::cli
