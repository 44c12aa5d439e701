#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/planning.hpp"

namespace jobhost::store {

using core::Instant;
using core::JobId;

/// A recurring job with an occurrence that is due.
struct DuePlan {
    JobId id;
    core::Recurrence recurrence;
    Instant begin;  ///< its begin time, or that of its creation
    core::PlanPoint point;
};

struct DuePlans {
    std::vector<DuePlan> plans = {};       ///< the longest due first
    std::optional<Instant> next_due = {};  ///< of those that are not due yet
};

/// What the planner decided about one recurring job.
struct Advance {
    JobId id;
    Instant from;  ///< `point.last` of the plan that was decided about
    core::PlanStep step;
};

/// A job that a recurring one brought forth.
struct Child {
    JobId id;
    std::string type = {};
};

/// What became of one decision.
struct Advanced {
    /// False: the job was changed meanwhile, or is not armed any more. Nothing was written.
    bool is_applied = false;
    std::vector<Child> children = {};
    int overlapped = 0;  ///< occurrences that did not start since another was not over
};

/// Occurrences of the past that are to be made up for.
struct BackfillOrder {
    JobId id = {};
    std::int64_t version = 1;            ///< of the job whose occurrences they are
    std::vector<Instant> nominals = {};  ///< in order
    bool system = false;                 ///< a job of the system may be asked, too
    bool includes_unknown = false;       ///< also those of which nothing is known any more
    bool is_dry_run = false;             ///< only to be counted
};

/// What became of it.
struct Backfilled {
    bool is_known = false;  ///< there is such a job
    /// Why nothing was done: `not_recurring`, `system_job`, `stale`.
    std::optional<base::Error> refused = {};
    std::vector<Child> children = {};  ///< that were made, in order
    int missing = 0;                   ///< occurrences that had no child and get one
    int present = 0;                   ///< occurrences that had one
    int unknown = 0;                   ///< occurrences that were left alone: see `backfill`
};

/// A record of occurrences that did not run.
struct NotRunRow {
    core::Gap gap;
    Instant recorded_at;
};

/// Recurring jobs as the planner sees them. Blocks, gives up with `Timeout` or `Unavailable`.
/// [any thread]
class PlanStore {
public:
    virtual ~PlanStore() = default;

    /// Armed jobs whose next occurrence is due at `now`, at most `limit`.
    [[nodiscard]] virtual base::Result<DuePlans> due(Instant now, int limit) = 0;

    /// Carries the decisions out, each for itself and as a whole: the children, the records of what
    /// did not run, and how far the job is dealt with. An occurrence whose child is there already
    /// gets no second one. Here it is decided what overlaps: only the store knows what is not over.
    [[nodiscard]] virtual base::Result<std::vector<Advanced>> advance(
        std::span<const Advance> advances) = 0;

    /// The clock shows `now` and showed more before: jobs that are dealt with beyond it become due,
    /// so that they can be planned anew. Returns how many.
    [[nodiscard]] virtual base::Result<int> rewind(Instant now) = 0;

    /// Has each of the occurrences that has no child yet get one, also when the job is not armed,
    /// and takes them out of the records of what did not run. They run one after the other, the
    /// earliest first, after children that are not over; at once where overlap is allowed. Planning
    /// goes on as it was. An occurrence that was dealt with and has neither a child nor a record is
    /// unknown: it ran, and its child was removed, or the schedule was another one then. Those are
    /// left alone, unless the order includes them.
    [[nodiscard]] virtual base::Result<Backfilled> backfill(const BackfillOrder& order) = 0;

    /// What did not run of a job, newest first, before `before`, at most `limit` records.
    [[nodiscard]] virtual base::Result<std::vector<NotRunRow>> not_run(JobId id,
                                                                       Instant before,
                                                                       int limit) = 0;
};

}  // namespace jobhost::store
