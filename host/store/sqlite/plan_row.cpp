#include "store/sqlite/plan_row.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "core/calendars.hpp"
#include "store/sqlite/plan_queries.hpp"

namespace jobhost::store::sqlite {

std::string calendars_to_text(const std::vector<std::string>& names) {
    return base::to_text(base::JsonArray(names.begin(), names.end()));
}

namespace {

/// In place of what cannot be read: too long for any calendar to have it, so it excludes
/// everything.
constexpr std::string_view kUnreadable =
    "(which one cannot be read from the database; say the calendars of this job anew)";
static_assert(kUnreadable.size() > core::kLongestCalendarName);

std::vector<std::string> calendars_from_text(const std::string& text) {
    const auto parsed = base::parse_json(text);
    if (!parsed || !parsed->value.is_array()) {
        return {std::string(kUnreadable)};
    }
    std::vector<std::string> names;
    for (const auto& name : parsed->value.get_array()) {
        const auto* known = name.if_string();
        const bool is_name = known != nullptr && !known->empty();
        names.emplace_back(is_name ? std::string_view(*known) : kUnreadable);
    }
    return names;
}

}  // namespace

std::optional<PlanRow> read_plan(Connection& connection, JobKey job) {
    auto row = connection.query(kPlan, job);
    if (!row.next()) {
        return std::nullopt;
    }
    PlanRow plan;
    plan.status = row.column<core::Status>(0);
    plan.changed_at = row.column<core::Instant>(1);
    plan.reason = row.column<std::string>(2);
    plan.abandoned = row.column<bool>(3);
    plan.next_due = row.column<std::optional<core::Instant>>(4);
    plan.point.last = row.column<core::Instant>(5);
    plan.point.resumed_at = row.column<std::optional<core::Instant>>(6);
    plan.last_fired = row.column<std::optional<core::Instant>>(7);
    plan.point.ran = row.column<std::int64_t>(8);
    plan.failures = row.column<int>(9);
    core::Recurrence& recurrence = plan.recurrence;
    recurrence.cron = row.column<std::string>(10);
    recurrence.days = row.column<core::CronDays>(11);
    recurrence.time_zone = row.column<std::string>(12);
    recurrence.interval = row.column<core::Duration>(13);
    recurrence.end_time = row.column<std::optional<core::Instant>>(14);
    recurrence.max_count = row.column<std::int64_t>(15);
    recurrence.misfire = row.column<core::Misfire>(16);
    recurrence.misfire_limit = row.column<int>(17);
    recurrence.catch_up = row.column<std::optional<core::Duration>>(18);
    recurrence.overlap = row.column<core::Overlap>(19);
    recurrence.lock_timeout = row.column<core::Duration>(20);
    recurrence.jitter = row.column<core::Duration>(21);
    recurrence.occurrence_tries = row.column<int>(22);
    recurrence.calendars = calendars_from_text(row.column<std::string>(23));
    return plan;
}

void arm(Turn& turn,
         JobKey job,
         const core::Recurrence& recurrence,
         core::Instant last,
         core::Instant next) {
    turn.db.run(kAddPlan, job, turn.now, next, last, recurrence.cron, recurrence.days,
                recurrence.time_zone, recurrence.interval, recurrence.end_time,
                recurrence.max_count, recurrence.misfire, recurrence.misfire_limit,
                recurrence.catch_up, recurrence.overlap, recurrence.lock_timeout, recurrence.jitter,
                recurrence.occurrence_tries, calendars_to_text(recurrence.calendars));
    turn.count(core::Status::Queuing, 1);
}

void end_plan(Turn& turn,
              JobKey job,
              const PlanRow& plan,
              core::Status to,
              std::string_view reason,
              bool abandoned) {
    turn.db.run(kEndPlan, job, to, turn.now, reason, abandoned);
    turn.count(plan.status, -1);
    turn.count(to, 1);
}

}  // namespace jobhost::store::sqlite
