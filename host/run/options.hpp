#pragma once

#include "base/clock.hpp"

namespace jobhost::run {

struct Options {
    int workers = 8;          ///< attempts of blocking runners at the same time
    int max_waiting = 10000;  ///< attempts of other runners at the same time
    base::Duration cancel_grace = std::chrono::seconds(10);  ///< then an attempt counts as stuck
};

}  // namespace jobhost::run
