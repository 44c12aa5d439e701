#include "contract/store_contract.hpp"

#include <utility>

#include <gmock/gmock.h>

namespace jobhost::contract {

void StoreContract::SetUp() {
    backend_ = GetParam().make(clock_);
    join();
    publish({"test.job", "test.other"});
}

void StoreContract::TearDown() { EXPECT_THAT(backend_->violations(), testing::IsEmpty()); }

void StoreContract::join(const core::LabelMap& labels) {
    node_ = core::NodeId::make(clock_.now());
    const auto joined = nodes().join({.id = node_,
                                      .name = "node-1",
                                      .version = "1.0",
                                      .labels = labels,
                                      .started_at = clock_.now()});
    ASSERT_TRUE(joined) << joined.error().message;
}

void StoreContract::publish(const std::vector<std::string>& types) {
    std::vector<core::TypeInfo> infos;
    for (const std::string& type : types) {
        core::TypeInfo info;
        info.id = type;
        infos.push_back(info);
    }
    const auto published = nodes().publish(infos);
    ASSERT_TRUE(published) << published.error().message;
}

void StoreContract::kill_and_reopen(const core::LabelMap& labels) {
    backend_->reopen_after_kill();
    join(labels);
    publish({"test.job", "test.other"});
}

JobId StoreContract::enqueue(const JobBuilder& job) {
    const auto enqueued = jobs().enqueue({&job.spec(), 1});
    EXPECT_TRUE(enqueued) << enqueued.error().message;
    EXPECT_FALSE(enqueued->front().refused);
    return enqueued->front().id;
}

std::vector<JobId> StoreContract::enqueue_many(int count, const JobBuilder& job) {
    const std::vector<JobSpec> specs(static_cast<std::size_t>(count), job.spec());
    const auto enqueued = jobs().enqueue(specs);
    EXPECT_TRUE(enqueued) << enqueued.error().message;
    return ids_of(*enqueued);
}

store::Job StoreContract::find(JobId id) {
    const auto found = jobs().find({&id, 1});
    EXPECT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->size(), 1u);
    return found->front();
}

store::Claim StoreContract::claim_all(const store::ClaimRequest& request) {
    auto claimed = claims().claim(request);
    EXPECT_TRUE(claimed) << claimed.error().message;
    return *std::move(claimed);
}

std::vector<ClaimedJob> StoreContract::claim(int limit, const std::string& type) {
    return claim_all({.types = {{type, limit}}, .limit = limit}).jobs;
}

ClaimedJob StoreContract::claim_one(const std::string& type) {
    auto claimed = claim(1, type);
    EXPECT_EQ(claimed.size(), 1u);
    return claimed.at(0);
}

ClaimedJob StoreContract::run_one() {
    ClaimedJob job = claim_one();
    start(job);
    return job;
}

Settlement StoreContract::ended(const ClaimedJob& job, core::Transition transition) {
    return {.job = job.id,
            .token = job.token,
            .node = node_,
            .transition = std::move(transition),
            .started_at = clock_.now(),
            .ended_at = clock_.now(),
            .failure = std::nullopt,
            .result_json = {},
            .output = std::nullopt};
}

Settlement StoreContract::succeeded(const ClaimedJob& job) {
    core::Transition transition;
    transition.crashes = job.standing.crashes;
    return ended(job, transition);
}

Settlement StoreContract::failed(const ClaimedJob& job, core::Duration delay) {
    core::Transition transition;
    transition.to = Status::FailedRetry;
    transition.due = clock_.now() + delay;
    transition.tries = job.standing.tries + 1;
    transition.crashes = job.standing.crashes;
    transition.outcome = core::AttemptOutcome::Failed;
    Settlement settlement = ended(job, transition);
    settlement.failure = core::Failure{};
    settlement.failure->message = "it broke";
    return settlement;
}

Settlement StoreContract::gave_up(const ClaimedJob& job) {
    Settlement settlement = failed(job);
    settlement.transition.to = Status::Stopped;
    settlement.transition.due = std::nullopt;
    settlement.transition.abandoned = true;
    settlement.transition.reason = "max_tries";
    return settlement;
}

Settlement StoreContract::snoozed(const ClaimedJob& job, core::Duration delay) {
    Settlement settlement = failed(job, delay);
    settlement.transition.to = Status::Queuing;
    settlement.transition.tries = job.standing.tries;
    settlement.transition.outcome = core::AttemptOutcome::Snoozed;
    settlement.failure->type = "host.snoozed";
    settlement.failure->message = "not now";
    return settlement;
}

std::vector<SettleVerdict> StoreContract::settle(const std::vector<Settlement>& settlements) {
    const auto settled = claims().settle(settlements);
    EXPECT_TRUE(settled) << settled.error().message;
    std::vector<SettleVerdict> verdicts;
    for (const Settled& one : *settled) {
        verdicts.push_back(one.verdict);
    }
    return verdicts;
}

Settled StoreContract::settled(const Settlement& settlement) {
    auto settled = claims().settle({&settlement, 1});
    EXPECT_TRUE(settled) << settled.error().message;
    return settled->front();
}

store::Verdict StoreContract::apply(core::Operation operation,
                                    JobId id,
                                    const store::OperationOptions& options) {
    const auto verdicts = jobs().apply(operation, {&id, 1}, options);
    EXPECT_TRUE(verdicts) << verdicts.error().message;
    return verdicts->front();
}

store::Verdict StoreContract::update(JobId id,
                                     const JobSpec& spec,
                                     const store::OperationOptions& options) {
    auto verdict = jobs().update(id, spec, options);
    EXPECT_TRUE(verdict) << verdict.error().message;
    return *std::move(verdict);
}

StoreContract::Specimen StoreContract::specimen(Status status) {
    Specimen one{.id = {}, .type = "test.n" + std::to_string(specimens_++)};
    publish({"test.job", "test.other", one.type});
    one.id = enqueue(JobBuilder().type(one.type));
    if (status == Status::Paused) {
        apply(core::Operation::Pause, one.id);
        return one;
    }
    if (status == Status::Queuing) {
        return one;
    }
    const ClaimedJob claimed = claim_one(one.type);
    start(claimed);
    switch (status) {
        case Status::FailedRetry:
            settle(failed(claimed, 0s));
            break;
        case Status::Stopped:
            settle(gave_up(claimed));
            break;
        case Status::Completed:
            settle(succeeded(claimed));
            break;
        default:
            one.running = claimed;
    }
    EXPECT_EQ(this->status(one.id), status);
    return one;
}

store::JobPage StoreContract::list(const store::JobQuery& query) {
    auto page = jobs().list(query);
    EXPECT_TRUE(page) << page.error().message;
    return *std::move(page);
}

std::vector<store::AttemptRow> StoreContract::attempts(JobId id) {
    auto rows = jobs().attempts(id, 0, 100);
    EXPECT_TRUE(rows) << rows.error().message;
    return *std::move(rows);
}

std::vector<store::DeadClaim> StoreContract::dead_claims(int limit) {
    auto dead = claims().dead_claims(limit);
    EXPECT_TRUE(dead) << dead.error().message;
    return *std::move(dead);
}

JobId StoreContract::complete(const JobBuilder& job) {
    const JobId id = enqueue(job);
    Settlement end = succeeded(run_one());
    end.result_json = "1";
    end.output = store::Output{.head = {{core::Stream::Out, "text"}}};
    settle(end);
    return id;
}

JobId StoreContract::abandon(const JobBuilder& job) {
    const JobId id = enqueue(job);
    Settlement end = gave_up(run_one());
    end.output = store::Output{.head = {{core::Stream::Out, "text"}}};
    settle(end);
    return id;
}

store::Pruned StoreContract::prune(const store::Cutoffs& cutoffs, int limit) {
    auto pruned = maintenance().prune(cutoffs, limit);
    EXPECT_TRUE(pruned) << pruned.error().message;
    return *pruned;
}

}  // namespace jobhost::contract
