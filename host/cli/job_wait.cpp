#include "cli/job_wait.hpp"

#include <algorithm>

#include "cli/json_view.hpp"

namespace jobhost::cli {

namespace {

using std::chrono::steady_clock;

constexpr base::Duration kLongPoll = std::chrono::seconds(30);
constexpr base::Duration kAbsence = std::chrono::seconds(30);
constexpr base::Duration kFirstPause = std::chrono::milliseconds(50);
constexpr base::Duration kLongestPause = std::chrono::seconds(2);

bool has_ended(const Answer& job) {
    const auto status = text_at(job.value, "status");
    return status == "completed" || status == "stopped";
}

/// One wait: asks again and again, at once when the host held the question, slower when it did not.
class Wait {
public:
    Wait(ApiClient& client,
         const Interrupts& interrupts,
         const std::string& id,
         std::optional<base::Steady> deadline)
        : client_(client),
          interrupts_(interrupts),
          target_("/api/v1/jobs/" + escaped(id)),
          deadline_(deadline) {}

    base::Result<Waited> run() {
        for (;;) {
            const auto asked = steady_clock::now();
            auto job = ask();
            if (job) {
                last_ = std::move(*job);
                away_since_.reset();
            } else if (!may_come_back(job.error())) {
                return std::move(job).error();
            }
            if (job && has_ended(*last_)) {
                return Waited{std::move(*last_), true};
            }
            if (last_ && left() <= base::Duration::zero()) {
                return Waited{std::move(*last_), false};
            }
            if (pause(steady_clock::now() - asked)) {
                return interrupted();
            }
        }
    }

private:
    /// The first answer comes at once: from then on the job is known to be there.
    base::Result<Answer> ask() {
        const auto longest = last_ ? kLongPoll : base::Duration::zero();
        const auto seconds = std::chrono::floor<std::chrono::seconds>(std::min(left(), longest));
        return client_.get(
            target_ + "?wait=" + std::to_string(std::max<std::int64_t>(seconds.count(), 0)),
            kLongPoll);
    }

    [[nodiscard]] base::Duration left() const {
        return deadline_ ? std::chrono::ceil<base::Duration>(*deadline_ - steady_clock::now())
                         : base::Duration::max();
    }

    /// A host that answered before may be on its way up again.
    [[nodiscard]] bool may_come_back(const base::Error& error) {
        const auto now = steady_clock::now();
        away_since_ = away_since_.value_or(now);
        return error.kind == base::ErrorKind::Unavailable && last_ &&
               now - *away_since_ < kAbsence && left() > base::Duration::zero();
    }

    /// True when it was interrupted. An answer that took its time needs no pause after it.
    bool pause(base::Steady::duration taken) {
        if (taken > kLongestPause) {
            pause_ = kFirstPause;
            return false;
        }
        const auto time = std::min(pause_, std::max(left(), base::Duration::zero()));
        pause_ = std::min(pause_ * 2, kLongestPause);
        return interrupts_.wait(time);
    }

    ApiClient& client_;
    const Interrupts& interrupts_;
    std::string target_;
    std::optional<base::Steady> deadline_;
    std::optional<Answer> last_;
    std::optional<base::Steady> away_since_;
    base::Duration pause_ = kFirstPause;
};

}  // namespace

base::Result<Waited> wait_for_end(ApiClient& client,
                                  const Interrupts& interrupts,
                                  const std::string& id,
                                  std::optional<base::Steady> deadline) {
    return Wait(client, interrupts, id, deadline).run();
}

ExitCode exit_code_of(const Waited& waited) {
    if (!waited.ended) {
        return ExitCode::TimedOut;
    }
    return text_at(waited.job.value, "status") == "completed" ? ExitCode::Done : ExitCode::Failed;
}

std::string describe_end(const Waited& waited) {
    const auto& job = waited.job.value;
    auto line = text_at(job, "id") + " " + text_at(job, "status");
    if (const auto reason = text_at(job, "reason"); !reason.empty()) {
        line += " (" + reason + ")";
    }
    if (!waited.ended) {
        return line + ": not ended in time";
    }
    const auto error = text_at(job, "last_error");
    return error.empty() || exit_code_of(waited) == ExitCode::Done ? line : line + ": " + error;
}

std::string describe_hindrance(ApiClient& client, const Waited& waited) {
    if (waited.ended || text_at(waited.job.value, "status") == "running") {
        return {};
    }
    const auto id = text_at(waited.job.value, "id");
    const auto why = client.get("/api/v1/jobs/" + escaped(id) + "/why");
    const auto sentence = why ? text_at(why->value, "sentence") : std::string();
    return sentence.empty() ? sentence : id + ": " + sentence;
}

std::optional<base::Steady> deadline_after(std::optional<base::Duration> timeout) {
    return timeout ? std::optional(steady_clock::now() + *timeout) : std::nullopt;
}

}  // namespace jobhost::cli
