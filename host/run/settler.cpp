#include "run/settler.hpp"

#include <algorithm>
#include <iterator>

#include "base/log.hpp"
#include "run/attempt.hpp"

namespace jobhost::run {

namespace {

constexpr base::Duration kQuietTurn = std::chrono::seconds(1);
constexpr core::RetryPolicy kStorePause{.base = base::Duration(100),
                                        .factor = 2,
                                        .cap = std::chrono::seconds(5),
                                        .jitter = 0};

core::RetryPolicy policy_of(const Ended& ended) {
    core::RetryPolicy policy;
    if (ended.retry_base) {
        policy.base = *ended.retry_base;
    }
    return policy;
}

/// An end that the store refuses as it is, so that the job can still come to an end.
Ended without_texts(const Ended& ended, const base::Error& error) {
    Ended bare = ended;
    bare.output.reset();
    bare.outcome = {core::Failed{{.category = core::ErrorCategory::System,
                                  .type = "unwritable_outcome",
                                  .message = "the outcome could not be stored: " + error.message}},
                    {}};
    return bare;
}

/// Failures are what an operator looks for; successes are many.
void log_end(const Ended& ended, const store::Settlement& settlement) {
    const core::Transition& transition = settlement.transition;
    const bool good = transition.outcome == core::AttemptOutcome::Succeeded;
    const auto level = transition.abandoned ? base::LogLevel::Warn
                       : good               ? base::LogLevel::Debug
                                            : base::LogLevel::Info;
    if (!base::log_enabled(level)) {
        return;
    }
    base::log(level, "run", transition.abandoned ? "a job gave up" : "an attempt ended",
              {{"job_id", ended.job.id.text()},
               {"type", ended.job.type},
               {"attempt", std::to_string(ended.job.attempt)},
               {"outcome", std::string(core::name(transition.outcome))},
               {"status", std::string(core::name(transition.to))},
               {"reason", transition.reason},
               {"took", base::format_duration(ended.took)},
               {"error", settlement.failure ? settlement.failure->message : std::string()}});
}

/// Would the same batch be refused again, whenever it is sent?
bool is_refusal(const base::Error& error) {
    return error.kind == base::ErrorKind::Invalid || error.kind == base::ErrorKind::Internal;
}

}  // namespace

Settler::Settler(Attempts& attempts,
                 store::ClaimStore& claims,
                 events::Bus& bus,
                 base::Metrics& metrics,
                 const base::Clock& clock,
                 core::NodeId node)
    : attempts_(attempts),
      claims_(claims),
      bus_(bus),
      metrics_(metrics),
      clock_(clock),
      node_(node),
      random_(std::random_device{}()) {}

Steady Settler::step() {
    std::vector<Ended> batch = std::exchange(waiting_, {});
    std::ranges::move(attempts_.ended().drain(), std::back_inserter(batch));
    kept_ = batch.size();
    if (!batch.empty()) {
        settle(std::move(batch));
    }
    kept_ = waiting_.size();
    show_updates();
    return next_turn();
}

Steady Settler::next_turn() {
    if (waiting_.empty()) {
        failures_ = 0;
        return clock_.steady() + kQuietTurn;
    }
    ++failures_;
    return clock_.steady() + core::retry_delay(kStorePause, failures_, 0);
}

void Settler::settle(std::vector<Ended> batch) {
    std::vector<store::Settlement> settlements;
    for (const Ended& ended : batch) {
        settlements.push_back(settlement_of(ended));
    }
    write(batch, settlements);
}

store::Settlement Settler::settlement_of(const Ended& ended) {
    std::uniform_real_distribution<double> spread(-1.0, 1.0);
    const core::Outcome outcome = judge(ended.outcome, ended.cancelled);
    return {.job = ended.job.id,
            .token = ended.job.token,
            .node = node_,
            .transition = core::settle(ended.job.standing, outcome, policy_of(ended),
                                       ended.ended_at, spread(random_)),
            .started_at = ended.started_at,
            .ended_at = ended.ended_at,
            .failure = core::failure_of(outcome),
            .result_json = outcome.result_json,
            .output = ended.output};
}

bool Settler::write(std::span<const Ended> batch, std::span<const store::Settlement> settlements) {
    auto verdicts = claims_.settle(settlements);
    if (verdicts) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            applied(batch[i], settlements[i], (*verdicts)[i]);
        }
        return true;
    }
    if (!is_refusal(verdicts.error())) {
        keep(batch);
        base::log(base::LogLevel::Error, "run",
                  "ends of attempts cannot be stored now; they are kept and tried again",
                  {{"count", std::to_string(batch.size())}, {"error", verdicts.error().message}});
        return false;
    }
    if (batch.size() > 1) {
        const std::size_t half = batch.size() / 2;
        const bool first = write(batch.first(half), settlements.first(half));
        return write(batch.subspan(half), settlements.subspan(half)) && first;
    }
    base::log(base::LogLevel::Error, "run",
              "the store refuses the end of an attempt; it is recorded as failed",
              {{"job_id", batch[0].job.id.text()}, {"error", verdicts.error().message}});
    const Ended bare = without_texts(batch[0], verdicts.error());
    const store::Settlement last = settlement_of(bare);
    if (auto again = claims_.settle({&last, 1}); again) {
        applied(bare, last, again->front());
        return true;
    }
    keep(batch);
    return false;
}

void Settler::keep(std::span<const Ended> batch) {
    waiting_.insert(waiting_.end(), batch.begin(), batch.end());
}

void Settler::applied(const Ended& ended,
                      const store::Settlement& settlement,
                      store::SettleVerdict verdict) {
    if (verdict == store::SettleVerdict::Fenced) {
        base::log(base::LogLevel::Warn, "run",
                  "the end of an attempt came too late: the job is held by somebody else",
                  {{"job_id", ended.job.id.text()}});
        return;
    }
    log_end(ended, settlement);
    const std::string outcome(core::name(settlement.transition.outcome));
    metrics_
        .counter("jobhost_attempts_finished_total", "Attempts that ended, by job type and outcome.",
                 {{"type", ended.job.type}, {"outcome", outcome}})
        .add();
    metrics_
        .histogram("jobhost_attempt_duration_seconds", "How long attempts ran, by job type.",
                   {{"type", ended.job.type}})
        .observe(base::to_seconds(ended.took));
    bus_.publish({.what = core::JobEvent::What::Settled,
                  .job = ended.job.id,
                  .type = ended.job.type,
                  .status = settlement.transition.to,
                  .at = settlement.ended_at});
}

void Settler::show_updates() {
    const auto updates = attempts_.take_updates();
    if (updates.empty()) {
        return;
    }
    if (const auto shown = claims_.update(updates); !shown) {
        base::log(base::LogLevel::Warn, "run", "output of running attempts cannot be stored now",
                  {{"error", shown.error().message}});
    }
}

}  // namespace jobhost::run
