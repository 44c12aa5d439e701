#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/metrics.hpp"
#include "http/host_view.hpp"
#include "store/database.hpp"

namespace jobhost::app {

/// Looks at the store every few seconds, so that probes and metrics answer from memory.
class Health {
public:
    /// The references must outlive this.
    Health(store::Database& database, base::Metrics& metrics, const base::Clock& clock);

    /// One look. [upkeep]
    void step();

    /// The result of the last look. [any thread]
    [[nodiscard]] http::Check storage() const;

    /// When the last look was over, for the liveness check. [any thread]
    [[nodiscard]] base::Steady last_look() const { return last_look_; }

private:
    void count_jobs();

    store::Database& database_;
    base::Metrics& metrics_;
    const base::Clock& clock_;
    std::atomic<base::Steady> last_look_;
    base::Guarded<http::Check> storage_;
};

}  // namespace jobhost::app
