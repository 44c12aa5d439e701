#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "store/claim_store.hpp"
#include "store/job_store.hpp"
#include "store/maintenance_store.hpp"
#include "store/node_store.hpp"
#include "store/plan_store.hpp"

namespace jobhost::store {

/// An open store: the owner of its connections and threads. What it hands out lives as long as it.
class Database {
public:
    virtual ~Database() = default;

    [[nodiscard]] virtual JobStore& jobs() = 0;
    [[nodiscard]] virtual ClaimStore& claims() = 0;
    [[nodiscard]] virtual PlanStore& plans() = 0;
    [[nodiscard]] virtual NodeStore& nodes() = 0;
    [[nodiscard]] virtual MaintenanceStore& maintenance() = 0;

    /// Can it be written to now? Touches the disk; for the readiness check, not for a hot path.
    [[nodiscard]] virtual base::Result<base::Unit> probe() = 0;

    /// "sqlite /path/file.db, schema 3": for people.
    [[nodiscard]] virtual std::string description() const = 0;
};

}  // namespace jobhost::store
