#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "core/job.hpp"

namespace jobhost::store {

/// What is old enough to go.
struct Cutoffs {
    core::Instant completed = core::Instant::min();  ///< completed jobs that ended before it
    core::Instant stopped = core::Instant::min();    ///< stopped ones
    core::Instant output = core::Instant::min();     ///< output of ended jobs, kept otherwise
    core::Instant not_run = core::Instant::min();    ///< records of occurrences that did not run
    std::optional<std::int64_t> most_finished = {};  ///< ended jobs beyond it, whatever their age
};

/// What one page of pruning did.
struct Pruned {
    int jobs = 0;
    int outputs = 0;    ///< jobs that lost nothing but their output
    int records = 0;    ///< records of occurrences that did not run
    bool more = false;  ///< there is more to do, now
};

/// What one page of the check found.
struct Checked {
    int placed = 0;     ///< jobs that stood nowhere and wait in the queue again
    int displaced = 0;  ///< jobs that stood in two places, and places of jobs that are not there
    int counters = 0;   ///< counts that were wrong and are right again
    int left = 0;       ///< what was found and could not be put right now
    bool more = false;  ///< the store has another page

    [[nodiscard]] int findings() const { return placed + displaced + counters + left; }
};

/// The store as its caretaker sees it. Each call does one page in a short transaction, so that
/// others come in between, and blocks. [one thread]
class MaintenanceStore {
public:
    virtual ~MaintenanceStore() = default;

    /// Removes at most `limit` ended jobs with all that belongs to them, those that ended first
    /// before the others; their names are free again. Then outputs, then records of occurrences
    /// that did not run, then space of the file that nothing uses, a piece at a time. What waits,
    /// runs or is paused is never touched.
    [[nodiscard]] virtual base::Result<Pruned> prune(const Cutoffs& cutoffs, int limit) = 0;

    /// Looks at the next `limit` jobs, beginning anew after the last: does each stand in exactly
    /// one place? After the last page also: are the counters right? Puts right what it finds.
    [[nodiscard]] virtual base::Result<Checked> check(int limit) = 0;
};

}  // namespace jobhost::store
