#pragma once

#include <vector>

#include "base/clock.hpp"
#include "core/classify.hpp"
#include "core/retry.hpp"

namespace jobhost::run {

struct Options {
    int workers = 8;          ///< attempts of blocking runners at the same time
    int max_waiting = 10000;  ///< attempts of other runners at the same time
    bool standby = false;     ///< begins without starting attempts
    base::Duration cancel_grace = std::chrono::seconds(10);  ///< then an attempt counts as stuck
    core::RetryPolicy retry = {};                   ///< for what neither the job nor its type says
    std::vector<core::ClassifyRule> classify = {};  ///< above the built-in rules
};

}  // namespace jobhost::run
