#include "store/sqlite/backfill.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/records.hpp"
#include "store/sqlite/subject.hpp"

namespace jobhost::store::sqlite {

namespace {

std::optional<base::Error> refusal(const BackfillOrder& order,
                                   const Order& job,
                                   const std::optional<PlanRow>& plan) {
    if (auto refused = refused_to_touch(job, {.system = order.system, .version = order.version})) {
        return refused;
    }
    if (!plan) {
        return base::Error{base::ErrorKind::Conflict, "not_recurring",
                           "Only a recurring job has occurrences to make up for."};
    }
    return std::nullopt;
}

/// What stands in the database about a job and the occurrences that are asked for.
struct Survey {
    JobKey key = {};
    core::Instant begin;
    std::optional<PlanRow> plan;
    std::vector<core::Instant> missing;
    Backfilled result;
};

std::vector<core::Instant> without_children(Connection& connection,
                                            JobKey job,
                                            const std::vector<core::Instant>& nominals) {
    const auto present = children_between(connection, job, nominals.front(), nominals.back());
    std::vector<core::Instant> missing;
    std::ranges::set_difference(nominals, present, std::back_inserter(missing));
    return missing;
}

/// Leaves those that were not dealt with yet, and those that a record says did not run. Of the
/// others nothing is known any more: they ran and their children were removed, or the schedule was
/// another one.
void leave_out_unknown(Connection& connection,
                       JobKey job,
                       const PlanRow& plan,
                       core::Instant created_at,
                       std::vector<core::Instant>& missing) {
    const auto records = records_between(connection, job, missing.front(), missing.back());
    auto record = records.begin();
    std::erase_if(missing, [&](core::Instant at) {
        while (record != records.end() && record->gap.last < at) {
            ++record;
        }
        const bool is_recorded = record != records.end() && record->gap.first <= at;
        const bool dealt_with =
            at >= created_at ? at <= plan.point.last : connection.query(kIsMadeUp, job, at).next();
        return dealt_with && !is_recorded;
    });
}

Survey survey(Connection& connection, const BackfillOrder& order) {
    Survey seen;
    const auto key = key_of(connection, order.id);
    const auto job = key ? order_of(connection, *key) : std::nullopt;
    if (!job) {
        return seen;
    }
    seen.key = *key;
    seen.begin = job->begin_time.value_or(job->created_at);
    seen.plan = read_plan(connection, *key);
    seen.result = {.is_known = true, .refused = refusal(order, *job, seen.plan)};
    if (seen.result.refused || order.nominals.empty()) {
        return seen;
    }
    seen.missing = without_children(connection, *key, order.nominals);
    const auto childless = seen.missing.size();
    if (!order.includes_unknown && childless > 0) {
        leave_out_unknown(connection, *key, *seen.plan, job->created_at, seen.missing);
    }
    seen.result.missing = static_cast<int>(seen.missing.size());
    seen.result.present = static_cast<int>(order.nominals.size() - childless);
    seen.result.unknown = static_cast<int>(childless - seen.missing.size());
    return seen;
}

/// All at once where that is allowed, else each behind the one before.
std::vector<Child> bear_all(Turn& turn,
                            JobKey job,
                            const core::Recurrence& recurrence,
                            const std::vector<core::Instant>& nominals) {
    const bool together = recurrence.overlap == core::Overlap::Allow;
    std::vector<Child> children;
    for (const core::Instant nominal : nominals) {
        auto child = bear(turn, {.parent = job,
                                 .nominal = nominal,
                                 .due = turn.now,
                                 .max_tries = recurrence.occurrence_tries,
                                 .gated = !together && has_live_child(turn, job)});
        if (child) {
            children.push_back(*std::move(child));
        }
    }
    return children;
}

}  // namespace

Backfilled count_backfill(Connection& connection, const BackfillOrder& order) {
    return survey(connection, order).result;
}

Backfilled backfill(Turn& turn, const BackfillOrder& order) {
    Survey seen = survey(turn.db, order);
    Backfilled& result = seen.result;
    if (!result.is_known || result.refused) {
        return std::move(result);
    }
    const core::Recurrence& recurrence = seen.plan->recurrence;
    const auto timetable = core::timetable_of(recurrence, seen.begin);
    if (!timetable) {
        result.refused = timetable.error();
        return std::move(result);
    }
    result.children = bear_all(turn, seen.key, recurrence, seen.missing);
    take_out(turn, seen.key, *timetable, seen.missing);
    if (!order.nominals.empty()) {
        turn.db.run(kMadeUp, seen.key, order.nominals.front(), order.nominals.back());
    }
    return std::move(result);
}

}  // namespace jobhost::store::sqlite
