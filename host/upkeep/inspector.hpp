#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "store/maintenance_store.hpp"

namespace jobhost::upkeep {

/// Looks through everything that is stored, a page at a time, for what does not fit together.
class Inspector {
public:
    /// The references must outlive this.
    Inspector(store::MaintenanceStore& store, base::Metrics& metrics);

    /// Looks at one page.
    base::Result<store::Checked> step();

    /// Is this round to be gone on with at once?
    [[nodiscard]] bool has_more() const { return has_more_; }

private:
    store::MaintenanceStore& store_;
    base::Counter& placed_;
    base::Counter& displaced_;
    base::Counter& counters_;
    base::Counter& left_;
    base::Counter& rounds_;
    bool has_more_ = false;
};

}  // namespace jobhost::upkeep
