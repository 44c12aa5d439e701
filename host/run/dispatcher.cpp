#include "run/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "run/store_pause.hpp"

namespace jobhost::run {

namespace {

/// Even when nothing woke us we look this often, so that no lost hint can stop the work.
constexpr base::Duration kPoll = std::chrono::seconds(1);

/// How long to wait for a job that was due by our clock when we asked and is not by the store's,
/// which is behind: nobody knows how far.
constexpr base::Duration kStoreIsBehind = std::chrono::milliseconds(100);

/// With this many ends unwritten the store is in trouble, and new work would only add to it.
constexpr std::size_t kMostUnsettled = 1000;

}  // namespace

core::Places places_of(const Options& options, const Load& load, const core::TypeInfo* type) {
    const bool blocking = type == nullptr || type->blocking;
    core::Places places{.all = blocking ? options.workers : options.max_waiting,
                        .taken = blocking ? load.blocking : load.waiting};
    if (type == nullptr || type->max_concurrency == 0) {
        return places;
    }
    const auto of_type = load.by_type.find(type->id);
    const int held = of_type == load.by_type.end() ? 0 : of_type->second.held;
    if (type->max_concurrency - held < places.all - places.taken) {
        places.all = type->max_concurrency;
        places.taken = held;
    }
    return places;
}

Dispatcher::Dispatcher(const Options& options,
                       Attempts& attempts,
                       const Settler& settler,
                       store::ClaimStore& claims,
                       const core::RunnerSource& runners,
                       HandOver hand_over,
                       base::Metrics& metrics,
                       const base::Clock& clock)
    : options_(options),
      attempts_(attempts),
      settler_(settler),
      claims_(claims),
      runners_(runners),
      hand_over_(std::move(hand_over)),
      wait_seconds_(metrics.histogram("jobhost_job_wait_seconds",
                                      "From the moment a job was due until it was claimed.")),
      metrics_(metrics),
      clock_(clock) {}

Steady Dispatcher::step() {
    next_ = clock_.steady() + kPoll;
    const Load load = attempts_.load();
    if (claim(request(true, load))) {
        const store::ClaimRequest waiting = request(false, load);
        if (!waiting.types.empty()) {
            claim(waiting);
        }
    }
    return next_;
}

Steady Dispatcher::listen() {
    next_ = clock_.steady() + kPoll;
    claim({});
    return next_;
}

store::ClaimRequest Dispatcher::request(bool blocking, const Load& load) const {
    const int free =
        blocking ? options_.workers - load.blocking : options_.max_waiting - load.waiting;
    store::ClaimRequest request{.types = {}, .limit = std::max(free, 0)};
    if (settler_.unsettled() >= kMostUnsettled) {
        request.limit = 0;
    }
    const auto types = runners_.types();
    for (const core::TypeInfo& type : *types) {
        if (type.blocking != blocking) {
            continue;
        }
        const auto found = load.by_type.find(type.id);
        const TypeLoad here = found == load.by_type.end() ? TypeLoad{} : found->second;
        int most = blocking ? free : std::min(free, kReadAhead - here.unbegun);
        if (type.max_concurrency > 0) {
            most = std::min(most, type.max_concurrency - here.held);
        }
        if (most > 0) {
            request.types.push_back({type.id, most});
        }
    }
    return request;
}

bool Dispatcher::claim(const store::ClaimRequest& request) {
    const Instant asked_at = clock_.now();
    auto claimed = claims_.claim(request);
    if (!claimed) {
        ++failures_;
        next_ = clock_.steady() + core::retry_delay(kStorePause, failures_, 0);
        base::log(base::LogLevel::Error, "run", "jobs cannot be claimed now",
                  {{"error", claimed.error().message}});
        return false;
    }
    failures_ = 0;
    for (store::ClaimedJob& job : claimed->jobs) {
        start(std::move(job));
    }
    act_on(claimed->wants);
    if (claimed->next_due) {
        note_due(*claimed->next_due, asked_at);
    }
    return true;
}

void Dispatcher::start(store::ClaimedJob job) {
    const Token token = job.token;
    std::shared_ptr<core::Runner> runner = runners_.find(job.type);
    if (!runner) {
        base::log(base::LogLevel::Error, "run",
                  "a job was claimed whose type is not here; it is handed back",
                  {{"job_id", job.id.text()}, {"type", job.type}});
        static_cast<void>(claims_.hand_back(std::array{token}));
        return;
    }
    wait_seconds_.observe(
        base::to_seconds(std::max(clock_.now() - job.due, base::Duration::zero())));
    metrics_
        .counter("jobhost_attempts_started_total",
                 "Attempts that were given to a worker, by job type.", {{"type", job.type}})
        .add();
    attempts_.add(std::move(job), runner);
    hand_over_({token, std::move(runner)});
}

void Dispatcher::act_on(const std::vector<store::Wanted>& wants) {
    for (const store::Wanted& wanted : wants) {
        if (core::ends_attempt(wanted.want)) {
            attempts_.cancel(wanted.token, core::CancelReason::User);
        }
    }
}

void Dispatcher::note_due(Instant due, Instant asked_at) {
    // A due time may be farther away than the steady clock can count.
    const auto until = std::clamp(due - clock_.now(), base::Duration::zero(), kPoll);
    next_ = std::min(next_, clock_.steady() + (due < asked_at ? kStoreIsBehind : until));
}

}  // namespace jobhost::run
