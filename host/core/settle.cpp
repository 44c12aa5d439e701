#include "core/settle.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.hpp"

namespace jobhost::core {

namespace {

constexpr int kCrashesToQuarantine = 3;
constexpr std::string_view kMaxTries = "max_tries";
constexpr std::string_view kLost = "lost";
constexpr std::string_view kExpired = "expired";

/// Later than any promise; keeps sums of instants inside their range.
constexpr Duration kLongestDelay = std::chrono::years(10);

int one_more(int count) { return count < std::numeric_limits<int>::max() ? count + 1 : count; }

Instant after(Instant now, Duration delay) {
    return now + std::clamp(delay, Duration{0}, kLongestDelay);
}

/// One function for each end; what they share is what they were asked about.
struct Settling {
    const Standing& standing;
    const RetryPolicy& policy;
    Instant now;
    double spread;

    Transition operator()(const Succeeded&) const {
        Transition transition = to(Status::Completed, "");
        transition.tries = 0;
        return transition;
    }

    Transition operator()(const Failed& end) const {
        const auto& failure = end.failure;
        const bool hopeless =
            failure.hint == RetryHint::Permanent ||
            (failure.hint == RetryHint::Default && failure.category == ErrorCategory::Business);
        if (hopeless) {
            return gave_up("permanent", one_more(standing.tries));
        }
        return retry(retry_wait(failure.retry_after), kMaxTries);
    }

    Transition operator()(const TimedOut&) const { return retry(retry_wait({}), kMaxTries); }

    Transition operator()(const Lost&) const { return retry(Duration{0}, kLost); }

    Transition operator()(const Crashed& end) const {
        Transition transition = retry(retry_wait(end.failure.retry_after), kMaxTries);
        transition.crashes = one_more(standing.crashes);
        if (transition.crashes >= kCrashesToQuarantine) {
            const int crashes = transition.crashes;
            transition = gave_up("quarantined", transition.tries);
            transition.crashes = crashes;
        }
        return transition;
    }

    Transition operator()(const Cancelled&) const { return to(Status::Stopped, "cancelled"); }
    Transition operator()(const Skipped&) const { return to(Status::Stopped, "skipped"); }
    Transition operator()(const Expired&) const { return wait_again(Duration{0}); }
    Transition operator()(const Interrupted&) const { return wait_again(Duration{0}); }

    Transition operator()(const Snoozed& end) const {
        return wait_again(end.delay > Duration{0} ? end.delay : retry_wait({}));
    }

private:
    [[nodiscard]] Transition to(Status status, std::string_view reason) const {
        Transition transition;
        transition.to = status;
        transition.tries = standing.tries;
        transition.crashes = standing.crashes;
        transition.reason = reason;
        return transition;
    }

    [[nodiscard]] Transition gave_up(std::string_view reason, int tries) const {
        Transition transition = to(Status::Stopped, reason);
        transition.abandoned = true;
        transition.tries = tries;
        return transition;
    }

    [[nodiscard]] Transition wait_again(Duration delay) const {
        Transition transition = to(Status::Queuing, "");
        transition.due = after(now, delay);
        return transition;
    }

    /// Another try after `delay`, or the end with `reason` when this was the last one.
    [[nodiscard]] Transition retry(Duration delay, std::string_view reason) const {
        const int tries = one_more(standing.tries);
        if (standing.max_tries > 0 && tries >= standing.max_tries) {
            return gave_up(reason, tries);
        }
        Transition transition = to(Status::FailedRetry, "");
        transition.tries = tries;
        transition.due = after(now, delay);
        return transition;
    }

    [[nodiscard]] Duration retry_wait(std::optional<Duration> floor) const {
        const Duration delay = retry_delay(policy, one_more(standing.tries), spread);
        return std::max(delay, floor.value_or(Duration{0}));
    }
};

/// Where a wish leads, whatever the attempt reports, or only after one outcome.
struct Landing {
    Want want;
    Status to;
    std::string_view reason;
    std::optional<AttemptOutcome> only = {};
};

constexpr std::array kLandings{
    Landing{Want::Cancel, Status::Stopped, "cancelled"},
    Landing{Want::Stop, Status::Stopped, "stopped"},
    Landing{Want::Pause, Status::Paused, ""},
    // The attempt ended because it was told to; that has been taken back.
    Landing{Want::Resume, Status::Queuing, "", AttemptOutcome::Cancelled},
};

/// What happened stays recorded even when somebody wished for the end: these are facts about the
/// node or the clock, not what the runner says about its work.
bool is_fact(AttemptOutcome outcome) {
    switch (outcome) {
        case AttemptOutcome::TimedOut:
        case AttemptOutcome::Lost:
        case AttemptOutcome::Crashed:
        case AttemptOutcome::Interrupted:
            return true;
        case AttemptOutcome::Succeeded:
        case AttemptOutcome::Failed:
        case AttemptOutcome::Cancelled:
        case AttemptOutcome::Skipped:
        case AttemptOutcome::Snoozed:
            break;
    }
    return false;
}

}  // namespace

Transition settle(const Standing& standing,
                  const Outcome& outcome,
                  const RetryPolicy& policy,
                  Instant now,
                  double spread) {
    Transition transition = std::visit(Settling{standing, policy, now, spread}, outcome.end);
    transition.outcome = kind_of(outcome);
    return within_time(std::move(transition), standing.end_time);
}

Transition within_limit(Transition transition, int max_tries, Instant now) {
    const bool beyond = max_tries > 0 && transition.tries >= max_tries;
    const bool gave_up_by_count =
        transition.abandoned && (transition.reason == kMaxTries || transition.reason == kLost);
    const bool failed_now = transition.outcome != AttemptOutcome::Interrupted;
    if (transition.to == Status::FailedRetry && failed_now && beyond) {
        transition.to = Status::Stopped;
        transition.due = std::nullopt;
        transition.abandoned = true;
        transition.reason = transition.outcome == AttemptOutcome::Lost ? kLost : kMaxTries;
    } else if (gave_up_by_count && !beyond) {
        transition.to = Status::FailedRetry;
        transition.due = now;
        transition.abandoned = false;
        transition.reason.clear();
    }
    return transition;
}

Transition within_time(Transition transition, std::optional<Instant> end_time) {
    const bool waits = transition.to == Status::Queuing || transition.to == Status::FailedRetry;
    const bool too_late = transition.due && end_time && *transition.due > *end_time;
    if (waits && too_late) {
        transition.abandoned = transition.to == Status::FailedRetry;
        transition.to = Status::Stopped;
        transition.reason = kExpired;
    } else if (transition.reason == kExpired && !too_late) {
        transition.to = transition.abandoned ? Status::FailedRetry : Status::Queuing;
        transition.abandoned = false;
        transition.reason.clear();
    }
    return transition;
}

Transition land(Transition transition, Want want, Instant now) {
    const auto row = std::ranges::find_if(kLandings, [&](const Landing& landing) {
        return landing.want == want && (!landing.only || landing.only == transition.outcome);
    });
    if (row == kLandings.end()) {
        return transition;
    }
    transition.to = row->to;
    transition.abandoned = false;
    transition.reason = row->reason;
    transition.due = std::nullopt;
    if (row->to == Status::Queuing) {
        transition.due = now;
        transition.tries = 0;
        transition.crashes = 0;
    } else if (!is_fact(transition.outcome)) {
        transition.outcome = AttemptOutcome::Cancelled;
    }
    return transition;
}

}  // namespace jobhost::core
