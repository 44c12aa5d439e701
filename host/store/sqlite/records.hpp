#pragma once

#include <span>
#include <vector>

#include "store/plan_store.hpp"
#include "store/sqlite/turn.hpp"

/// What is recorded of occurrences that did not run.
namespace jobhost::store::sqlite {

/// See `PlanStore`. [any connection]
[[nodiscard]] std::vector<NotRunRow> not_run(Connection& connection,
                                             JobKey job,
                                             core::Instant before,
                                             int limit);

/// Writes a record. What continues the one before becomes a part of it, so that an hour in which
/// every second is skipped is one row. [writer]
void record(Turn& turn, JobKey job, const core::Gap& gap);

/// The occurrences from `first` to `last` that have a child, in order. [any connection]
[[nodiscard]] std::vector<core::Instant> children_between(Connection& connection,
                                                          JobKey job,
                                                          core::Instant first,
                                                          core::Instant last);

/// The records that reach into the time from `first` to `last`, in order. [any connection]
[[nodiscard]] std::vector<NotRunRow> records_between(Connection& connection,
                                                     JobKey job,
                                                     core::Instant first,
                                                     core::Instant last);

/// The occurrences `made`, which are in order, have children now: no record holds them any more.
/// [writer]
void take_out(Turn& turn,
              JobKey job,
              const schedule::Timetable& timetable,
              std::span<const core::Instant> made);

}  // namespace jobhost::store::sqlite
