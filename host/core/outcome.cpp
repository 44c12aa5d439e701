#include "core/outcome.hpp"

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

constexpr NameTable<ErrorCategory, 4> kCategories{{
    {ErrorCategory::Business, "business"},
    {ErrorCategory::Application, "application"},
    {ErrorCategory::Network, "network"},
    {ErrorCategory::System, "system"},
}};

constexpr NameTable<RetryHint, 3> kHints{{
    {RetryHint::Default, "default"},
    {RetryHint::Retryable, "retryable"},
    {RetryHint::Permanent, "permanent"},
}};

constexpr NameTable<AttemptOutcome, 9> kOutcomes{{
    {AttemptOutcome::Succeeded, "succeeded"},
    {AttemptOutcome::Failed, "failed"},
    {AttemptOutcome::TimedOut, "timed_out"},
    {AttemptOutcome::Cancelled, "cancelled"},
    {AttemptOutcome::Lost, "lost"},
    {AttemptOutcome::Skipped, "skipped"},
    {AttemptOutcome::Snoozed, "snoozed"},
    {AttemptOutcome::Crashed, "crashed"},
    {AttemptOutcome::Interrupted, "interrupted"},
}};

struct KindOf {
    AttemptOutcome operator()(const Succeeded&) const { return AttemptOutcome::Succeeded; }
    AttemptOutcome operator()(const Failed&) const { return AttemptOutcome::Failed; }
    AttemptOutcome operator()(const TimedOut&) const { return AttemptOutcome::TimedOut; }
    AttemptOutcome operator()(const Cancelled&) const { return AttemptOutcome::Cancelled; }
    AttemptOutcome operator()(const Lost&) const { return AttemptOutcome::Lost; }
    AttemptOutcome operator()(const Skipped&) const { return AttemptOutcome::Skipped; }
    AttemptOutcome operator()(const Expired&) const { return AttemptOutcome::Skipped; }
    AttemptOutcome operator()(const Snoozed&) const { return AttemptOutcome::Snoozed; }
    AttemptOutcome operator()(const Crashed&) const { return AttemptOutcome::Crashed; }
    AttemptOutcome operator()(const Interrupted&) const { return AttemptOutcome::Interrupted; }
};

Failure by_host(ErrorCategory category, std::string type, const std::string& message) {
    Failure failure;
    failure.category = category;
    failure.type = std::move(type);
    failure.message = message;
    return failure;
}

std::optional<Failure> if_said(std::string type, const std::string& reason) {
    if (reason.empty()) {
        return std::nullopt;
    }
    return by_host(ErrorCategory::Business, std::move(type), reason);
}

struct FailureOf {
    using Answer = std::optional<Failure>;

    Answer operator()(const Succeeded&) const { return std::nullopt; }
    Answer operator()(const Cancelled&) const { return std::nullopt; }
    Answer operator()(const Failed& end) const { return end.failure; }
    Answer operator()(const Crashed& end) const { return end.failure; }
    Answer operator()(const TimedOut& end) const {
        return by_host(ErrorCategory::Application, "host.timed_out", end.message);
    }
    Answer operator()(const Lost& end) const {
        return by_host(ErrorCategory::System, "host.lost", end.message);
    }
    Answer operator()(const Interrupted& end) const {
        return by_host(ErrorCategory::System, "host.interrupted", end.message);
    }
    Answer operator()(const Skipped& end) const { return if_said("host.skipped", end.reason); }
    Answer operator()(const Expired& end) const { return if_said("host.expired", end.message); }
    Answer operator()(const Snoozed& end) const { return if_said("host.snoozed", end.reason); }
};

}  // namespace

std::string_view name(ErrorCategory category) { return name_in(kCategories, category); }
std::string_view name(RetryHint hint) { return name_in(kHints, hint); }
std::string_view name(AttemptOutcome outcome) { return name_in(kOutcomes, outcome); }

AttemptOutcome kind_of(const Outcome& outcome) { return std::visit(KindOf{}, outcome.end); }

std::optional<Failure> failure_of(const Outcome& outcome) {
    return std::visit(FailureOf{}, outcome.end);
}

}  // namespace jobhost::core
