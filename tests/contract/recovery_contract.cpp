#include <set>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

Settlement lost(Settlement settlement, const store::DeadClaim& dead) {
    settlement.node = dead.node;
    settlement.transition.outcome = core::AttemptOutcome::Lost;
    settlement.started_at = dead.started_at;
    return settlement;
}

}  // namespace

TEST_P(StoreContract, AFreshStoreHasNoDeadClaims) { EXPECT_THAT(dead_claims(), IsEmpty()); }

TEST_P(StoreContract, OwnClaimsAreNotDead) {
    enqueue_many(2);
    claim();

    EXPECT_THAT(dead_claims(), IsEmpty());
}

TEST_P(StoreContract, WhatAKilledHostRanIsADeadClaim) {
    const JobId id = enqueue(JobBuilder().name("n").args(R"({"x":1})").max_tries(4));
    const ClaimedJob job = run_one();
    const auto started_at = clock_.now();
    const core::NodeId holder = node_;
    clock_.advance(1min);

    kill_and_reopen();

    const auto dead = dead_claims();
    ASSERT_THAT(dead, SizeIs(1));
    EXPECT_EQ(dead[0].node, holder);
    EXPECT_TRUE(dead[0].started);
    EXPECT_EQ(dead[0].started_at, started_at);
    EXPECT_EQ(dead[0].job.id, id);
    EXPECT_EQ(dead[0].job.token, job.token);
    EXPECT_EQ(dead[0].job.attempt, 1);
    EXPECT_EQ(dead[0].job.type, "test.job");
    EXPECT_EQ(dead[0].job.name, "n");
    EXPECT_EQ(dead[0].job.args, R"({"x":1})");
    EXPECT_EQ(dead[0].job.standing.max_tries, 4);
}

TEST_P(StoreContract, WhatAKilledHostHadNotBegunIsTold) {
    enqueue_many(2);
    const auto claimed = claim();
    start(claimed[1]);

    kill_and_reopen();

    const auto dead = dead_claims();
    ASSERT_THAT(dead, SizeIs(2));
    EXPECT_EQ(dead[0].job.token, claimed[0].token);
    EXPECT_FALSE(dead[0].started);
    EXPECT_TRUE(dead[1].started);
}

TEST_P(StoreContract, ADeadClaimIsNotClaimedBeforeItIsSettled) {
    const JobId id = enqueue({});
    run_one();
    kill_and_reopen();
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_EQ(settle(lost(failed(dead_claims()[0].job, 0s), dead_claims()[0])),
              SettleVerdict::Applied);

    EXPECT_THAT(dead_claims(), IsEmpty());
    const ClaimedJob again = claim_one();
    EXPECT_EQ(again.id, id);
    EXPECT_EQ(again.attempt, 2);
    const auto log = attempts(id);
    ASSERT_THAT(log, SizeIs(1));
    EXPECT_EQ(log[0].outcome, core::AttemptOutcome::Lost);
    EXPECT_EQ(log[0].node, "node-1");
}

TEST_P(StoreContract, ADeadClaimIsSettledUnderTheNodeThatHeldIt) {
    enqueue({});
    run_one();
    kill_and_reopen();
    const auto dead = dead_claims();
    Settlement wrong = lost(failed(dead[0].job), dead[0]);
    wrong.node = node_;

    EXPECT_EQ(settle(wrong), SettleVerdict::Fenced);
    EXPECT_THAT(dead_claims(), SizeIs(1));
    EXPECT_EQ(settle(lost(failed(dead[0].job), dead[0])), SettleVerdict::Applied);
    EXPECT_EQ(settle(lost(failed(dead[0].job), dead[0])), SettleVerdict::Repeated);
}

TEST_P(StoreContract, DeadClaimsComeInPages) {
    enqueue_many(5);
    claim();
    kill_and_reopen();

    std::set<Token> seen;
    for (auto dead = dead_claims(2); !dead.empty(); dead = dead_claims(2)) {
        EXPECT_LE(dead.size(), 2u);
        for (const auto& one : dead) {
            seen.insert(one.job.token);
            settle(lost(failed(one.job), one));
        }
    }

    EXPECT_THAT(seen, SizeIs(5));
}

TEST_P(StoreContract, DeadClaimsOutliveARescuerThatDies) {
    enqueue_many(3);
    const auto first = claim(2);
    start(first[0]);
    kill_and_reopen();
    const auto second = claim(1);
    kill_and_reopen();
    kill_and_reopen();

    const auto dead = dead_claims();

    ASSERT_THAT(dead, SizeIs(3));
    EXPECT_EQ(dead[0].job.token, first[0].token);
    EXPECT_TRUE(dead[0].started);
    EXPECT_EQ(dead[1].job.token, first[1].token);
    EXPECT_EQ(dead[2].job.token, second[0].token);
    EXPECT_NE(dead[0].node, dead[2].node);
}

TEST_P(StoreContract, WhatWasHandedBackOrSettledIsNotDead) {
    enqueue_many(3);
    const auto claimed = claim();
    settle({succeeded(claimed[0]), failed(claimed[1], 0s)});
    ASSERT_TRUE(claims().hand_back({&claimed[2].token, 1}));

    kill_and_reopen();

    EXPECT_THAT(dead_claims(), IsEmpty());
    EXPECT_THAT(claim(), SizeIs(2));
}

TEST_P(StoreContract, ADeadClaimThatHadNotBegunCanBeHandedBack) {
    const JobId id = enqueue({});
    const ClaimedJob job = claim_one();
    kill_and_reopen();

    ASSERT_TRUE(claims().hand_back({&job.token, 1}));

    EXPECT_THAT(dead_claims(), IsEmpty());
    EXPECT_EQ(claim_one().id, id);
    EXPECT_THAT(attempts(id), IsEmpty());
}

TEST_P(StoreContract, ADeadAttemptIsNotRunning) {
    const JobId id = enqueue({});
    run_one();
    kill_and_reopen();

    EXPECT_EQ(status(id), Status::Queuing);
    EXPECT_THAT(list({.status = Status::Running}).jobs, IsEmpty());
    EXPECT_EQ((*jobs().counts())[Status::Running], 0);
}

TEST_P(StoreContract, CancellingADeadClaimStopsItsJobWhenItIsSettled) {
    const JobId id = enqueue({});
    run_one();
    kill_and_reopen();

    EXPECT_TRUE(cancel(id).accepted());
    EXPECT_THAT(claim_all({}).wants, IsEmpty());
    const auto dead = dead_claims();
    settle(lost(failed(dead[0].job, 0s), dead[0]));

    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_EQ(find(id).reason, "cancelled");
}

TEST_P(StoreContract, EverythingElseIsAsItWasBeforeTheKill) {
    const JobId high = enqueue(JobBuilder().priority(core::Priority::High));
    const JobId later = enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    const JobId now = enqueue({});
    const JobId retry = enqueue({});
    const auto claimed = claim();
    ASSERT_THAT(claimed, SizeIs(3));
    settle(failed(claimed[2], 0s));
    const std::vector<Token> back{claimed[0].token, claimed[1].token};
    ASSERT_TRUE(claims().hand_back(back));
    const auto counts = *jobs().counts();

    kill_and_reopen();

    EXPECT_EQ(*jobs().counts(), counts);
    EXPECT_EQ(claim_all({}).next_due, find(later).spec.begin_time);
    EXPECT_THAT(ids_of(claim()), ElementsAre(high, now, retry));
}

}  // namespace jobhost::contract
