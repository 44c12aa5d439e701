#pragma once

#include "store/plan_store.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

class SqlitePlanStore final : public PlanStore {
public:
    /// Both must outlive this.
    SqlitePlanStore(Readers& readers, Writer& writer) : readers_(readers), writer_(writer) {}

    base::Result<DuePlans> due(Instant now, int limit) override;
    base::Result<std::vector<Advanced>> advance(std::span<const Advance> advances) override;
    base::Result<Backfilled> backfill(const BackfillOrder& order) override;
    base::Result<int> rewind(Instant now) override;
    base::Result<std::vector<NotRunRow>> not_run(JobId id, Instant before, int limit) override;

private:
    Readers& readers_;
    Writer& writer_;
};

}  // namespace jobhost::store::sqlite
