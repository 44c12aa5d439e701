#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobhost::schedule {

/// The same length of time again and again, from a first instant on. A value. [any thread]
class Interval {
public:
    /// `every` is positive; `Invalid` with the code `invalid_interval` when it is not.
    [[nodiscard]] static base::Result<Interval> from(base::Instant anchor, base::Duration every);

    /// The first of anchor, anchor + every, … that is strictly later than `after`; nothing when an
    /// instant cannot be that late.
    [[nodiscard]] std::optional<base::Instant> next(base::Instant after) const;

    [[nodiscard]] base::Instant anchor() const { return anchor_; }
    [[nodiscard]] base::Duration every() const { return every_; }

private:
    Interval(base::Instant anchor, base::Duration every) : anchor_(anchor), every_(every) {}

    base::Instant anchor_;
    base::Duration every_;
};

}  // namespace jobhost::schedule
