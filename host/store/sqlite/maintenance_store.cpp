#include "store/sqlite/maintenance_store.hpp"

#include <utility>

#include "store/sqlite/checking.hpp"

namespace jobhost::store::sqlite {

base::Result<Pruned> SqliteMaintenanceStore::prune(const Cutoffs& cutoffs, int limit) {
    return writer_.run([this, cutoffs, limit](Turn& turn) {
        Pruned pruned = forget_old(turn, cutoffs, limit);
        if (pruned.more) {
            return pruned;
        }
        OutputMarks to = outputs_gone_to_;
        pruned = forget_old_outputs(turn, cutoffs.output, to);
        turn.after_commit([this, to](Live&) { outputs_gone_to_ = to; });
        if (!pruned.more) {
            pruned.records = forget_old_records(turn, cutoffs.not_run, limit);
            pruned.more = pruned.records >= limit || shrink_file(turn);
        }
        return pruned;
    });
}

base::Result<Checked> SqliteMaintenanceStore::check(int limit) {
    return looked_at_all_ ? check_counters() : check_places(limit);
}

base::Result<Checked> SqliteMaintenanceStore::check_places(int limit) {
    auto seen = look(readers_, [&](Connection& connection) {
        return look_at_places(connection, looked_to_, limit);
    });
    if (!seen) {
        return std::move(seen).error();
    }
    Checked checked;
    if (!seen->misplaced.empty()) {
        const auto put = writer_.run([misplaced = seen->misplaced](Turn& turn) {
            Checked done;
            for (const JobKey job : misplaced) {
                put_right(turn, job, done);
            }
            return done;
        });
        if (!put) {
            return put.error();
        }
        checked = *put;
    }
    looked_at_all_ = !seen->to;
    looked_to_ = seen->to.value_or(JobKey{});
    checked.more = true;
    return checked;
}

base::Result<Checked> SqliteMaintenanceStore::check_counters() {
    looked_at_all_ = false;  // whatever comes of it: the places are looked at again
    const auto errors =
        look(readers_, [](Connection& connection) { return counter_errors(connection); });
    if (!errors) {
        return errors.error();
    }
    Checked checked;
    checked.counters = static_cast<int>(errors->size());
    if (!errors->empty()) {
        const auto put = writer_.run([owned = *errors](Turn& turn) {
            for (const auto& [status, by] : owned) {
                turn.count(status, by);
            }
            return base::Unit{};
        });
        if (!put) {
            return put.error();
        }
    }
    return checked;
}

}  // namespace jobhost::store::sqlite
