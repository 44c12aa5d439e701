#include "store/sqlite/backfill.hpp"

#include <algorithm>
#include <iterator>

#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/records.hpp"

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

std::vector<core::Instant> without_children(Turn& turn, JobKey job, const BackfillOrder& order) {
    if (order.nominals.empty()) {
        return {};
    }
    const auto present = children_between(turn, job, order.nominals.front(), order.nominals.back());
    std::vector<core::Instant> missing;
    std::ranges::set_difference(order.nominals, present, std::back_inserter(missing));
    return missing;
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

Backfilled backfill(Turn& turn, const BackfillOrder& order) {
    const auto key = key_of(turn.db, order.id);
    const auto job = key ? order_of(turn.db, *key) : std::nullopt;
    if (!job) {
        return {};
    }
    const auto plan = read_plan(turn.db, *key);
    Backfilled result{.is_known = true, .refused = refusal(order, *job, plan)};
    if (result.refused) {
        return result;
    }
    const auto missing = without_children(turn, *key, order);
    result.missing = static_cast<int>(missing.size());
    result.present = static_cast<int>(order.nominals.size()) - result.missing;
    if (order.is_dry_run) {
        return result;
    }
    const auto timetable =
        core::timetable_of(plan->recurrence, job->begin_time.value_or(job->created_at));
    if (!timetable) {
        result.refused = timetable.error();
        return result;
    }
    result.children = bear_all(turn, *key, plan->recurrence, missing);
    take_out(turn, *key, *timetable, missing);
    return result;
}

}  // namespace jobhost::store::sqlite
