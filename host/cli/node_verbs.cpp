#include "cli/node_verbs.hpp"

#include <array>

#include "cli/json_view.hpp"
#include "cli/text_table.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

/// The members of an answer, one a line; what is in an object stays in one line.
void print_status(Console& console, const base::Json& status) {
    const std::string zone = schedule::TimeZone::local();
    TextTable table({"MEMBER", "VALUE"});
    for (const auto& [key, value] : status.get_object()) {
        const bool time = key == "now" || key.ends_with("_at");
        if (!is_empty(value)) {
            table.add({std::string(key), time ? local_time(shown(value), zone) : shown(value)});
        }
    }
    table.print(console);
}

ExitCode answer_with_status(const base::Result<Answer>& answer, Session& session) {
    auto& console = session.console();
    if (!answer) {
        return console.fail(answer.error());
    }
    if (console.format() == Format::Json) {
        console.print_line(answer->text);
    } else {
        print_status(console, answer->value);
    }
    return ExitCode::Done;
}

ExitCode show(const Arguments& arguments, Session& session) {
    auto client = session.client(arguments);
    return client ? answer_with_status(client->get("/api/v1/status"), session)
                  : session.console().fail(client.error());
}

ExitCode steer(const char* path, const Arguments& arguments, Session& session) {
    auto client = session.client(arguments);
    if (!client) {
        return session.console().fail(client.error());
    }
    const auto answer = client->post(path, "{}");
    if (!answer || session.console().format() == Format::Json) {
        return answer_with_status(answer, session);
    }
    session.console().print_line(
        visible(text_at(answer->value, "name") + " is " + text_at(answer->value, "state") +
                "; running attempts: " + shown_at(answer->value, "running")));
    return ExitCode::Done;
}

ExitCode drain(const Arguments& arguments, Session& session) {
    return steer("/api/v1/nodes/self/drain", arguments, session);
}

ExitCode resume(const Arguments& arguments, Session& session) {
    return steer("/api/v1/nodes/self/resume", arguments, session);
}

}  // namespace

std::span<const Verb> node_verbs() {
    static constexpr std::array kVerbs{
        Verb{"node",
             "show",
             "How the host is: its state, what runs, how many jobs stand where.",
             {},
             {},
             "jobhost node show",
             true,
             show},
        Verb{"node",
             "drain",
             "Put the host on standby: it starts no attempts; what runs goes on, and so do "
             "schedules.",
             {},
             {},
             "jobhost node drain",
             true,
             drain},
        Verb{"node",
             "resume",
             "Let a host on standby start attempts again.",
             {},
             {},
             "jobhost node resume",
             true,
             resume},
    };
    return kVerbs;
}

}  // namespace jobhost::cli
