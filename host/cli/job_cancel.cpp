#include <vector>

#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"

namespace jobhost::cli {

ExitCode cancel_jobs(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    std::vector<ExitCode> codes;
    std::string items;
    for (const auto& id : arguments.texts("ID")) {
        const auto job = client->post("/api/v1/jobs/" + escaped(id) + "/cancel", "");
        if (!job) {
            codes.push_back(console.fail(job.error()));
            continue;
        }
        codes.push_back(ExitCode::Done);
        items += (items.empty() ? "" : ",") + job->text;
        if (console.format() == Format::Table) {
            const bool running = text_at(job->value, "status") == "running";
            console.print_line(id + (running ? " is asked to stop" : " is cancelled"));
        }
    }
    if (console.format() == Format::Json) {
        console.print_line("{\"items\":[" + items + "]}");
    }
    return combined(codes);
}

}  // namespace jobhost::cli
