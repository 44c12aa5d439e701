#pragma once

#include <optional>
#include <string>

#include "core/job.hpp"
#include "core/outcome.hpp"
#include "core/retry.hpp"
#include "core/state.hpp"

namespace jobhost::core {

/// What settling needs to know of the job whose attempt is over.
struct Standing {
    int tries = 0;  ///< failed tries before this attempt
    int crashes = 0;
    int max_tries = kDefaultMaxTries;      ///< 0 = unlimited
    std::optional<Instant> end_time = {};  ///< no attempt begins after it
};

/// Where a job goes after an attempt. Applied by the store in one guarded statement.
struct Transition {
    Status to = Status::Completed;
    /// When the next attempt may start; set when `to` is waiting, and when it ends because that
    /// would be too late.
    std::optional<Instant> due = {};
    int tries = 0;
    int crashes = 0;
    bool abandoned = false;   ///< it gave up: no more tries will follow
    std::string reason = {};  ///< stable word for `stopped`, see docs/job-states.md; else empty
    AttemptOutcome outcome = AttemptOutcome::Succeeded;  ///< what the attempt's record says

    friend bool operator==(const Transition&, const Transition&) = default;
};

/// What happens next to a once-job whose attempt ended with `outcome`; pure. `spread` in [-1, 1] is
/// the caller's randomness for the retry delay.
[[nodiscard]] Transition settle(const Standing& standing,
                                const Outcome& outcome,
                                const RetryPolicy& policy,
                                Instant now,
                                double spread);

/// What somebody changed of the limit of tries while the attempt ran counts for it, too: a job that
/// is beyond the new limit gives up, one that gave up and is not tries again at once.
[[nodiscard]] Transition within_limit(Transition transition, int max_tries, Instant now);

/// The same for its end time: a job of which the next attempt would begin after it ends, and one
/// that ended for that goes on when it would not.
[[nodiscard]] Transition within_time(Transition transition, std::optional<Instant> end_time);

/// The landing rule: what somebody asked for while the attempt ran wins over `transition`.
/// The store calls it inside the transaction in which it applies the transition, since only there
/// the wish is known for certain.
[[nodiscard]] Transition land(Transition transition, Want want, Instant now);

}  // namespace jobhost::core
