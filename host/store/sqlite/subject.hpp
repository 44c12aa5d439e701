#pragma once

#include <optional>

#include "core/state.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/turn.hpp"

/// Stored jobs of which something is asked, and whether it is granted.
namespace jobhost::store::sqlite {

/// A job that something is asked of.
struct Subject {
    Standing standing;
    Order order;
    std::optional<Held> held;
    core::Want wanted = core::Want::Nothing;  ///< of the holder so far

    [[nodiscard]] JobKey key() const { return standing.luggage.job; }
    /// Held is as good as running: what is decided now must reach the holder.
    [[nodiscard]] core::Status judged_as() const {
        return held ? core::Status::Running : standing.status;
    }
    [[nodiscard]] bool waits() const {
        return standing.status == core::Status::Queuing ||
               standing.status == core::Status::FailedRetry;
    }
};

/// What is asked, and how.
struct Asked {
    core::Operation operation;
    const OperationOptions& options;
};

/// The job as it stands. When nobody holds it, no claim takes it until this transaction is over.
/// [writer]
[[nodiscard]] std::optional<Subject> subject_of(Turn& turn, JobKey job);

/// Why this one may not be touched in this way: `system_job`, `stale`.
[[nodiscard]] std::optional<base::Error> refused_to_touch(const Order& order,
                                                          const OperationOptions& options);

/// May it be done? `subject` is set when the job is there. [writer]
[[nodiscard]] Verdict judge(Turn& turn,
                            const Asked& asked,
                            core::JobId id,
                            std::optional<Subject>& subject);

/// Where the job stands after what was done to it. [writer]
[[nodiscard]] core::Status status_after(Turn& turn, const Subject& subject, const Verdict& verdict);

}  // namespace jobhost::store::sqlite
