#include "cli/job_operations.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "cli/job_arguments.hpp"
#include "cli/job_id.hpp"
#include "cli/job_options.hpp"
#include "cli/json_view.hpp"
#include "cli/session.hpp"

namespace jobhost::cli {

namespace {

/// A verb that asks the same of each job, and what it says then.
struct JobOperation {
    std::string_view name;
    std::string_view summary;
    std::string_view done;  ///< "is paused"; empty: the id of the job that was made is printed
    std::string_view asked = {};  ///< of a job that still runs
};

constexpr std::array kOperations{
    JobOperation{"start", "Have stopped jobs run again, and failed ones without waiting.",
                 "waits to be run"},
    JobOperation{"trigger", "Run jobs once more now; prints the ids of the extra jobs.", ""},
    JobOperation{"pause", "Have jobs wait until they are resumed.", "is paused",
                 "is asked to end, then it is paused"},
    JobOperation{"resume", "Let paused or stopped jobs go on.", "waits to be run", "goes on"},
    JobOperation{"stop", "Stop jobs that wait, run or are paused.", "is stopped",
                 "is asked to stop"},
    JobOperation{"cancel", "Stop jobs that wait, run or are paused, as cancelled.", "is cancelled",
                 "is asked to stop"},
    JobOperation{"enable", "Let disabled jobs run again.", "is enabled"},
    JobOperation{"disable", "Never run jobs until they are enabled.", "is disabled"},
    JobOperation{"delete", "Delete jobs that are over, and what was made for them.", "is deleted"},
    JobOperation{"copy", "Make new jobs like these; prints their ids.", ""},
    JobOperation{"update", "Change what is asked for.", "is changed"},
};

std::string query_of(const Arguments& arguments) {
    return arguments.flag("--system") ? "?system=true" : "";
}

/// Asks for the version first, so that nobody's change in between is lost.
base::Result<Answer> update(ApiClient& client,
                            const Arguments& arguments,
                            const std::string& target,
                            const std::string& body) {
    auto job = client.get(target);
    if (!job) {
        return job;
    }
    return client.send({.method = "PATCH",
                        .target = target + query_of(arguments),
                        .body = body,
                        .version = shown_at(job->value, "version")});
}

base::Result<Answer> ask(ApiClient& client,
                         const JobOperation& operation,
                         const Arguments& arguments,
                         const std::string& word,
                         const std::string& body) {
    const auto id = id_of_job(client, word);
    if (!id) {
        return id.error();
    }
    const std::string target = "/api/v1/jobs/" + escaped(*id);
    if (operation.name == "update") {
        return update(client, arguments, target, body);
    }
    if (operation.name == "delete") {
        return client.send({.method = "DELETE", .target = target + query_of(arguments)});
    }
    return client.post(target + "/" + std::string(operation.name) + query_of(arguments), body);
}

std::string line_about(const JobOperation& operation, const std::string& word, const Answer& job) {
    if (operation.done.empty()) {
        return text_at(job.value, "id");
    }
    const bool told = !operation.asked.empty() && text_at(job.value, "status") == "running";
    return word + " " + std::string(told ? operation.asked : operation.done);
}

/// A failure says which job it is about.
base::Error about(const std::string& word, base::Error error) {
    error = about_job(word, std::move(error));
    error.message.insert(0, word + ": ");
    return error;
}

/// What the operation sends with each request. An update that changes nothing is a mistake.
base::Result<std::string> body_of(const JobOperation& operation, const Arguments& arguments) {
    const bool updates = operation.name == "update";
    if (!updates && operation.name != "copy") {
        return std::string();
    }
    auto body = change_body(arguments, base::SystemClock().now());
    if (updates && body && *body == "{}") {
        return wrong_use(
            "say what to change, such as --priority high; see jobhost help job update");
    }
    return body;
}

ExitCode operate_on_jobs(const JobOperation& operation,
                         const Arguments& arguments,
                         Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto body = body_of(operation, arguments);
    if (!body) {
        return console.fail(body.error());
    }
    std::vector<ExitCode> codes;
    std::string items;
    for (const auto& word : arguments.texts("ID")) {
        const auto job = ask(*client, operation, arguments, word, *body);
        if (!job) {
            codes.push_back(console.fail(about(word, job.error())));
            continue;
        }
        codes.push_back(ExitCode::Done);
        items += (items.empty() ? "" : ",") + job->text;
        if (console.format() == Format::Table) {
            console.print_line(line_about(operation, word, *job));
        }
    }
    if (console.format() == Format::Json) {
        console.print_line("{\"items\":[" + items + "]}");
    }
    return combined(codes);
}

template <std::size_t Row>
ExitCode run(const Arguments& arguments, Session& session) {
    return operate_on_jobs(kOperations[Row], arguments, session);
}

constexpr std::array kSomeJobs{
    Positional{"ID", Arity::OneOrMore, "the jobs, each its id, or GROUP/NAME"}};
constexpr std::array kSystemOption{
    Option{"--system", "", Form::Flag, "change jobs of the system, too"}};

std::span<const Option> options_of(const JobOperation& operation) {
    if (operation.name == "update") {
        return update_options();
    }
    return operation.name == "copy" ? copy_options() : std::span<const Option>(kSystemOption);
}

template <std::size_t Row>
Verb verb() {
    static constexpr JobOperation kOperation = kOperations[Row];
    static const std::string example = "jobhost job " + std::string(kOperation.name) + " ID" +
                                       (kOperation.name == "update" ? " --priority high" : "");
    return {"job", kOperation.name, kOperation.summary, kSomeJobs, options_of(kOperation), example,
            true,  run<Row>};
}

template <std::size_t... Rows>
std::vector<Verb> all_verbs(std::index_sequence<Rows...>) {
    return {verb<Rows>()...};
}

}  // namespace

std::span<const Verb> job_operation_verbs() {
    static const auto verbs = all_verbs(std::make_index_sequence<kOperations.size()>());
    return verbs;
}

}  // namespace jobhost::cli
