#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/settle.hpp"
#include "store/job_store.hpp"

namespace jobhost::store {

/// A job that this node holds and nobody else does.
struct ClaimedJob {
    JobId id;
    Token token;
    core::Standing standing;
    int attempt = 1;  ///< the number of the attempt that this claim is for
    std::string type = {};
    std::string name = {};
    std::string group = {};
    std::string args = {};
    Instant created_at;
    Instant due;
    std::optional<core::Duration> timeout = {};
    core::RetryWish retry = {};
};

/// How many jobs of one type the caller can take.
struct TypeBudget {
    std::string type = {};
    int most = 0;
};

struct ClaimRequest {
    /// What is not named, or not published by this node, is not claimed.
    std::vector<TypeBudget> types = {};
    int limit = 0;  ///< of all types together; 0 only asks for `next_due` and `wants`
};

/// Somebody wants a running attempt of this node to end.
struct Wanted {
    Token token;
    core::Want want = core::Want::Nothing;
};

struct Claim {
    std::vector<ClaimedJob> jobs = {};
    /// When the earliest waiting job that is not yet due will be.
    std::optional<Instant> next_due = {};
    std::vector<Wanted> wants = {};  ///< every wish that stands, again at each claim
};

/// The end of one attempt. Guarded by (token, node): once by the holder, else refused.
struct Settlement {
    JobId job;
    Token token;
    NodeId node;  ///< the incarnation that held it; a rescuer names the dead one
    core::Transition transition;
    Instant started_at;
    Instant ended_at;
    std::optional<core::Failure> failure = {};
    std::string result_json = {};
    std::optional<Output> output = {};  ///< the last state of it; nothing = keep what was written
};

enum class SettleVerdict {
    Applied,
    Repeated,  ///< this very settlement was applied before: an answer had been lost
    Fenced,    ///< the token is not held by that node any more; nothing was written
};

/// What became of one settlement.
struct Settled {
    SettleVerdict verdict = SettleVerdict::Applied;
    /// How the attempt is recorded and where its job went, or stands now after `Repeated`: not as
    /// asked for where somebody wished for the end. Says nothing after `Fenced`.
    core::Transition landed = {};
};

/// What a running attempt shows of itself; written at most about once a second per attempt. The
/// head of its output only grows.
struct AttemptUpdate {
    JobId job;
    Token token;
    std::optional<int> progress = {};
    std::string note = {};
    std::optional<Output> output = {};
};

/// An attempt of a node that is dead.
struct DeadClaim {
    ClaimedJob job;
    NodeId node;
    bool started = false;  ///< false: it was claimed and never begun
    Instant started_at;
};

/// Jobs as those see them who run them. Blocks, gives up with `Timeout` or `Unavailable`.
/// [any thread]
class ClaimStore {
public:
    virtual ~ClaimStore() = default;

    /// Takes due jobs: by priority, then fewer tries, then due time; every 16th claim of the same
    /// types gives one place to the head of each lower priority and of each number of tries, by
    /// turns where not all fit, so that nothing starves. One call does claim, wishes and timer.
    /// `Conflict` before this node has joined.
    [[nodiscard]] virtual base::Result<Claim> claim(const ClaimRequest& request) = 0;

    /// The attempts of these tokens begin now. A hint that tells `lost` from `interrupted` after a
    /// crash; cheap.
    virtual void started(std::span<const Token> tokens) = 0;

    /// Records the ends and lands the jobs; answers in the order given. On an error none is
    /// applied. A job that waits again stands in `FailedRetry` when it has failed tries, else in
    /// `Queuing`. The claim of a job that was deleted by hand is let go: `Fenced`.
    [[nodiscard]] virtual base::Result<std::vector<Settled>> settle(
        std::span<const Settlement> settlements) = 0;

    /// Gives back claims that were not started; the jobs are ready again in their old places and no
    /// attempt is recorded. Where somebody wants the job to end, it ends. What has begun, or is not
    /// held, is left alone.
    [[nodiscard]] virtual base::Result<base::Unit> hand_back(std::span<const Token> tokens) = 0;

    /// Shows output and progress of running attempts; stale tokens are ignored.
    [[nodiscard]] virtual base::Result<base::Unit> update(
        std::span<const AttemptUpdate> updates) = 0;

    /// What dead nodes still hold, at most `limit`, oldest claim first; nobody claims it before the
    /// caller has settled it, or handed it back when it had not begun.
    [[nodiscard]] virtual base::Result<std::vector<DeadClaim>> dead_claims(int limit) = 0;
};

}  // namespace jobhost::store
