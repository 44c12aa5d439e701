#pragma once

#include <string>
#include <vector>

#include "config/problem.hpp"
#include "config/value.hpp"
#include "core/job_spec.hpp"

namespace jobhost::config {

/// A job that the file declares.
struct DeclaredJob {
    core::JobSpec spec;  ///< it has a name
    int line = 0;        ///< of its `[[job]]`
};

/// Reads and judges the `[[job]]` tables: the members are those of a create request, durations are
/// written as `"30s"`. `complete` is false when the text could not be read to its end, so that what
/// is missing may only have been cut off.
[[nodiscard]] std::vector<DeclaredJob> read_job_tables(const Entry& entry,
                                                       bool complete,
                                                       const core::JobDefaults& defaults,
                                                       std::vector<Problem>& problems);

}  // namespace jobhost::config
