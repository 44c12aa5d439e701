#include "run/settler.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.hpp"
#include "run/attempt.hpp"
#include "run/store_pause.hpp"

namespace jobhost::run {

namespace {

constexpr base::Duration kQuietTurn = std::chrono::seconds(1);

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
void log_end(const Ended& ended,
             const core::Transition& landed,
             const std::optional<core::Failure>& failure) {
    const bool good = landed.outcome == core::AttemptOutcome::Succeeded;
    const auto level = landed.abandoned ? base::LogLevel::Warn
                       : good           ? base::LogLevel::Debug
                                        : base::LogLevel::Info;
    if (!base::log_enabled(level)) {
        return;
    }
    base::log(level, "run", landed.abandoned ? "a job gave up" : "an attempt ended",
              {{"job_id", ended.job.id.text()},
               {"type", ended.job.type},
               {"attempt", std::to_string(ended.job.attempt)},
               {"outcome", std::string(core::name(landed.outcome))},
               {"status", std::string(core::name(landed.to))},
               {"reason", landed.reason},
               {"took", base::format_duration(ended.took)},
               {"error", failure ? failure->message : std::string()}});
}

/// Would the same batch be refused again, whenever it is sent?
bool is_refusal(const base::Error& error) {
    return error.kind == base::ErrorKind::Invalid || error.kind == base::ErrorKind::Internal;
}

}  // namespace

Settler::Settler(const Options& options,
                 Attempts& attempts,
                 store::ClaimStore& claims,
                 events::Bus& bus,
                 base::Metrics& metrics,
                 const base::Clock& clock,
                 core::NodeId node,
                 std::uint64_t seed)
    : options_(options),
      attempts_(attempts),
      claims_(claims),
      bus_(bus),
      metrics_(metrics),
      clock_(clock),
      node_(node),
      random_(seed) {}

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
    for (Ended& ended : batch) {
        settlements.push_back(settlement_of(ended));
    }
    write(batch, settlements);
}

/// The output moves over: it is the one large part.
store::Settlement Settler::settlement_of(Ended& ended) {
    std::uniform_real_distribution<double> spread(-1.0, 1.0);
    core::Outcome outcome =
        core::classify(judge(ended.outcome, ended.cancelled), ended.job.type, options_.classify);
    const auto policy = core::retry_policy(options_.retry, ended.retry_base, ended.job.retry);
    return {.job = ended.job.id,
            .token = ended.job.token,
            .node = node_,
            .transition =
                core::settle(ended.job.standing, outcome, policy, ended.ended_at, spread(random_)),
            .started_at = ended.started_at,
            .ended_at = ended.ended_at,
            .failure = core::failure_of(outcome),
            .result_json = std::move(outcome.result_json),
            .output = std::exchange(ended.output, std::nullopt)};
}

void Settler::write(std::span<Ended> batch, std::span<store::Settlement> settlements) {
    const auto settled = claims_.settle(settlements);
    if (settled) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
            applied(batch[i], settlements[i], (*settled)[i]);
        }
    } else if (!is_refusal(settled.error())) {
        keep(batch, settlements, settled.error());
    } else if (batch.size() > 1) {
        const std::size_t half = batch.size() / 2;
        write(batch.first(half), settlements.first(half));
        write(batch.subspan(half), settlements.subspan(half));
    } else {
        write_without_texts(batch, settlements, settled.error());
    }
}

/// The last try with the end of one attempt that the store refuses as it is.
void Settler::write_without_texts(std::span<Ended> one,
                                  std::span<store::Settlement> refused,
                                  const base::Error& refusal) {
    Ended bare = without_texts(one.front(), refusal);
    const store::Settlement last = settlement_of(bare);
    const auto settled = claims_.settle({&last, 1});
    if (!settled && !is_refusal(settled.error())) {
        keep(one, refused, settled.error());
        return;
    }
    base::log(base::LogLevel::Error, "run",
              settled ? "the store refuses the end of an attempt; it is recorded as failed"
                      : "the store refuses the end of an attempt, even without its texts; it is "
                        "dropped, and the job counts as running until the host starts again",
              {{"job_id", bare.job.id.text()}, {"error", refusal.message}});
    if (settled) {
        applied(bare, last, settled->front());
    }
}

void Settler::keep(std::span<Ended> batch,
                   std::span<store::Settlement> settlements,
                   const base::Error& failure) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].output = std::move(settlements[i].output);
        waiting_.push_back(std::move(batch[i]));
    }
    base::log(base::LogLevel::Error, "run",
              "ends of attempts cannot be stored now; they are kept and tried again",
              {{"count", std::to_string(batch.size())}, {"error", failure.message}});
}

void Settler::applied(const Ended& ended,
                      const store::Settlement& settlement,
                      const store::Settled& settled) {
    if (settled.verdict == store::SettleVerdict::Fenced) {
        base::log(base::LogLevel::Warn, "run",
                  "the end of an attempt is dropped: its claim on the job is lost",
                  {{"job_id", ended.job.id.text()}});
        return;
    }
    log_end(ended, settled.landed, settlement.failure);
    count(ended, settled.landed.outcome);
    bus_.publish({.what = core::JobEvent::What::Settled,
                  .job = ended.job.id,
                  .type = ended.job.type,
                  .status = settled.landed.to,
                  .at = settlement.ended_at});
}

void Settler::count(const Ended& ended, core::AttemptOutcome outcome) {
    const std::string& type = ended.job.type;
    const auto [series, is_new] = series_.try_emplace(type);
    if (is_new) {
        series->second.took =
            &metrics_.histogram("jobhost_attempt_duration_seconds",
                                "How long attempts ran, by job type.", {{"type", type}});
    }
    base::Counter*& finished = series->second.finished[outcome];
    if (finished == nullptr) {
        finished = &metrics_.counter("jobhost_attempts_finished_total",
                                     "Attempts that ended, by job type and outcome.",
                                     {{"type", type}, {"outcome", std::string(name(outcome))}});
    }
    finished->add();
    series->second.took->observe(base::to_seconds(ended.took));
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
