#include "core/retry.hpp"

#include <algorithm>
#include <cmath>

namespace jobhost::core {

namespace {

/// `value` inside [low, high]; no number at all counts as `otherwise`.
double inside(double value, double low, double high, double otherwise) {
    return std::isnan(value) ? otherwise : std::clamp(value, low, high);
}

}  // namespace

Duration retry_delay(const RetryPolicy& policy, int failures, double spread) {
    const auto cap = std::max(policy.cap, Duration{0});
    const auto highest = static_cast<double>(cap.count());
    const auto base = static_cast<double>(std::max(policy.base, Duration{0}).count());
    const double factor = inside(policy.factor, 1.0, HUGE_VAL, 1.0);
    // With a base of 0 and an infinite power the product is no number.
    const double grown = base > 0 ? base * std::pow(factor, std::max(failures, 1) - 1) : 0.0;
    const double shift = inside(policy.jitter, 0.0, 1.0, 0.0) * inside(spread, -1.0, 1.0, 0.0);
    const double delay = std::min(grown, highest) * (1.0 + shift);
    return delay < highest ? Duration{std::llround(delay)} : cap;
}

}  // namespace jobhost::core
