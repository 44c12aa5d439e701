#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/job_spec.hpp"
#include "core/parameters.hpp"

namespace jobhost::core {

/// What brings what is stored in step with what a file declares.
enum class DeclaredStep {
    Leave,   ///< it is in step, or another host keeps it so
    Create,  ///< there is no such job
    Move,    ///< it is as declared, and stands in another line or belongs to another host now
    Change,  ///< it differs
};

/// Who is there while a host reads its file.
struct Neighbours {
    std::vector<std::string> hosts;  ///< that are up, by name
    std::vector<TypeInfo> types;     ///< that any of them runs
};

/// Does a file say now that there is this job?
[[nodiscard]] bool is_declared(const JobSpec& job);

/// `wanted` is what the file says and where, `stored` the job of that group and name; null when
/// there is none. `Conflict` (`declared_job`) when the stored one is not the file's to change or
/// cannot become what is wanted, and when nobody runs the type; the mistakes of `check_args` when
/// the arguments do not fit it. Type and arguments are not looked at while they stay as stored.
[[nodiscard]] base::Result<DeclaredStep> step_towards(const JobSpec& wanted,
                                                      const JobSpec* stored,
                                                      const Neighbours& neighbours);

/// What becomes of a declared job that its file does not declare any more: it is disabled, and free
/// for everybody.
[[nodiscard]] JobSpec released(JobSpec job);

}  // namespace jobhost::core
