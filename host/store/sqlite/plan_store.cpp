#include "store/sqlite/plan_store.hpp"

#include "store/sqlite/backfill.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/plans.hpp"
#include "store/sqlite/records.hpp"

namespace jobhost::store::sqlite {

base::Result<DuePlans> SqlitePlanStore::due(Instant now, int limit) {
    return look(readers_,
                [&](Connection& connection) { return due_plans(connection, now, limit); });
}

base::Result<std::vector<Advanced>> SqlitePlanStore::advance(std::span<const Advance> advances) {
    return writer_.run([owned = std::vector(advances.begin(), advances.end())](Turn& turn) {
        return sqlite::advance(turn, owned);
    });
}

base::Result<Backfilled> SqlitePlanStore::backfill(const BackfillOrder& order) {
    if (order.is_dry_run) {
        return look(readers_,
                    [&](Connection& connection) { return count_backfill(connection, order); });
    }
    return writer_.run([order](Turn& turn) { return sqlite::backfill(turn, order); });
}

base::Result<int> SqlitePlanStore::rewind(Instant now) {
    return writer_.run([now](Turn& turn) { return sqlite::rewind(turn, now); });
}

base::Result<std::vector<NotRunRow>> SqlitePlanStore::not_run(JobId id, Instant before, int limit) {
    return look(readers_, [&](Connection& connection) {
        const auto key = key_of(connection, id);
        return key ? sqlite::not_run(connection, *key, before, limit) : std::vector<NotRunRow>();
    });
}

}  // namespace jobhost::store::sqlite
