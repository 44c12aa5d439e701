#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "store/maintenance_store.hpp"
#include "upkeep/options.hpp"

namespace jobhost::upkeep {

/// Removes what has ended long enough ago, a page at a time, so that the store never waits for it
/// for long.
class Retention {
public:
    /// The references must outlive this.
    Retention(const RetentionOptions& options,
              store::MaintenanceStore& store,
              base::Metrics& metrics,
              const base::Clock& clock);

    /// Does one page.
    base::Result<store::Pruned> step();

    /// Did the last page leave something to be done at once?
    [[nodiscard]] bool has_more() const { return has_more_; }

private:
    [[nodiscard]] store::Cutoffs cutoffs() const;

    const RetentionOptions options_;
    store::MaintenanceStore& store_;
    base::Counter& jobs_;
    base::Counter& outputs_;
    base::Counter& records_;
    const base::Clock& clock_;
    bool has_more_ = false;
    int jobs_this_time_ = 0;
    int outputs_this_time_ = 0;
    int records_this_time_ = 0;
};

}  // namespace jobhost::upkeep
