#include "schedule/interval.hpp"

#include <cstdint>

namespace jobhost::schedule {

base::Result<Interval> Interval::from(base::Instant anchor, base::Duration every) {
    if (every <= base::Duration(0)) {
        return base::Error{
            base::ErrorKind::Invalid, "invalid_interval",
            "an interval is longer than 0s, and " + base::format_duration(every) + " is not"};
    }
    return Interval(anchor, every);
}

std::optional<base::Instant> Interval::next(base::Instant after) const {
    if (after < anchor_) {
        return anchor_;
    }
    // The difference of two instants fits without a sign.
    const auto passed = static_cast<std::uint64_t>(after.time_since_epoch().count()) -
                        static_cast<std::uint64_t>(anchor_.time_since_epoch().count());
    const auto length = static_cast<std::uint64_t>(every_.count());
    const base::Duration rest(static_cast<std::int64_t>(length - passed % length));
    if (after > base::Instant::max() - rest) {
        return std::nullopt;
    }
    return after + rest;
}

}  // namespace jobhost::schedule
