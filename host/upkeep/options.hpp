#pragma once

#include "base/clock.hpp"

namespace jobhost::upkeep {

struct Options {
    base::Duration rescue_every = std::chrono::seconds(5);
};

}  // namespace jobhost::upkeep
