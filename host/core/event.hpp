#pragma once

#include <string>

#include "core/job.hpp"
#include "core/state.hpp"

namespace jobhost::core {

/// What changed, for those in this process who want to look again. Nothing relies on it.
struct JobEvent {
    enum class What {
        Enqueued,
        Armed,  ///< a recurring job: its next occurrence may be due before what was known
        Settled,
        Operated,
    };

    What what = What::Enqueued;
    JobId job = {};
    std::string type = {};  ///< of the job; empty when the one who announces does not know it
    Status status = Status::Queuing;  ///< after the change; `None` when it was deleted
    Instant at = {};
};

}  // namespace jobhost::core
