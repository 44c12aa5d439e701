#include <algorithm>
#include <cstdint>

#include "cli/interrupts.hpp"
#include "cli/job_id.hpp"
#include "cli/job_verbs.hpp"
#include "cli/json_view.hpp"
#include "cli/output_reader.hpp"

namespace jobhost::cli {

namespace {

constexpr base::Duration kLookEvery = std::chrono::milliseconds(500);

void print(Console& console, const std::vector<OutputPiece>& pieces) {
    for (const auto& piece : pieces) {
        if (piece.dropped > 0) {
            console.print_error_bytes("[jobhost: " + std::to_string(piece.dropped) +
                                      " bytes were not kept]\n");
        } else if (piece.to_stderr) {
            console.print_error_bytes(piece.text);
        } else {
            console.print(piece.text);
        }
    }
}

class OutputVerb {
public:
    OutputVerb(const Arguments& arguments,
               Console& console,
               ApiClient& client,
               const std::string& id)
        : console_(console),
          client_(client),
          word_(*arguments.text("ID")),
          job_("/api/v1/jobs/" + escaped(id)),
          attempt_(arguments.count("--attempt").value_or(0)) {}

    ExitCode show() {
        const auto output = client_.get(target());
        if (!output) {
            return fail(output.error());
        }
        if (console_.format() == Format::Json) {
            console_.print_line(output->text);
            return ExitCode::Done;
        }
        OutputReader reader;
        const auto pieces = reader.news(output->value);
        const bool whole =
            std::ranges::all_of(pieces, [](const auto& p) { return p.dropped == 0; });
        if (whole && has_replacements(output->value)) {
            return show_bytes();
        }
        print(console_, pieces);
        return ExitCode::Done;
    }

    /// Until the attempt has ended, and the job has no other one to come.
    ExitCode follow() {
        const Interrupts interrupts;
        client_.interrupt_by(interrupts.descriptor());
        for (;;) {
            const auto more = follow_once();
            if (!more) {
                return fail(more.error());
            }
            if (!*more || console_.reader_gone()) {
                return ExitCode::Done;
            }
            if (interrupts.wait(kLookEvery)) {
                return fail(interrupted());
            }
        }
    }

private:
    [[nodiscard]] std::string target() const {
        return job_ + "/output?format=json" +
               (attempt_ > 0 ? "&attempt=" + std::to_string(attempt_) : "");
    }

    /// Output that is no text goes out byte by byte, one stream after the other.
    ExitCode show_bytes() {
        const auto raw = job_ + "/output?format=raw" +
                         (attempt_ > 0 ? "&attempt=" + std::to_string(attempt_) : "");
        const auto out = client_.get_bytes(raw + "&stream=stdout");
        const auto err = client_.get_bytes(raw + "&stream=stderr");
        if (!out || !err) {
            return console_.fail(out ? err.error() : out.error());
        }
        console_.print(*out);
        console_.print_error_bytes(*err);
        return ExitCode::Done;
    }

    /// One look; false when nothing more will come.
    base::Result<bool> follow_once() {
        // Asked before the output, so that an end that is seen was preceded by all of the output.
        const auto job = client_.get(job_);
        if (!job) {
            return job.error();
        }
        const auto status = text_at(job->value, "status");
        const bool ended = status == "completed" || status == "stopped";
        const auto output = client_.get(target());
        if (!output) {
            const bool none = output.error().code == "no_attempt" && attempt_ == 0;
            return none ? base::Result<bool>(!ended) : output.error();
        }
        if (auto changed = change_attempt(shown_at(output->value, "attempt")); !changed) {
            return std::move(changed).error();
        }
        print(console_, reader_.news(output->value));
        const bool running = shown_at(output->value, "is_running") == "yes";
        return running || (!ended && attempt_ == 0);
    }

    /// Another attempt has begun: shows what the one before still said, then begins anew.
    base::Result<base::Unit> change_attempt(const std::string& number) {
        if (!number_.empty() && number != number_) {
            const auto rest = client_.get(job_ + "/output?format=json&attempt=" + number_);
            if (!rest) {
                return rest.error();
            }
            print(console_, reader_.news(rest->value));
            reader_ = OutputReader();
            console_.note("[jobhost: attempt " + number + "]");
        }
        number_ = number;
        return base::done();
    }

    ExitCode fail(const base::Error& error) {
        const bool left = exit_code_of(error) == ExitCode::Interrupted;
        return console_.fail(left ? interrupted("interrupted; the job goes on")
                                  : about_job(word_, error));
    }

    Console& console_;
    ApiClient& client_;
    std::string word_;
    std::string job_;
    std::int64_t attempt_;
    OutputReader reader_;
    std::string number_;
};

}  // namespace

ExitCode show_output(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    const bool follow = arguments.flag("--follow");
    if (follow && console.format() == Format::Json) {
        return console.fail(wrong_use("--follow shows text as it comes; leave --output json out"));
    }
    auto client = session.client(arguments);
    if (!client) {
        return console.fail(client.error());
    }
    const auto id = id_of_job(*client, *arguments.text("ID"));
    if (!id) {
        return console.fail(id.error());
    }
    OutputVerb verb(arguments, console, *client, *id);
    return follow ? verb.follow() : verb.show();
}

}  // namespace jobhost::cli
