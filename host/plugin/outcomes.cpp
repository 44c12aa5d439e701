#include "plugin/outcomes.hpp"

#include <string>
#include <utility>

#include "plugin/failures.hpp"

namespace jobhost::plugin {

namespace {

/// The plugin says it stopped because it was asked to. Why it was asked, the caller knows.
core::Outcome stopped(Call& call, Conduct& plugin) {
    if (call.attempt->cancellation.reason() != core::CancelReason::None) {
        return {core::Cancelled{}, {}};
    }
    plugin.broke_rule("said it was cancelled, and nobody had asked for it", call.job_id);
    return {core::Failed{misbehaved(plugin, "unspecified", "stopped without being asked to")}, {}};
}

core::Outcome snoozed(std::optional<core::Failure> reason) {
    core::Snoozed snooze;
    if (reason) {
        snooze.delay = reason->retry_after.value_or(core::Duration::zero());
        snooze.reason = std::move(reason->message);
    }
    return {std::move(snooze), {}};
}

}  // namespace

core::Outcome outcome_of(jh_rc returned, Call& call, Conduct& plugin) {
    auto& attempt = *call.attempt;
    auto reason = call.reason.with([](auto& told) { return std::exchange(told, std::nullopt); });
    auto result = attempt.result_json.with([](auto& json) { return std::exchange(json, {}); });
    core::Outcome outcome;
    switch (returned) {
        case JH_OK:
            outcome.end = core::Succeeded{};
            break;
        case JH_FAILED:
            outcome.end =
                core::Failed{reason ? std::move(*reason) : unspecified(plugin, call.job_id)};
            break;
        case JH_CANCELLED:
            outcome = stopped(call, plugin);
            break;
        case JH_SNOOZE:
            outcome = snoozed(std::move(reason));
            break;
        default: {
            const auto what = "returned " + std::to_string(returned) + ", which is no outcome";
            plugin.broke_rule(what, call.job_id);
            outcome.end = core::Failed{misbehaved(plugin, "bad-outcome", what)};
        }
    }
    outcome.result_json = std::move(result);
    return outcome;
}

core::Outcome thrown_outcome(const Conduct& plugin, const std::string& thrown) {
    return {core::Failed{
                misbehaved(plugin, "exception", "let an exception cross the border: " + thrown)},
            {}};
}

bool is_outcome(jh_rc returned) {
    return returned == JH_OK || returned == JH_FAILED || returned == JH_CANCELLED ||
           returned == JH_SNOOZE;
}

}  // namespace jobhost::plugin
