#pragma once

#include "core/job.hpp"

namespace jobhost::core {

// What may be asked for; `retry_delay` copes with anything.
inline constexpr Duration kShortestRetryDelay{1};
inline constexpr Duration kLongestRetryDelay = std::chrono::years(10);
inline constexpr double kLeastRetryFactor = 1;  ///< a constant delay
inline constexpr double kMostRetryFactor = 1000;

/// How the delay before the next try grows.
struct RetryPolicy {
    Duration base{50};
    double factor = 1.5;
    Duration cap = std::chrono::hours(1);
    double jitter = 0.1;  ///< the delay is moved by up to this share, up or down
};

/// The delay before the try after `failures` failures (1 = the first has just happened):
/// base × factor^(failures-1), capped, moved by `spread` in [-1, 1] times the jitter. Saturates;
/// never negative and never above the cap.
[[nodiscard]] Duration retry_delay(const RetryPolicy& policy, int failures, double spread);

}  // namespace jobhost::core
