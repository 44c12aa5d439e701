#include "store/sqlite/records.hpp"

#include <optional>

#include "core/backfill.hpp"
#include "store/sqlite/plan_queries.hpp"

namespace jobhost::store::sqlite {

namespace {

core::Gap read_gap(const Statement& row) {
    return {.verdict = row.column<core::NotRun>(4),
            .rule = row.column<std::string>(5),
            .first = row.column<core::Instant>(0),
            .last = row.column<core::Instant>(1),
            .count = row.column<int>(2),
            .is_counted = row.column<bool>(3)};
}

std::vector<NotRunRow> read_rows(Statement& rows) {
    std::vector<NotRunRow> records;
    while (rows.next()) {
        records.push_back({.gap = read_gap(rows), .recorded_at = rows.column<core::Instant>(6)});
    }
    return records;
}

std::optional<core::Gap> last_gap(Turn& turn, JobKey job) {
    auto row = turn.db.query(kLastGap, job);
    return row.next() ? std::optional(read_gap(row)) : std::nullopt;
}

bool fired_after(Turn& turn, JobKey job, core::Instant instant) {
    return turn.db.query(kFiredAfter, job, instant).next();
}

void add(Turn& turn, JobKey job, const core::Gap& gap, core::Instant recorded_at) {
    turn.db.run(kAddGap, job, gap.first, gap.last, gap.count, gap.is_counted, gap.verdict, gap.rule,
                recorded_at);
}

}  // namespace

std::vector<NotRunRow> not_run(Connection& connection,
                               JobKey job,
                               core::Instant before,
                               int limit) {
    auto rows = connection.query(kGapsBefore, job, before, limit);
    return read_rows(rows);
}

void record(Turn& turn, JobKey job, const core::Gap& gap) {
    const auto before = last_gap(turn, job);
    const bool continues = before && before->is_counted && gap.is_counted &&
                           before->verdict == gap.verdict && before->rule == gap.rule &&
                           before->last < gap.first && !fired_after(turn, job, before->last);
    if (continues) {
        turn.db.run(kExtendGap, job, before->first, gap.last, gap.count);
    } else {
        add(turn, job, gap, turn.now);
    }
}

std::vector<core::Instant> children_between(Connection& connection,
                                            JobKey job,
                                            core::Instant first,
                                            core::Instant last) {
    std::vector<core::Instant> nominals;
    auto rows = connection.query(kChildrenBetween, job, first, last);
    while (rows.next()) {
        nominals.push_back(rows.column<core::Instant>(0));
    }
    return nominals;
}

std::vector<NotRunRow> records_between(Connection& connection,
                                       JobKey job,
                                       core::Instant first,
                                       core::Instant last) {
    auto rows = connection.query(kGapsBetween, job, first, last);
    return read_rows(rows);
}

void take_out(Turn& turn,
              JobKey job,
              const schedule::Timetable& timetable,
              std::span<const core::Instant> made) {
    if (made.empty()) {
        return;
    }
    for (const NotRunRow& row : records_between(turn.db, job, made.front(), made.back())) {
        turn.db.run(kDropGap, job, row.gap.first);
        for (const core::Gap& left : core::without(row.gap, timetable, made)) {
            add(turn, job, left, row.recorded_at);
        }
    }
}

}  // namespace jobhost::store::sqlite
