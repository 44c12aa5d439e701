#include "run/attempt.hpp"

#include <array>

namespace jobhost::run {

namespace {

bool gave_in(const core::Outcome& outcome) {
    return std::holds_alternative<core::Cancelled>(outcome.end);
}

std::string own_words(const core::Outcome& outcome) {
    const auto* failed = std::get_if<core::Failed>(&outcome.end);
    return failed == nullptr || failed->failure.message.empty()
               ? std::string()
               : "; the runner said: " + failed->failure.message;
}

}  // namespace

AttemptStory::AttemptStory(Attempts& attempts, store::ClaimStore& claims, std::string node)
    : attempts_(attempts), claims_(claims), node_(std::move(node)) {}

void AttemptStory::tell(const Assignment& assignment) {
    auto attempt = attempts_.begin(assignment.token, node_);
    if (!attempt) {
        return;
    }
    claims_.started(std::array{assignment.token});
    enter(*assignment.runner, *std::move(attempt));
    if (!assignment.runner->type().blocking) {
        attempts_.returned(assignment.token);
    }
}

void AttemptStory::enter(core::Runner& runner, core::Attempt attempt) {
    if (auto failure = runner.validate(attempt)) {
        attempts_.complete(attempt.token, {core::Failed{*std::move(failure)}, {}});
        return;
    }
    runner.start(std::move(attempt), attempts_);
}

core::Outcome judge(core::Outcome outcome, core::CancelReason cancelled) {
    const bool failed = std::holds_alternative<core::Failed>(outcome.end);
    if (!gave_in(outcome) && !failed) {
        return outcome;
    }
    switch (cancelled) {
        case core::CancelReason::User:
            return {core::Cancelled{}, {}};
        case core::CancelReason::Deadline:
            return {core::TimedOut{"the attempt was over its time limit" + own_words(outcome)}, {}};
        case core::CancelReason::Drain:
        case core::CancelReason::LeaseLost:
            return {core::Interrupted{"the host stopped" + own_words(outcome)}, {}};
        case core::CancelReason::None:
            break;
    }
    if (failed) {
        return outcome;
    }
    return {core::Failed{{.category = core::ErrorCategory::Application,
                          .type = "cancelled_unasked",
                          .message = "the runner says it was cancelled, but nobody asked for it"}},
            {}};
}

}  // namespace jobhost::run
