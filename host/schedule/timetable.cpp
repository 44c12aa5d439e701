#include "schedule/timetable.hpp"

#include <algorithm>

namespace jobhost::schedule {

std::optional<base::Instant> Timetable::next(base::Instant after) const {
    if (begin && *begin > base::Instant::min()) {
        after = std::max(after, *begin - base::Duration(1));
    }
    const auto* cron = std::get_if<Cron>(&rule);
    const auto found =
        cron != nullptr ? cron->next(after, zone) : std::get<Interval>(rule).next(after);
    return found && end && *found > *end ? std::nullopt : found;
}

}  // namespace jobhost::schedule
