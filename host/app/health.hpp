#pragma once

#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "base/metrics.hpp"
#include "http/host_view.hpp"
#include "store/database.hpp"

namespace jobhost::app {

/// Looks at the store every few seconds, so that probes and metrics answer from memory.
class Health {
public:
    /// The references must outlive this.
    Health(store::Database& database, base::Metrics& metrics);

    /// One look. [upkeep]
    void step();

    /// The result of the last look. [any thread]
    [[nodiscard]] http::Check storage() const;

private:
    void count_jobs();

    store::Database& database_;
    base::Metrics& metrics_;
    base::Guarded<http::Check> storage_;
};

}  // namespace jobhost::app
