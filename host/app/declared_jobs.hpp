#pragma once

#include <string>
#include <vector>

#include "config/job_tables.hpp"
#include "store/job_store.hpp"
#include "store/node_store.hpp"

namespace jobhost::app {

/// What a host's file says about jobs.
struct DeclaredJobs {
    std::string host;  ///< they belong to this name
    std::string file;  ///< "jobhost.toml"
    const std::vector<config::DeclaredJob>& jobs;
};

/// What was done, and what could not be.
struct BroughtInStep {
    int created = 0;
    int changed = 0;
    int moved = 0;  ///< only shown at another place
    int gone = 0;
    std::vector<std::string> mistakes = {};  ///< sentences that begin with file and line
};

/// Brings what is stored in step with the file: creates what is new, changes what differs (its
/// history and how far it is planned stay), disables what the file does not declare any more, which
/// is free for everybody then (`core::step_towards`). A job that cannot be brought in step is left
/// as it is. Writes nothing when nothing differs. [after the types are published]
[[nodiscard]] BroughtInStep bring_in_step(const DeclaredJobs& declared,
                                          store::JobStore& jobs,
                                          store::NodeStore& nodes);

}  // namespace jobhost::app
