#pragma once

#include <algorithm>
#include <cmath>

#include "core/job.hpp"

namespace jobhost::core {

/// The reverse of `base::to_seconds`: to the millisecond that was meant; a part of one counts as a
/// whole one, so that a little is never nothing. `seconds` is less than 1e12 either way.
[[nodiscard]] inline Duration from_seconds(double seconds) {
    const double exact = seconds * 1000;
    const double nearest = std::round(exact);
    // 2.007 times 1000 is a little more than 2007 in binary.
    const bool is_meant = std::abs(exact - nearest) <= 1e-9 * std::max(1.0, std::abs(exact));
    return Duration(static_cast<Duration::rep>(is_meant ? nearest : std::ceil(exact)));
}

}  // namespace jobhost::core
