#include <algorithm>
#include <vector>

#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/job_wait.hpp"
#include "cli/text_table.hpp"

namespace jobhost::cli {

namespace {

/// What counts for all: a time that was over, else a job that was stopped, else what they share.
ExitCode overall(const std::vector<ExitCode>& codes) {
    for (const auto worst : {ExitCode::TimedOut, ExitCode::Failed}) {
        if (std::ranges::find(codes, worst) != codes.end()) {
            return worst;
        }
    }
    return combined(codes);
}

class WaitVerb {
public:
    WaitVerb(Console& console, ApiClient& client) : console_(console), client_(client) {
        client_.interrupt_by(interrupts_.descriptor());
    }

    ExitCode run(const std::vector<std::string>& words, std::optional<base::Steady> deadline) {
        std::vector<ExitCode> codes;
        for (const auto& word : words) {
            const auto waited = wait(word, deadline);
            if (!waited && exit_code_of(waited.error()) == ExitCode::Interrupted) {
                return console_.fail(interrupted("interrupted; the jobs go on"));
            }
            codes.push_back(waited ? tell(*waited)
                                   : console_.fail(about_job(word, waited.error())));
        }
        if (console_.format() == Format::Json) {
            console_.print_line("{\"items\":[" + items_ + "]}");
        }
        return overall(codes);
    }

private:
    base::Result<Waited> wait(const std::string& word, std::optional<base::Steady> deadline) {
        const auto id = id_of_job(client_, word);
        return id ? wait_for_end(client_, interrupts_, *id, deadline) : id.error();
    }

    ExitCode tell(const Waited& waited) {
        items_ += (items_.empty() ? "" : ",") + waited.job.text;
        if (console_.format() == Format::Table) {
            console_.print_line(visible(describe_end(waited)));
            if (const auto why = describe_hindrance(client_, waited); !why.empty()) {
                console_.note(visible(why));
            }
        }
        return exit_code_of(waited);
    }

    Console& console_;
    ApiClient& client_;
    Interrupts interrupts_;
    std::string items_;
};

}  // namespace

ExitCode wait_for_jobs(const Arguments& arguments, Session& session) {
    auto client = session.client(arguments);
    if (!client) {
        return session.console().fail(client.error());
    }
    return WaitVerb(session.console(), *client)
        .run(arguments.texts("ID"), deadline_after(arguments.duration("--timeout")));
}

}  // namespace jobhost::cli
