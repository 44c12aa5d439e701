#include "upkeep/retention.hpp"

#include <string>
#include <utility>

#include "base/log.hpp"

namespace jobhost::upkeep {

namespace {

constexpr int kPage = 500;

}  // namespace

Retention::Retention(const RetentionOptions& options,
                     store::MaintenanceStore& store,
                     base::Metrics& metrics,
                     const base::Clock& clock)
    : options_(options),
      store_(store),
      jobs_(metrics.counter("jobhost_jobs_pruned_total",
                            "Ended jobs that were removed since they were old enough or too many.",
                            {})),
      outputs_(metrics.counter("jobhost_outputs_pruned_total",
                               "Ended jobs whose output was removed before they were.",
                               {})),
      records_(metrics.counter("jobhost_records_pruned_total",
                               "Records of occurrences that did not run that were removed since "
                               "they were old enough.",
                               {})),
      clock_(clock) {}

base::Result<store::Pruned> Retention::step() {
    has_more_ = false;
    auto pruned = store_.prune(cutoffs(), kPage);
    if (!pruned) {
        return pruned;
    }
    jobs_.add(static_cast<std::uint64_t>(pruned->jobs));
    outputs_.add(static_cast<std::uint64_t>(pruned->outputs));
    records_.add(static_cast<std::uint64_t>(pruned->records));
    jobs_this_time_ += pruned->jobs;
    outputs_this_time_ += pruned->outputs;
    records_this_time_ += pruned->records;
    has_more_ = pruned->more;
    if (has_more_) {
        return pruned;
    }
    const int jobs = std::exchange(jobs_this_time_, 0);
    const int outputs = std::exchange(outputs_this_time_, 0);
    const int records = std::exchange(records_this_time_, 0);
    if (jobs > 0 || outputs > 0 || records > 0) {
        base::log(base::LogLevel::Info, "upkeep", "what is old was removed",
                  {{"jobs", std::to_string(jobs)},
                   {"outputs", std::to_string(outputs)},
                   {"not_run", std::to_string(records)}});
    }
    return pruned;
}

store::Cutoffs Retention::cutoffs() const {
    const core::Instant now = clock_.now();
    store::Cutoffs cutoffs{.completed = now - options_.completed,
                           .stopped = now - options_.stopped,
                           .output = core::Instant::min(),
                           .not_run = now - options_.not_run,
                           .most_finished = std::nullopt};
    if (options_.output) {
        cutoffs.output = now - *options_.output;
    }
    if (options_.max_finished > 0) {
        cutoffs.most_finished = options_.max_finished;
    }
    return cutoffs;
}

}  // namespace jobhost::upkeep
