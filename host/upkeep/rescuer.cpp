#include "upkeep/rescuer.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace jobhost::upkeep {

namespace {

constexpr int kPage = 500;

core::Outcome outcome_of(const store::DeadClaim& dead) {
    if (!dead.started) {
        return {core::Interrupted{"the host that held it died before the attempt began"}, {}};
    }
    return {core::Lost{"the host that ran it died; whether it finished is unknown"}, {}};
}

base::Counter& rescued(base::Metrics& metrics, const char* outcome) {
    return metrics.counter("jobhost_attempts_rescued_total",
                           "Attempts of dead hosts that were brought to an end, by outcome.",
                           {{"outcome", outcome}});
}

}  // namespace

Rescuer::Rescuer(store::ClaimStore& claims, base::Metrics& metrics, const base::Clock& clock)
    : claims_(claims),
      lost_(rescued(metrics, "lost")),
      interrupted_(rescued(metrics, "interrupted")),
      clock_(clock) {}

base::Result<int> Rescuer::step() {
    auto dead = claims_.dead_claims(kPage);
    if (!dead) {
        return std::move(dead).error();
    }
    if (dead->empty()) {
        return 0;
    }
    std::vector<store::Settlement> settlements;
    for (const store::DeadClaim& claim : *dead) {
        settlements.push_back(settlement_of(claim, clock_.now()));
    }
    const auto verdicts = claims_.settle(settlements);
    if (!verdicts) {
        return verdicts.error();
    }
    for (const store::DeadClaim& claim : *dead) {
        (claim.started ? lost_ : interrupted_).add();
    }
    base::log(base::LogLevel::Warn, "upkeep", "attempts of a host that died were brought to an end",
              {{"count", std::to_string(dead->size())}});
    return static_cast<int>(dead->size());
}

store::Settlement Rescuer::settlement_of(const store::DeadClaim& dead, core::Instant now) {
    const core::Outcome outcome = outcome_of(dead);
    const core::Instant started_at = dead.started ? dead.started_at : now;
    return {.job = dead.job.id,
            .token = dead.job.token,
            .node = dead.node,
            .transition = core::settle(dead.job.standing, outcome, {}, now, 0),
            .started_at = started_at,
            .ended_at = std::max(now, started_at),
            .failure = core::failure_of(outcome),
            .result_json = {},
            .output = std::nullopt};
}

}  // namespace jobhost::upkeep
