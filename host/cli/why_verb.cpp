#include "cli/why_verb.hpp"

#include <array>
#include <string>

#include "base/clock.hpp"
#include "cli/job_id.hpp"
#include "cli/json_view.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

/// A value of a term as people read it: `places=8, taken=2`; what says nothing is left out.
std::string flat(const base::Json& value, const std::string& name, const std::string& zone) {
    std::string text;
    const auto add = [&](const std::string& part) {
        text += (text.empty() || part.empty() ? "" : ", ") + part;
    };
    if (value.is_object()) {
        for (const auto& [key, member] : value.get_object()) {
            add(flat(member, (name.empty() ? "" : name + ".") + std::string(key), zone));
        }
    } else if (value.is_array()) {
        for (const auto& item : value.get_array()) {
            add(flat(item, name, zone));
        }
    } else if (!is_empty(value)) {
        text = (name.empty() ? "" : name + "=") + local_time(shown(value), zone);
    }
    return text;
}

const base::Json& member(const base::Json& object, std::string_view key) {
    static const base::Json none;
    const auto* found = object.is_object() ? base::find(object.get_object(), key) : nullptr;
    return found == nullptr ? none : *found;
}

bool is_true(const base::Json& value) { return value.is_bool() && value.get_bool(); }

void print_origin(Console& console, const base::Json& origin, const std::string& zone) {
    if (is_empty(origin)) {
        return;
    }
    const auto parent = " of job " + text_at(origin, "parent_id");
    if (is_true(member(origin, "is_triggered"))) {
        console.print_line("It was triggered by hand, as an extra run" + parent + ".");
        return;
    }
    const auto& late = member(origin, "late_by");
    std::string how_late;
    if (late.is_number() && late.to_number<double>() >= 1) {
        how_late = ", made " +
                   base::format_duration(std::chrono::round<base::Duration>(
                       std::chrono::duration<double>(late.to_number<double>()))) +
                   " late";
    }
    console.print_line("It is the run planned for " +
                       local_time(text_at(origin, "nominal_at"), zone) + parent + how_late + ".");
}

void print_terms(Console& console, const base::JsonArray& terms, const std::string& zone) {
    if (terms.empty()) {
        return;
    }
    TextTable table({"TERM", "HOLDS", "VALUE", "IN THE WAY"});
    for (const auto& term : terms) {
        table.add({text_at(term, "term"), shown_at(term, "pass"),
                   flat(member(term, "value"), "", zone), text_at(term, "sentence")});
    }
    console.print_line("");
    table.print(console);
}

void print_occurrences(Console& console, const base::JsonArray& list, const std::string& zone) {
    if (list.empty()) {
        return;
    }
    TextTable table({"PLANNED", "UNTIL", "COUNT", "VERDICT", "RULE", "JOB", "STATUS"});
    for (const auto& fate : list) {
        const bool several = shown_at(fate, "count") != "1";
        const bool more = is_true(member(fate, "is_count_capped"));
        table.add({local_time(text_at(fate, "first"), zone),
                   several ? local_time(text_at(fate, "last"), zone) : "",
                   (more ? "over " : "") + shown_at(fate, "count"), text_at(fate, "verdict"),
                   text_at(fate, "rule"), text_at(fate, "job_id"), text_at(fate, "status")});
    }
    console.print_line("");
    table.print(console);
}

void print_answer(Console& console, const base::Json& answer) {
    const auto zone = schedule::TimeZone::local();
    console.print_line(visible(text_at(answer, "sentence")));
    print_origin(console, member(answer, "origin"), zone);
    print_terms(console, list_at(answer, "terms"), zone);
    print_occurrences(console, list_at(answer, "occurrences"), zone);
}

ExitCode show_why(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto word = *arguments.text("JOB");
    const auto id = id_of_job(*client, word);
    if (!id) {
        return console.fail(id.error());
    }
    const auto at = arguments.instant("--at");
    const auto answer =
        client->get("/api/v1/jobs/" + escaped(*id) + "/why" +
                    (at ? "?at=" + escaped(base::format_instant(*at)) : std::string()));
    if (!answer) {
        return console.fail(about_job(word, answer.error()));
    }
    if (console.format() == Format::Json) {
        console.print_line(answer->text);
    } else {
        print_answer(console, answer->value);
    }
    return ExitCode::Done;
}

constexpr std::array kJob{Positional{"JOB", Arity::One, "its id, or GROUP/NAME"}};
constexpr std::array kOptions{
    Option{"--at", "TIME", Form::Instant,
           "what became of the run of a recurring job that was planned for then"},
};

}  // namespace

std::span<const Verb> why_verbs() {
    static constexpr std::array kVerbs{
        Verb{"", "why", "Say why a job runs, or does not; or what became of one run of it.", kJob,
             kOptions,
             "jobhost why ID\n"
             "jobhost why default/backup\n"
             "jobhost why default/backup --at 2026-03-01T03:00:00Z",
             true, show_why},
    };
    return kVerbs;
}

}  // namespace jobhost::cli
