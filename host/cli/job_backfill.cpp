#include <string>

#include "base/clock.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"

namespace jobhost::cli {

namespace {

std::string body_of(const Arguments& arguments) {
    base::JsonObject body{{"from", base::format_instant(*arguments.instant("--from"))},
                          {"to", base::format_instant(*arguments.instant("--to"))}};
    if (const auto limit = arguments.count("--limit")) {
        body["limit"] = *limit;
    }
    if (arguments.flag("--include-unknown")) {
        body["include_unknown"] = true;
    }
    if (arguments.flag("--dry-run")) {
        body["dry_run"] = true;
    }
    return base::to_text(body);
}

/// "4 made, 1 there already, 2 excluded by calendars"
std::string summary(const base::Json& answer) {
    const auto number = [&](std::string_view member) { return shown_at(answer, member); };
    const auto* dry = base::find(answer.get_object(), "is_dry_run");
    const bool is_dry = dry != nullptr && dry->is_bool() && dry->get_bool();
    std::string text = number("count") + (is_dry ? " would be made, " : " made, ") +
                       number("present") + " there already, " + number("excluded") +
                       " excluded by calendars";
    const auto* unknown = base::find(answer.get_object(), "unknown");
    if (unknown != nullptr && unknown->is_int64() && unknown->get_int64() > 0) {
        text += ", " + number("unknown") +
                " left alone since nothing is known of them (--include-unknown runs them, too)";
    }
    return text;
}

}  // namespace

ExitCode backfill_job(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    if (!arguments.flag("--from") || !arguments.flag("--to")) {
        return console.fail(wrong_use("say the period with --from TIME and --to TIME"));
    }
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto word = *arguments.text("ID");
    const auto id = id_of_job(*client, word);
    if (!id) {
        return console.fail(id.error());
    }
    const auto answer = client->post("/api/v1/jobs/" + escaped(*id) + "/backfill" +
                                         (arguments.flag("--system") ? "?system=true" : ""),
                                     body_of(arguments));
    if (!answer) {
        return console.fail(about_job(word, answer.error()));
    }
    if (console.format() == Format::Json) {
        console.print_line(answer->text);
    } else if (answer->value.is_object()) {
        console.print_line(summary(answer->value));
    }
    return ExitCode::Done;
}

}  // namespace jobhost::cli
