#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/job.hpp"

namespace jobhost::core {

/// Who can mend a failure: the sender of the job, the author of the runner, the network, the
/// machine.
enum class ErrorCategory : int { Business = 1, Application = 2, Network = 3, System = 4 };

/// What the runner itself says about trying again; `Default` leaves it to the host's policy.
enum class RetryHint : int { Default = 0, Retryable = 1, Permanent = 2 };

/// Why an attempt failed.
struct Failure {
    ErrorCategory category = ErrorCategory::Application;
    RetryHint hint = RetryHint::Default;
    std::optional<Duration> retry_after = {};  ///< a floor for the delay before the next try
    std::string type = {};          ///< stable dotted id, for grouping: "shell.exit_code"
    std::int64_t code = 0;          ///< the runner's own number: an exit code, a status
    std::string message = {};       ///< one sentence
    std::string details_json = {};  ///< a JSON document or empty

    friend bool operator==(const Failure&, const Failure&) = default;
};

struct Succeeded {};
struct Failed {
    Failure failure = {};
};
/// The attempt's own time limit passed.
struct TimedOut {
    std::string message = {};
};
/// The attempt stopped because somebody asked for it.
struct Cancelled {};
/// The node that ran it is gone; whether it finished is unknown.
struct Lost {
    std::string message = {};
};
/// The host stopped it, or never started it, on its way out.
struct Interrupted {
    std::string message = {};
};
/// A before-run handler said no.
struct Skipped {
    std::string reason = {};
};
/// Its end time had passed before it could begin.
struct Expired {
    std::string message = {};
};
/// The runner wants to be called again later; this is not a try.
struct Snoozed {
    Duration delay{};  ///< 0 = as long as before a retry
    std::string reason = {};
};
/// The process that ran it died inside the attempt.
struct Crashed {
    Failure failure = {};
};

/// How one attempt ended, as the runner or the host reports it.
struct Outcome {
    std::variant<Succeeded,
                 Failed,
                 TimedOut,
                 Cancelled,
                 Lost,
                 Interrupted,
                 Skipped,
                 Expired,
                 Snoozed,
                 Crashed>
        end = {};
    std::string result_json = {};  ///< a JSON document or empty
};

/// How one attempt ended, as it is recorded. The numbers are those kept in the database.
enum class AttemptOutcome : int {
    Succeeded = 0,
    Failed = 1,
    TimedOut = 2,
    Cancelled = 3,
    Lost = 4,
    Skipped = 5,
    Snoozed = 6,
    Crashed = 7,
    Interrupted = 8,
};

[[nodiscard]] std::string_view name(ErrorCategory category);
[[nodiscard]] std::string_view name(RetryHint hint);
[[nodiscard]] std::string_view name(AttemptOutcome outcome);
[[nodiscard]] AttemptOutcome kind_of(const Outcome& outcome);

/// The failure to record for outcomes that are not successes: a time-out, a loss, an interruption
/// and a skip are described as one too, with a `type` that begins with "host.". Nothing for a
/// success and a cancel; a skip or a snooze without a reason has none either.
[[nodiscard]] std::optional<Failure> failure_of(const Outcome& outcome);

}  // namespace jobhost::core
