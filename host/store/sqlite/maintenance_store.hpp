#pragma once

#include "store/maintenance_store.hpp"
#include "store/sqlite/forgetting.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

class SqliteMaintenanceStore final : public MaintenanceStore {
public:
    /// The references must outlive this, and the writer must end before it.
    SqliteMaintenanceStore(Readers& readers, Writer& writer) : readers_(readers), writer_(writer) {}

    base::Result<Pruned> prune(const Cutoffs& cutoffs, int limit) override;
    base::Result<Checked> check(int limit) override;

private:
    base::Result<Checked> check_places(int limit);
    base::Result<Checked> check_counters();

    Readers& readers_;
    Writer& writer_;
    OutputMarks
        outputs_gone_to_;  ///< touched by the writer's thread alone; begins anew with each start
    JobKey looked_to_;
    bool looked_at_all_ = false;
};

}  // namespace jobhost::store::sqlite
