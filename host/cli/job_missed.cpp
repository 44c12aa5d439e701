#include <string>
#include <string_view>

#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"
#include "cli/text_table.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

constexpr std::string_view kPage = "1000";

std::string count_text(const base::Json& record) {
    const auto* capped = base::find(record.get_object(), "is_count_capped");
    const bool more = capped != nullptr && capped->is_bool() && capped->get_bool();
    return (more ? "over " : "") + shown_at(record, "count");
}

}  // namespace

ExitCode show_missed(const Arguments& arguments, Session& session) {
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
    const auto answer =
        client->get("/api/v1/jobs/" + escaped(*id) + "/not_run?limit=" + std::string(kPage));
    if (!answer) {
        return console.fail(about_job(word, answer.error()));
    }
    if (console.format() == Format::Json) {
        console.print_line(answer->text);
        return ExitCode::Done;
    }
    const auto zone = schedule::TimeZone::local();
    TextTable table({"FIRST", "LAST", "COUNT", "REASON", "RULE"});
    for (const auto& record : list_at(answer->value, "items")) {
        if (record.is_object()) {
            table.add({local_time(text_at(record, "first"), zone),
                       local_time(text_at(record, "last"), zone), count_text(record),
                       text_at(record, "reason"), text_at(record, "rule")});
        }
    }
    table.print(console);
    return ExitCode::Done;
}

}  // namespace jobhost::cli
