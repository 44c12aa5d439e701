#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/job.hpp"
#include "core/job_spec.hpp"
#include "core/outcome.hpp"
#include "core/runner.hpp"
#include "core/state.hpp"
#include "core/why.hpp"

namespace jobhost::store {

using core::Instant;
using core::JobId;
using core::NodeId;
using core::Token;

/// A job as it stands.
struct Job {
    JobId id;
    core::JobSpec spec;
    core::Status status = core::Status::Queuing;
    std::string reason = {};  ///< why it is stopped; empty otherwise
    bool abandoned = false;
    int tries = 0;             ///< failed tries in a row
    int attempts = 0;          ///< attempts begun so far
    int dropped_attempts = 0;  ///< of these, how many the run log does not hold any more
    std::int64_t version = 1;
    Instant created_at;
    std::optional<Instant> next_run_at = {};  ///< when the next attempt may start
    std::optional<Instant> started_at = {};   ///< of the last attempt
    std::optional<Instant> ended_at = {};     ///< when the job came to its end
    std::optional<int> progress = {};         ///< permyriad of the attempt that runs
    std::string progress_note = {};
    std::string last_error = {};             ///< message of the last failed attempt
    std::string result_json = {};            ///< of the last successful attempt
    std::optional<JobId> parent = {};        ///< of a child
    std::optional<Instant> nominal_at = {};  ///< of an occurrence: when it was planned for

    // Of a recurring job.
    std::int64_t run_count = 0;                 ///< occurrences that became children
    std::optional<Instant> last_fired_at = {};  ///< the latest of them
};

/// One line of a job's run log.
struct AttemptRow {
    Token token;
    int number = 1;
    std::string node = {};
    std::optional<core::AttemptOutcome> outcome = {};  ///< nothing while it runs
    Instant started_at;
    std::optional<Instant> ended_at = {};
    std::optional<core::Failure> failure = {};
    std::string result_json = {};
    int repeats = 1;  ///< how many attempts in a row this line stands for; above 1 only if snoozed
    std::optional<Instant> since = {};  ///< when the first of them began, if above 1
};

/// A piece of what an attempt printed, in order.
struct OutputChunk {
    core::Stream stream = core::Stream::Out;
    std::string bytes = {};
};

/// What is kept of an attempt's output: the beginning, the end, and how much fell between.
struct Output {
    std::vector<OutputChunk> head = {};
    std::uint64_t dropped_bytes = 0;
    std::vector<OutputChunk> tail = {};
};

struct AttemptOutput {
    int number = 0;
    bool running = false;
    Output output = {};
};

/// Which jobs to list; empty members do not restrict. Newest first.
struct JobQuery {
    std::optional<core::Status> status = {};
    std::string type = {};
    std::string group = {};
    std::string name = {};
    std::string unique_key = {};
    std::optional<JobId> parent = {};  ///< its children
    std::string declared_by = {};      ///< the host whose file declares them, or did
    int limit = 50;                    ///< brought into 1 to 1,000
    std::string cursor = {};           ///< `next_cursor` of the page before
};

/// A page may be short and still have a successor.
struct JobPage {
    std::vector<Job> jobs = {};
    std::string next_cursor = {};  ///< empty at the end
};

/// How many jobs match.
struct JobCount {
    std::int64_t jobs = 0;
    bool capped = false;  ///< counting stopped before the end; there may be more
};

/// What became of one job of an enqueue.
struct Enqueued {
    JobId id;
    bool is_new = true;  ///< false: `id` is the job that has this unique key already
    /// Why nothing was stored for this one: a name that is taken, times that are over.
    std::optional<base::Error> refused = {};
};

/// How an operation is asked for.
struct OperationOptions {
    bool system = false;       ///< jobs of the system may be changed as well
    bool declared = false;     ///< for the file that declares the job: it may, nobody else
    bool all_or_none = false;  ///< one refusal refuses all; a job that does not exist is none
    /// The only version that may be changed; any when not said.
    std::optional<std::int64_t> version = {};
};

/// What became of one job of an operation.
struct Verdict {
    /// Where the job stood; nothing when there is no such job.
    std::optional<core::Status> status = {};
    std::optional<core::Status> now = {};  ///< where it stands since; nothing when it is deleted
    /// Why nothing was done: `wrong_status`, `system_job`, `declared_job`, `children_alive`,
    /// `stale`, `refused_together`.
    std::optional<base::Error> refused = {};
    std::optional<JobId> made = {};  ///< the job that a trigger made

    [[nodiscard]] bool accepted() const { return status && !refused; }
};

/// Jobs as those see them who ask for them: the endpoint, the command line. Each call is one
/// transaction, takes and returns batches, blocks, and gives up with `Timeout` or `Unavailable`.
/// After `Unavailable` nothing was changed, unless the disk itself failed; after `Timeout` the code
/// is `outcome_unknown` when that is so.
/// [any thread]
class JobStore {
public:
    virtual ~JobStore() = default;

    /// Stores all that can be stored; a taken name refuses that one job, and a unique key that a
    /// stored job has answers with that job. When the call returns the
    /// accepted ones survive anything. Results are in the order of the specs, and so are the ids. A
    /// `begin_time` in the past is kept but does not jump the queue.
    [[nodiscard]] virtual base::Result<std::vector<Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) = 0;

    /// Ids that do not exist are left out.
    [[nodiscard]] virtual base::Result<std::vector<Job>> find(std::span<const JobId> ids) = 0;

    /// `Invalid`, with the field `cursor`, for a cursor that no page gave.
    [[nodiscard]] virtual base::Result<JobPage> list(const JobQuery& query) = 0;

    /// How many jobs match, ignoring limit and cursor; stops at `cap`, and where a filter must be
    /// compared with each job, after so many rows as a page looks at.
    [[nodiscard]] virtual base::Result<JobCount> count(const JobQuery& query, std::int64_t cap) = 0;

    /// The run log, oldest first. Snoozes in a row are one line, the last of them; of very many
    /// attempts those between the first and the last ones are not kept. At most `limit`
    /// attempts with a number above `after`; the running one last. `NotFound` when there is no such
    /// job.
    [[nodiscard]] virtual base::Result<std::vector<AttemptRow>> attempts(JobId id,
                                                                         int after,
                                                                         int limit) = 0;

    /// What attempt `number` printed, or the latest attempt for 0. `NotFound` when there is none:
    /// no such job, no such attempt, or no attempt yet.
    [[nodiscard]] virtual base::Result<AttemptOutput> output(JobId id, int number) = 0;

    /// What a claim goes by, of one job and all in one look, for `core::explain`; of a recurring
    /// job what planning goes by, and what became of its latest `limit` occurrences up to `until`.
    /// A claim that follows at once takes the job just when every term holds. `NotFound` when there
    /// is no such job.
    [[nodiscard]] virtual base::Result<core::WhyFacts> why(JobId id, Instant until, int limit) = 0;

    /// Does what `core::allows`; docs/job-states.md says what that is. Of a job that is held, begun
    /// or not, the wish is noted and its holder told. Each accepted change raises the version; a
    /// trigger changes nothing. `Update` and `Copy` are not asked for in this way. Verdicts are in
    /// the order of the ids.
    [[nodiscard]] virtual base::Result<std::vector<Verdict>> apply(
        core::Operation operation,
        std::span<const JobId> ids,
        const OperationOptions& options) = 0;

    /// Gives a job what of `spec` may change: arguments, priority, limits, labels, begin, whether
    /// it is enabled, description; for the file that declares it also where that is. What waits
    /// moves to its new place; an attempt that runs keeps what it began with, and its landing obeys
    /// what holds then. `begin_time` changes only while the job waits or is paused.
    [[nodiscard]] virtual base::Result<Verdict> update(JobId id,
                                                       const core::JobSpec& spec,
                                                       const OperationOptions& options) = 0;

    /// How many jobs stand in each status that can be counted cheaply: all but `completed` exactly,
    /// `completed` from a kept counter.
    [[nodiscard]] virtual base::Result<std::map<core::Status, std::int64_t>> counts() = 0;
};

}  // namespace jobhost::store
