#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "simulation/faults.hpp"
#include "simulation/rows.hpp"
#include "simulation/table.hpp"
#include "store/job_store.hpp"
#include "store/node_store.hpp"

namespace jobhost::simulation {

/// Mistakes that the model makes on purpose, so that a test can show that the checks see them.
enum class Bug {
    None,
    RescueWithoutToken,  ///< a rescuer ends whatever runs of the job
    SettleOverCancel,    ///< the wish is read by the statement that waits for the lock
    PlanFromNow,         ///< what is due is what this very second matches
    LeaseByWallClock,    ///< a node is judged by the wall clock of who looks
    AdvanceApart,        ///< the recurring job moves on in a transaction of its own
};

/// Which call changed something.
enum class Cause {
    Enqueue,
    Join,
    Claim,
    Start,
    Settle,
    HandBack,
    Declare,
    Operate,
    Advance,
    Rewind
};

/// What one commit changed.
struct Diff {
    struct Plan {
        JobId id;
        std::optional<PlanRow> before;
        PlanRow after;
    };

    Cause cause = Cause::Enqueue;
    NodeId node = {};
    std::optional<core::Operation> operation = {};  ///< of `Operate`
    std::set<JobId> jobs = {};                      ///< that may stand elsewhere now
    std::vector<std::pair<JobId, JobRow>> born = {};
    std::vector<std::pair<Token, RunningRow>> claimed = {};
    std::vector<std::pair<Token, RunningRow>> left = {};
    std::vector<std::pair<Token, AttemptRecord>> attempts = {};
    std::vector<Plan> plans = {};
    std::vector<std::pair<JobId, core::Want>> wished = {};
};

/// Where a job stands that waits.
[[nodiscard]] inline core::Status waiting_status(int tries) {
    return tries > 0 ? core::Status::FailedRetry : core::Status::Queuing;
}

[[nodiscard]] inline core::Status status_of(const ParkedRow& row) {
    return row.why == Why::Paused ? core::Status::Paused : waiting_status(row.luggage.tries);
}

/// A child that comes to be.
struct Birth {
    JobId id;
    JobId parent;
    std::optional<Instant> nominal = {};  ///< of an occurrence
    Instant due;
    int max_tries = 0;
    bool gated = false;
};

/// Where a job stands that somebody asks something of, by a row whose lock is held.
struct Place {
    enum class In { Plan, Ready, Parked, Running, Finished };

    In in = In::Ready;
    core::Status status = core::Status::Queuing;
    Luggage luggage = {};
};

/// How often, in a thousand, what goes wrong.
struct Rates {
    int refused_before = 0;
    int failed_inside = 0;
    int lost_answer = 0;
    int lost_commit = 0;
    int slow = 0;
};

/// The store of a cluster, in memory, in the shape of a real one: a job stands in exactly one of
/// ready, parked, running and finished. Its operations are in `ModelClaims`, `ModelPlans` and so
/// on.
class Model {
public:
    struct Settings {
        Bug bug = Bug::None;
        Time lease{0};
        Instant start;
    };

    Model(const Settings& its_settings,
          Scheduler& its_scheduler,
          Dice& its_dice,
          FaultCounts& its_counts);

    /// The clock of the store.
    [[nodiscard]] Instant now() const { return settings.start + scheduler.now(); }

    [[nodiscard]] JobId new_id();
    [[nodiscard]] Token new_token() { return Token{++last_token_}; }

    /// A statement of that transaction; what may go wrong with a statement goes wrong here.
    [[nodiscard]] Statement statement(Transaction& transaction);

    /// What may go wrong before a call and after its commit.
    void before_call();
    void commit(Transaction& transaction,
                Cause cause,
                NodeId node,
                std::optional<core::Operation> operation);

    /// One operation: a transaction, and what goes wrong with it as an error.
    template <typename Work>
    auto transact(Owner owner,
                  Cause cause,
                  NodeId node,
                  Work work,
                  std::optional<core::Operation> operation = {})
        -> base::Result<std::invoke_result_t<Work&, Transaction&>> {
        try {
            before_call();
            Transaction transaction(engine, owner);
            auto answer = work(transaction);
            commit(transaction, cause, node, operation);
            return answer;
        } catch (const Failure& failure) {
            return failure.error;
        }
    }

    // Where jobs go; inside a transaction.

    /// Takes the locks of the recurring jobs that these are children of: always before all others.
    void lock_parents(const Statement& statement, const std::set<JobId>& jobs);
    void put_in_queue(const Statement& statement, JobId job, const Luggage& luggage, Instant due);
    /// An attempt is over, or will not take place.
    void land(Transaction& transaction,
              const Statement& statement,
              JobId job,
              Luggage luggage,
              const core::Transition& transition);
    void stop(Transaction& transaction,
              const Statement& statement,
              JobId job,
              const Luggage& luggage,
              std::string_view reason);
    /// Takes the wish away that stands about this job.
    [[nodiscard]] core::Want take_want(const Statement& statement, JobId job);
    /// What somebody asks of a job; the lock of its parent is held.
    [[nodiscard]] store::Verdict apply(Transaction& transaction,
                                       core::Operation operation,
                                       JobId job);
    /// A child, of whose rows nobody else knows; false when its occurrence has one.
    [[nodiscard]] bool bear(const Statement& statement, const Birth& birth);
    [[nodiscard]] std::vector<std::pair<JobId, LiveChildRow>> live_children(
        const Statement& statement,
        JobId parent);
    void end_plan_when_over(Transaction& transaction, JobId parent);

    /// How a job stands for whoever asks now.
    [[nodiscard]] std::optional<core::Status> status(JobId job) const;

    const Settings settings;
    Scheduler& scheduler;
    Dice& dice;
    FaultCounts& counts;
    Engine engine;
    Rates rates;
    Time away_until{0};

    /// When a node last showed that it is there.
    std::function<Time(NodeId)> last_beat;
    std::function<void(const Diff&)> committed;

private:
    Diff diff_;
    std::int64_t last_token_ = 0;
    std::uint64_t last_id_ = 0;

    void left_life(Transaction& transaction, JobId job, const core::Transition& landed);
    void count_end(Transaction& transaction,
                   JobId parent,
                   PlanRow plan,
                   const core::Transition& landed);
    void open_gate(Transaction& transaction, JobId parent);
    void stop_gated(Transaction& transaction, JobId parent);
    [[nodiscard]] std::optional<Place> lock_place(const Statement& statement, JobId job);
    [[nodiscard]] std::optional<base::Error> refusal(const Statement& statement,
                                                     core::Operation operation,
                                                     JobId job,
                                                     const Place& place);
    void carry_out(Transaction& transaction,
                   core::Operation operation,
                   JobId job,
                   const Place& place);
    void note_wish(const Statement& statement, core::Operation operation, JobId job);
    void operate_on_plan(Transaction& transaction, core::Operation operation, JobId job);
    void take_out(const Statement& statement, JobId job, Place::In in);
    void arm(const Statement& statement, JobId job, const Place& place);
    void let_in(const Statement& statement, JobId job, const Luggage& luggage, Instant due);
    [[nodiscard]] bool enable(const Statement& statement, JobId job, bool enabled);
    [[nodiscard]] JobId bear_extra(const Statement& statement, JobId job);
    [[nodiscard]] std::vector<JobId> family_of(const Statement& statement, JobId job);
    [[nodiscard]] bool delete_family(Transaction& transaction, JobId job);
    void forget(const Statement& statement, JobId job);
    bool fails(int in_thousand, Fault fault);
    void delay();

public:
    Table<JobId, JobRow> jobs;
    Table<JobId, ReadyRow> ready;
    Table<JobId, ParkedRow> parked;
    Table<Token, RunningRow> running;
    Table<JobId, FinishedRow> finished;
    Table<Token, AttemptRecord> attempts;
    Table<JobId, core::Want> intents;
    Table<JobId, PlanRow> plans;
    Table<JobId, LiveChildRow> children;
    Table<std::pair<JobId, Instant>, JobId> occurrences;
    Table<std::pair<JobId, Instant>, core::Gap> not_run;  ///< by the first of them
    Table<NodeId, NodeRow> nodes;
};

/// Whose calls these are.
struct Caller {
    Model& model;
    Owner owner = kNobody;
    NodeId node = {};
    const base::Clock& clock;
};

/// What the endpoint asks of the store, as `store::JobStore` has it. Not that interface: a model
/// needs only what a simulation does.
class ModelJobs {
public:
    explicit ModelJobs(const Caller& caller) : caller_(caller) {}

    [[nodiscard]] base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs);
    [[nodiscard]] base::Result<store::Verdict> apply(core::Operation operation, JobId id);

private:
    [[nodiscard]] store::Enqueued enqueue_one(const Statement& statement,
                                              const core::JobSpec& spec);

    Caller caller_;
};

class ModelClaims final : public store::ClaimStore {
public:
    explicit ModelClaims(const Caller& caller) : caller_(caller), model_(caller.model) {}

    base::Result<store::Claim> claim(const store::ClaimRequest& request) override;
    void started(std::span<const Token> tokens) override;
    base::Result<std::vector<store::Settled>> settle(
        std::span<const store::Settlement> settlements) override;
    base::Result<base::Unit> hand_back(std::span<const Token> tokens) override;
    base::Result<base::Unit> update(std::span<const store::AttemptUpdate> updates) override;
    base::Result<std::vector<store::DeadClaim>> dead_claims(int limit) override;

    /// The store has told this node that it is dead.
    [[nodiscard]] bool is_expelled() const { return expelled_; }

private:
    /// What a settlement is about, locked.
    struct Held {
        Token token;
        std::optional<core::Want> old_want = {};  ///< of the mistake `SettleOverCancel`
    };

    void stay_in(Transaction& transaction);
    void return_unknown(Transaction& transaction);
    void promote(Transaction& transaction);
    void take(Transaction& transaction, const store::ClaimRequest& request, store::Claim& claim);
    [[nodiscard]] store::ClaimedJob claimed_job(const Statement& statement,
                                                Token token,
                                                const RunningRow& row) const;
    void put_back(Transaction& transaction, Token token);
    [[nodiscard]] Token token_of(const Statement& statement, const store::Settlement& settlement);
    void lock_held(Transaction& transaction,
                   std::span<const store::Settlement> settlements,
                   std::vector<Held>& held);
    [[nodiscard]] store::Settled settle_one(Transaction& transaction,
                                            const store::Settlement& settlement,
                                            const Held& locked);
    [[nodiscard]] std::set<JobId> jobs_of(const Statement& statement,
                                          std::span<const Token> tokens) const;
    void declare_dead(Transaction& transaction);
    [[nodiscard]] Time silence_of(NodeId node) const;

    Caller caller_;
    Model& model_;
    std::set<Token> known_;  ///< tokens whose answer arrived
    bool answer_lost_ = false;
    bool expelled_ = false;
};

class ModelPlans final : public store::PlanStore {
public:
    explicit ModelPlans(const Caller& caller) : caller_(caller), model_(caller.model) {}

    base::Result<store::DuePlans> due(Instant now, int limit) override;
    base::Result<std::vector<store::Advanced>> advance(
        std::span<const store::Advance> advances) override;
    /// Nobody asks for it here.
    base::Result<store::Backfilled> backfill(const store::BackfillOrder&) override {
        return store::Backfilled{};
    }
    base::Result<int> rewind(Instant now) override;
    base::Result<std::vector<store::NotRunRow>> not_run(JobId id,
                                                        Instant before,
                                                        int limit) override;

private:
    void lock_plans(Transaction& transaction, std::span<const store::Advance> advances);
    [[nodiscard]] base::Result<base::Unit> move_apart(std::span<const store::Advance> advances);
    [[nodiscard]] store::Advanced advance_one(Transaction& transaction,
                                              const store::Advance& advance);
    void move_on(Transaction& transaction,
                 const store::Advance& advance,
                 const PlanRow& plan,
                 std::int64_t born);
    void carry_out(Transaction& transaction,
                   const store::Advance& advance,
                   const PlanRow& plan,
                   store::Advanced& result);
    void fire(Transaction& transaction,
              JobId parent,
              const PlanRow& plan,
              const core::Firing& firing,
              store::Advanced& result);
    void bear(Transaction& transaction,
              JobId parent,
              const PlanRow& plan,
              const core::Firing& firing,
              bool gated,
              store::Advanced& result);
    void record(Transaction& transaction, JobId parent, core::Gap gap);
    void forget_records(Transaction& transaction, JobId parent, Instant after);

    Caller caller_;
    Model& model_;
};

class ModelNodes final : public store::NodeStore {
public:
    explicit ModelNodes(const Caller& caller) : caller_(caller) {}

    base::Result<base::Unit> join(const store::Node& node) override;
    base::Result<base::Unit> publish(const std::vector<core::TypeInfo>&) override {
        return base::done();
    }
    base::Result<base::Unit> leave() override;
    base::Result<std::vector<store::Node>> nodes() override { return std::vector<store::Node>(); }
    base::Result<std::vector<core::TypeInfo>> types() override {
        return std::vector<core::TypeInfo>();
    }

private:
    Caller caller_;
};

}  // namespace jobhost::simulation
