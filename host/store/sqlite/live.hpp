#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/job.hpp"
#include "core/state.hpp"
#include "store/sqlite/board.hpp"
#include "store/sqlite/frontier.hpp"
#include "store/sqlite/keys.hpp"

namespace jobhost::store::sqlite {

/// A job that somebody holds: this process, or a dead one until its claim is settled.
struct Held {
    core::Token token;
    core::JobId id;
    ReadyKey place;  ///< its row in `ready`, which stays there while it is held
    int tries = 0;
    int crashes = 0;
    int attempt = 1;  ///< the number of the attempt that this claim is for
    std::optional<Board::Slot> slot = {};
    bool dead = false;     ///< held by an earlier process on this file
    bool marked = false;   ///< has a row in `running`
    bool leaving = false;  ///< the transaction that is being written ends the holding
    std::optional<core::Instant> started_at = {};
    base::Steady started = {};  ///< the same by the clock that does not jump
    core::Want want = core::Want::Nothing;
    std::optional<int> progress = {};
    std::string note = {};
    std::size_t head_bytes = 0;  ///< of its output that are in the database

    [[nodiscard]] JobKey key() const { return place.position.job; }
};

/// An attempt that runs, for those who only look.
struct RunningAttempt {
    JobKey job;
    core::Token token;
    int number = 1;
    core::Instant started_at;
    std::optional<int> progress = {};
    std::string note = {};
};

/// A host process that once joined the store.
struct KnownNode {
    core::NodeId id;
    std::string name;
};

/// Everything that this store knows and the database does not: who holds what, how far the claim
/// has read, how many jobs stand where. A claim changes only this. The writer brings it in line
/// after each commit, in one piece with everything else of that commit. Not thread-safe; shared as
/// `Guarded<Live>`.
class Live {
public:
    explicit Live(Board board) : board_(std::move(board)) {}

    [[nodiscard]] Frontier& frontier() { return frontier_; }
    [[nodiscard]] const Frontier& frontier() const { return frontier_; }

    [[nodiscard]] Board& board() { return board_; }

    // Holding.

    /// Enters a claim, on the board as well; false when the board is full.
    bool hold(Held held);
    /// Completes a claim by what was read of the job.
    void identify(core::Token token, core::JobId id);
    /// Enters what a dead process held; its entry on the board, if it has one, stays.
    void adopt(Held held);
    [[nodiscard]] const Held* find(core::Token token) const;
    [[nodiscard]] const Held* find(JobKey job) const;
    void start(core::Token token, core::Instant at, base::Steady now);
    void want(core::Token token, core::Want want);
    void show(core::Token token, std::optional<int> progress, std::string note);
    /// From the moment in which the writer decides it until the commit. Nothing that follows in the
    /// same transaction sees the job as held, and no claim takes it yet.
    void set_leaving(core::Token token, bool leaving);
    /// The holder as the writer sees it: null for what is leaving.
    [[nodiscard]] const Held* holder(core::Token token) const;
    [[nodiscard]] const Held* holder(JobKey job) const;
    void set_head_bytes(core::Token token, std::size_t bytes);
    /// Ends the holding; what was not held is ignored.
    void release(core::Token token);
    /// Ends the holding of a job that stays where it was, to be claimed again.
    void put_back(core::Token token);

    [[nodiscard]] std::vector<RunningAttempt> running() const;
    [[nodiscard]] std::optional<RunningAttempt> running(JobKey job) const;
    [[nodiscard]] std::size_t room() const { return board_.room(); }
    /// What dead processes hold, in the order of their tokens.
    [[nodiscard]] std::vector<Held> dead(std::size_t limit) const;
    /// What this process holds and somebody wants to end.
    [[nodiscard]] std::vector<Held> wanted() const;

    /// What runs longer than `age` and has no row in `running` yet.
    [[nodiscard]] std::vector<Held> long_runners(base::Steady now, base::Duration age) const;
    /// When the next of them will be due.
    [[nodiscard]] std::optional<base::Steady> next_long_runner(base::Duration age);
    void set_marked(core::Token token);

    // Moving. A job is blocked from before its row leaves `ready` until after the commit.

    void block(JobKey job) { blocked_.insert(job); }
    void unblock(JobKey job) { blocked_.erase(job); }
    /// May a claim take it?
    [[nodiscard]] bool is_free(JobKey job) const;
    /// A row of `ready` is there for all to see.
    void add_ready(const ReadyKey& row);

    // Counting.

    void count(core::Status status, std::int64_t by) { counts_[status] += by; }
    /// How many jobs stand in each status now.
    [[nodiscard]] std::map<core::Status, std::int64_t> counts() const;

    // Nodes.

    void know(Epoch epoch, KnownNode node) { nodes_[epoch] = std::move(node); }
    [[nodiscard]] std::map<Epoch, std::string> node_names() const;
    /// Who took this token; null when no node of that epoch ever joined.
    [[nodiscard]] const KnownNode* node_of(core::Token token) const;

private:
    Held* find_mutable(core::Token token);

    Board board_;
    Frontier frontier_;
    std::unordered_map<core::Token, Held> held_;
    std::unordered_map<JobKey, core::Token> holders_;
    std::unordered_set<JobKey> blocked_;
    std::map<core::Token, JobKey> dead_;
    std::unordered_set<core::Token> wanted_;
    std::deque<core::Token> started_;  ///< in the order of their starts; some may be over
    std::map<core::Status, std::int64_t> counts_;
    std::map<Epoch, KnownNode> nodes_;
};

}  // namespace jobhost::store::sqlite
