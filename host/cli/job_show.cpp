#include <algorithm>
#include <array>
#include <string_view>

#include "base/clock.hpp"
#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"
#include "cli/text_table.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

constexpr int kShownAttempts = 1000;

/// "created_at" is "created at".
std::string words_of(std::string_view member) {
    std::string words(member);
    std::ranges::replace(words, '_', ' ');
    return words;
}

/// Every member that says something, in the host's order, so that what a newer host adds is shown.
void print_members(Console& console, const base::Json& job, const std::string& zone) {
    std::size_t width = 0;
    for (const auto& [key, value] : job.get_object()) {
        width = std::max(width, is_empty(value) ? 0 : key.size());
    }
    for (const auto& [key, value] : job.get_object()) {
        if (is_empty(value)) {
            continue;
        }
        const bool time = key.ends_with("_at") || key.ends_with("_time");
        const auto text = time ? local_time(shown(value), zone) : visible(shown(value));
        console.print_line(words_of(key) + std::string(width + 2 - key.size(), ' ') +
                           colored(console, text));
    }
}

std::string duration_text(const base::Json& attempt) {
    const auto* value = base::find(attempt.get_object(), "duration");
    if (value == nullptr || !value->is_number()) {
        return {};
    }
    return base::format_duration(std::chrono::round<base::Duration>(
        std::chrono::duration<double>(value->to_number<double>())));
}

/// "snoozed ×12" for a line that stands for several attempts.
std::string outcome_text(const base::Json& attempt) {
    const auto outcome = text_at(attempt, "outcome");
    const auto repeats = shown_at(attempt, "repeats");
    const bool several = !repeats.empty() && repeats != "1";
    return (outcome.empty() ? "running" : outcome) + (several ? " ×" + repeats : "");
}

void print_attempts(Console& console, const base::JsonArray& attempts, const std::string& zone) {
    TextTable table({"ATTEMPT", "OUTCOME", "NODE", "STARTED", "TOOK", "ERROR"});
    for (const auto& attempt : attempts) {
        if (!attempt.is_object()) {
            continue;
        }
        const auto* error = base::find(attempt.get_object(), "error");
        table.add({shown_at(attempt, "number"), outcome_text(attempt), text_at(attempt, "node"),
                   local_time(text_at(attempt, "started_at"), zone), duration_text(attempt),
                   error == nullptr ? std::string() : text_at(*error, "message")});
    }
    console.print_line("");
    table.print(console);
}

}  // namespace

ExitCode show_job(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto word = *arguments.text("ID");
    const auto id = id_of_job(*client, word);
    if (!id) {
        return console.fail(id.error());
    }
    const auto target = "/api/v1/jobs/" + escaped(*id);
    const auto job = client->get(target);
    if (!job) {
        return console.fail(about_job(word, job.error()));
    }
    if (console.format() == Format::Json) {
        console.print_line(job->text);
        return ExitCode::Done;
    }
    const auto attempts = client->get(target + "/attempts?limit=" + std::to_string(kShownAttempts));
    if (!attempts) {
        return console.fail(attempts.error());
    }
    const auto zone = schedule::TimeZone::local();
    if (job->value.is_object()) {
        print_members(console, job->value, zone);
    }
    if (const auto& list = list_at(attempts->value, "items"); !list.empty()) {
        print_attempts(console, list, zone);
    }
    return ExitCode::Done;
}

}  // namespace jobhost::cli
