#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"
#include "cli/text_table.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::cli {

namespace {

constexpr std::string_view kWholePage = "500";

/// Options that go to the host as they are, and how the host calls them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kFilters{{
    {"--status", "status"},
    {"--type", "type"},
    {"--group", "group"},
    {"--name", "name"},
    {"--unique-key", "unique_key"},
    {"--limit", "limit"},
    {"--cursor", "cursor"},
}};

std::string filters_of(const Arguments& arguments) {
    std::string query;
    for (const auto& [option, name] : kFilters) {
        if (const auto value = arguments.text(option)) {
            query += "&" + std::string(name) + "=" + escaped(*value);
        }
    }
    return query;
}

base::Result<std::string> query_of(const Arguments& arguments, ApiClient& client) {
    auto query = filters_of(arguments);
    if (const auto word = arguments.text("--parent")) {
        const auto id = id_of_job(client, *word);
        if (!id) {
            return id.error();
        }
        query += "&parent_id=" + escaped(*id);
    }
    return query;
}

/// Where it stands, and whether it was disabled while there is something to run.
std::string status_text(const base::Json& job) {
    const auto status = text_at(job, "status");
    const bool ended = status == "completed" || status == "stopped";
    return status + (!ended && shown_at(job, "enabled") == "no" ? ", disabled" : "");
}

/// `0 3 * * *`, `every 1h`; empty for a job that runs once.
std::string schedule_text(const base::Json& job) {
    const auto* interval = job.is_object() ? base::find(job.get_object(), "interval") : nullptr;
    if (interval == nullptr || !interval->is_number()) {
        return text_at(job, "cron");
    }
    return "every " + base::format_duration(std::chrono::round<base::Duration>(
                          std::chrono::duration<double>(interval->to_number<double>())));
}

/// The child of a recurring job has no name: it is known by the time for which it was planned.
std::string name_text(const base::Json& job, const std::string& zone) {
    const auto name = text_at(job, "name");
    return name.empty() ? local_time(text_at(job, "nominal_at"), zone) : name;
}

class Listing {
public:
    Listing(Console& console, ApiClient& client, std::string query, bool all)
        : console_(console), client_(client), all_(all), query_(std::move(query)) {
        if (all_) {
            query_ += "&limit=" + std::string(kWholePage);
        }
    }

    ExitCode run() { return console_.format() == Format::Json ? print_json() : print_table(); }

private:
    base::Result<Answer> page(const std::string& cursor) {
        auto query = query_ + (cursor.empty() ? "" : "&cursor=" + escaped(cursor));
        if (!query.empty()) {
            query[0] = '?';
        }
        return client_.get("/api/v1/jobs" + query);
    }

    /// One page as the host sent it; all pages as one document, written as they come.
    ExitCode print_json() {
        if (!all_) {
            const auto answer = page("");
            if (!answer) {
                return console_.fail(answer.error());
            }
            console_.print_line(answer->text);
            return ExitCode::Done;
        }
        bool first = true;
        const auto code = each_page([&](const Answer& answer) {
            for (const auto& item : list_at(answer.value, "items")) {
                console_.print((first ? "{\"items\":[" : ",") + base::to_text(item));
                first = false;
            }
        });
        if (code == ExitCode::Done) {
            console_.print_line(std::string(first ? "{\"items\":[" : "") +
                                "],\"next_cursor\":null}");
        }
        return code;
    }

    /// Each page of --all is a table of its own, so that a long list begins at once.
    ExitCode print_table() {
        bool first = true;
        return each_page([&](const Answer& answer) {
            TextTable table =
                first
                    ? TextTable({"ID", "STATUS", "TYPE", "NAME", "SCHEDULE", "NEXT RUN", "CREATED"})
                    : TextTable({});
            first = false;
            for (const auto& job : list_at(answer.value, "items")) {
                table.add({text_at(job, "id"), status_text(job), text_at(job, "type"),
                           name_text(job, zone_), schedule_text(job),
                           local_time(text_at(job, "next_run_at"), zone_),
                           local_time(text_at(job, "created_at"), zone_)});
            }
            table.print(console_);
        });
    }

    template <typename F>
    ExitCode each_page(F&& use) {
        std::string cursor;
        do {
            const auto answer = page(cursor);
            if (!answer) {
                return console_.fail(answer.error());
            }
            use(*answer);
            cursor = text_at(answer->value, "next_cursor");
        } while (all_ && !cursor.empty() && !console_.reader_gone());
        if (!cursor.empty()) {
            console_.note("there are more: --cursor " + cursor + ", or --all");
        }
        return ExitCode::Done;
    }

    Console& console_;
    ApiClient& client_;
    bool all_;
    std::string query_;
    std::string zone_ = schedule::TimeZone::local();
};

}  // namespace

ExitCode list_jobs(const Arguments& arguments, Session& session) {
    if (arguments.flag("--all") && arguments.flag("--limit")) {
        return session.console().fail(wrong_use("--all and --limit contradict each other"));
    }
    auto client = session.client(arguments);
    if (!client) {
        return session.console().fail(client.error());
    }
    auto query = query_of(arguments, *client);
    if (!query) {
        return session.console().fail(query.error());
    }
    return Listing(session.console(), *client, std::move(*query), arguments.flag("--all")).run();
}

}  // namespace jobhost::cli
