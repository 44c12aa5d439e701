#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/database.hpp"
#include "support/job_builder.hpp"
#include "support/manual_clock.hpp"

/// What every store promises, as tests that run on each backend. A backend's test program links
/// these and instantiates the suite:
///
///     INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(BackendFactory{…}));
namespace jobhost::contract {

/// An empty store of one kind, and what a test does to it from outside.
class Backend {
public:
    virtual ~Backend() = default;

    [[nodiscard]] virtual store::Database& database() = 0;

    /// The process that had it open is gone without a word, and another one opens it. References to
    /// the old database are dead.
    virtual void reopen_after_kill() = 0;

    /// What a walk through everything that is stored finds wrong.
    [[nodiscard]] virtual std::vector<std::string> violations() = 0;
};

struct BackendFactory {
    std::string name;
    std::function<std::unique_ptr<Backend>(const base::Clock&)> make;

    friend std::ostream& operator<<(std::ostream& out, const BackendFactory& factory) {
        return out << factory.name;
    }
};

using core::JobId;
using core::JobSpec;
using core::Status;
using core::Token;
using store::ClaimedJob;
using store::Settled;
using store::Settlement;
using store::SettleVerdict;
using support::JobBuilder;
using namespace std::chrono_literals;

/// A node that has joined and can run `test.job` and `test.other`.
class StoreContract : public testing::TestWithParam<BackendFactory> {
protected:
    void SetUp() override;
    void TearDown() override;

    [[nodiscard]] store::JobStore& jobs() { return backend_->database().jobs(); }
    [[nodiscard]] store::ClaimStore& claims() { return backend_->database().claims(); }
    [[nodiscard]] store::NodeStore& nodes() { return backend_->database().nodes(); }

    [[nodiscard]] store::MaintenanceStore& maintenance() {
        return backend_->database().maintenance();
    }

    void join(const core::LabelMap& labels = {});
    void publish(const std::vector<std::string>& types);
    /// The fixture is a new process then, with another node that has joined.
    void kill_and_reopen(const core::LabelMap& labels = {});

    JobId enqueue(const JobBuilder& job);
    std::vector<JobId> enqueue_many(int count, const JobBuilder& job = {});
    store::Job find(JobId id);
    Status status(JobId id) { return find(id).status; }

    store::Claim claim_all(const store::ClaimRequest& request);
    std::vector<ClaimedJob> claim(int limit = 100, const std::string& type = "test.job");
    ClaimedJob claim_one(const std::string& type = "test.job");
    /// Claims one job and begins it.
    ClaimedJob run_one();
    void start(const ClaimedJob& job) { claims().started({&job.token, 1}); }

    /// How an attempt of this node ended.
    Settlement ended(const ClaimedJob& job, core::Transition transition);
    Settlement succeeded(const ClaimedJob& job);
    Settlement failed(const ClaimedJob& job, core::Duration delay = 10s);
    Settlement gave_up(const ClaimedJob& job);
    Settlement snoozed(const ClaimedJob& job, core::Duration delay = 10s);

    std::vector<SettleVerdict> settle(const std::vector<Settlement>& settlements);
    SettleVerdict settle(const Settlement& settlement) {
        return settle(std::vector{settlement}).front();
    }
    /// The whole answer.
    Settled settled(const Settlement& settlement);
    store::Verdict apply(core::Operation operation,
                         JobId id,
                         const store::OperationOptions& options = {});
    store::Verdict cancel(JobId id) { return apply(core::Operation::Cancel, id); }
    store::Verdict update(JobId id,
                          const JobSpec& spec,
                          const store::OperationOptions& options = {});
    store::JobPage list(const store::JobQuery& query);
    std::vector<store::AttemptRow> attempts(JobId id);
    std::vector<store::DeadClaim> dead_claims(int limit = 100);

    /// A job of a type of its own, and its claim when it runs.
    struct Specimen {
        JobId id;
        std::string type;
        std::optional<ClaimedJob> running = {};
    };
    /// One that stands there; a failed one is due now.
    Specimen specimen(Status status);
    bool is_stored(JobId id) { return !jobs().find({&id, 1})->empty(); }
    /// Runs a job to its success, or to its last failure, with a result and an output.
    JobId complete(const JobBuilder& job = {});
    JobId abandon(const JobBuilder& job = {});
    store::Pruned prune(const store::Cutoffs& cutoffs, int limit = 500);
    /// Whatever ended before now.
    [[nodiscard]] store::Cutoffs all_ended() const {
        return {.completed = clock_.now(), .stopped = clock_.now()};
    }
    std::int64_t count_of(Status status) { return jobs().counts()->at(status); }

    support::ManualClock clock_;
    std::unique_ptr<Backend> backend_;
    core::NodeId node_;
    int specimens_ = 0;
};

/// Ids in the order of a result.
template <typename Row>
std::vector<JobId> ids_of(const std::vector<Row>& rows) {
    std::vector<JobId> ids;
    for (const Row& row : rows) {
        ids.push_back(row.id);
    }
    return ids;
}

}  // namespace jobhost::contract
