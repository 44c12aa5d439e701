#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "core/runner.hpp"
#include "core/why.hpp"
#include "events/bus.hpp"
#include "run/attempts.hpp"
#include "run/options.hpp"
#include "run/settler.hpp"
#include "run/worker_pool.hpp"

namespace jobhost::run {

/// How many jobs of a type are taken at once, by the limit that is reached first. A type that is
/// not known (null) is taken for one that occupies workers.
[[nodiscard]] core::Places places_of(const Options& options,
                                     const Load& load,
                                     const core::TypeInfo* type);

/// Takes as many jobs as there are free places and hands them to workers; tells attempts that
/// somebody wants them to end. Driven by one thread at a time.
class Dispatcher {
public:
    /// Gives an attempt to those who start it; must not block.
    using HandOver = std::function<void(Assignment)>;

    /// The references must outlive this.
    Dispatcher(const Options& options,
               Attempts& attempts,
               const Settler& settler,
               store::ClaimStore& claims,
               const core::RunnerSource& runners,
               HandOver hand_over,
               base::Metrics& metrics,
               const base::Clock& clock);

    /// One turn. Returns when it wants the next one though nothing woke it.
    Steady step();

    /// The same while the host stops or is on standby: takes no job.
    Steady listen();

private:
    [[nodiscard]] store::ClaimRequest request(bool blocking, const Load& load) const;
    bool claim(const store::ClaimRequest& request);
    void start(store::ClaimedJob job);
    void act_on(const std::vector<store::Wanted>& wants);
    void note_due(Instant due, Instant asked_at);

    const Options& options_;
    Attempts& attempts_;
    const Settler& settler_;
    store::ClaimStore& claims_;
    const core::RunnerSource& runners_;
    const HandOver hand_over_;
    base::Histogram& wait_seconds_;
    base::Metrics& metrics_;
    const base::Clock& clock_;
    Steady next_;
    int failures_ = 0;
};

}  // namespace jobhost::run
