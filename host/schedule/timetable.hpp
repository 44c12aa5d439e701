#pragma once

#include <optional>
#include <variant>

#include "schedule/cron.hpp"
#include "schedule/interval.hpp"
#include "schedule/time_zone.hpp"

namespace jobhost::schedule {

/// When a recurring job is due: its rule by the clock of its zone, between two instants. A value.
/// [any thread]
struct Timetable {
    std::variant<Cron, Interval> rule;
    TimeZone zone;
    std::optional<base::Instant> begin = {};  ///< nothing before; at this very instant counts
    std::optional<base::Instant> end = {};    ///< nothing after; at this very instant counts

    /// The first occurrence strictly later than `after`; nothing when there is none.
    [[nodiscard]] std::optional<base::Instant> next(base::Instant after) const;
};

}  // namespace jobhost::schedule
