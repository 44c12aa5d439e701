#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "core/calendars.hpp"
#include "core/planning.hpp"
#include "core/recurrence.hpp"

/// Making up for occurrences of the past.
namespace jobhost::core {

/// So many occurrences at once.
inline constexpr int kMostBackfilled = 1'000;

/// Both ends count.
struct Period {
    Instant from;
    Instant to;
};

/// What there is to make up for.
struct Backfill {
    std::vector<Instant> nominals = {};  ///< in order
    int excluded = 0;                    ///< further ones that calendars exclude
};

/// The occurrences of a job in a period of the past: those of a cron expression from its begin time
/// on, or of all times when it has none; those of an interval since `begin`, as of `timetable_of`.
/// `too_many`, with how many there are, for more than `most`.
[[nodiscard]] base::Result<Backfill> occurrences_in(const Period& period,
                                                    const Recurrence& recurrence,
                                                    const Blackout& blackout,
                                                    std::optional<Instant> begin_time,
                                                    Instant begin,
                                                    int most);

/// What is left of a record when its occurrences `made` have children: for each of the others there
/// is one record still. Where they cannot be counted, since they are too many or the timetable is
/// another by now, what is left says so. `made` is in order.
[[nodiscard]] std::vector<Gap> without(const Gap& gap,
                                       const schedule::Timetable& timetable,
                                       std::span<const Instant> made);

}  // namespace jobhost::core
