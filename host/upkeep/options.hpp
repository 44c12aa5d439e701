#pragma once

#include <optional>

#include "base/clock.hpp"

namespace jobhost::upkeep {

/// How recurring jobs are planned.
struct PlannerOptions {
    base::Duration grace = std::chrono::seconds(5);  ///< what is due for less is on time
};

/// How long what has ended is kept.
struct RetentionOptions {
    bool enabled = true;
    base::Duration every = std::chrono::minutes(10);
    base::Duration completed = std::chrono::days(15);
    base::Duration stopped = std::chrono::days(90);
    std::optional<base::Duration> output = {};       ///< nothing: as long as the job
    base::Duration not_run = std::chrono::days(90);  ///< records of occurrences that did not run
    int max_finished = 0;                            ///< ended jobs; 0 = any number
    int attempts_per_job = 100;  ///< the last ones that are kept, besides the first few
};

/// How often the host looks through its own store.
struct CheckOptions {
    bool enabled = true;
    base::Duration every = std::chrono::hours(2);
};

}  // namespace jobhost::upkeep
