#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, ASuccessCompletesTheJob) {
    const JobId id = enqueue({});
    clock_.advance(1s);
    const ClaimedJob claimed = run_one();
    const auto started_at = clock_.now();
    clock_.advance(2s);
    Settlement end = succeeded(claimed);
    end.started_at = started_at;
    end.result_json = R"({"rows": 3})";

    EXPECT_EQ(settle(end), SettleVerdict::Applied);

    const store::Job job = find(id);
    EXPECT_EQ(job.status, Status::Completed);
    EXPECT_EQ(job.attempts, 1);
    EXPECT_EQ(job.tries, 0);
    EXPECT_EQ(job.started_at, started_at);
    EXPECT_EQ(job.ended_at, clock_.now());
    EXPECT_EQ(job.result_json, R"({"rows": 3})");
    EXPECT_FALSE(job.next_run_at);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, AFailureWaitsForItsRetry) {
    const JobId id = enqueue({});

    EXPECT_EQ(settle(failed(run_one(), 10s)), SettleVerdict::Applied);

    const store::Job job = find(id);
    EXPECT_EQ(job.status, Status::FailedRetry);
    EXPECT_EQ(job.tries, 1);
    EXPECT_EQ(job.attempts, 1);
    EXPECT_EQ(job.last_error, "it broke");
    EXPECT_EQ(job.next_run_at, clock_.now() + 10s);
    EXPECT_FALSE(job.ended_at);
    EXPECT_THAT(claim(), IsEmpty());

    clock_.advance(10s);
    const ClaimedJob again = claim_one();
    EXPECT_EQ(again.id, id);
    EXPECT_EQ(again.attempt, 2);
    EXPECT_EQ(again.standing.tries, 1);
}

TEST_P(StoreContract, ARetryThatIsDueAtOnceIsClaimableAtOnce) {
    const JobId id = enqueue({});
    settle(failed(run_one(), 0s));

    EXPECT_EQ(status(id), Status::FailedRetry);
    EXPECT_EQ(claim_one().id, id);
}

TEST_P(StoreContract, GivingUpStopsTheJob) {
    const JobId id = enqueue({});

    settle(gave_up(run_one()));

    const store::Job job = find(id);
    EXPECT_EQ(job.status, Status::Stopped);
    EXPECT_TRUE(job.abandoned);
    EXPECT_EQ(job.reason, "max_tries");
    EXPECT_EQ(job.tries, 1);
    EXPECT_EQ(job.ended_at, clock_.now());
    EXPECT_FALSE(job.next_run_at);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, AnAttemptThatCountsAsNoTryChangesNoTries) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    Settlement snoozed = failed(job);
    snoozed.transition.to = Status::Queuing;
    snoozed.transition.tries = 0;
    snoozed.transition.outcome = core::AttemptOutcome::Snoozed;

    settle(snoozed);

    EXPECT_EQ(status(id), Status::Queuing);
    clock_.advance(1h);
    const ClaimedJob again = claim_one();
    EXPECT_EQ(again.attempt, 2);
    EXPECT_EQ(again.standing.tries, 0);
}

TEST_P(StoreContract, CrashesAreCounted) {
    enqueue({});
    Settlement crashed = failed(run_one(), 0s);
    crashed.transition.crashes = 2;
    settle(crashed);

    EXPECT_EQ(claim_one().standing.crashes, 2);
}

TEST_P(StoreContract, MoreTriesThanARankCanTellStillWork) {
    enqueue({});
    Settlement end = failed(run_one(), 0s);
    end.transition.tries = 100'000;
    settle(end);

    EXPECT_EQ(claim_one().standing.tries, 100'000);
}

TEST_P(StoreContract, ASettlementIsAppliedOnce) {
    enqueue({});
    const Settlement end = succeeded(run_one());

    EXPECT_EQ(settle(end), SettleVerdict::Applied);
    EXPECT_EQ(settle(end), SettleVerdict::Repeated);
}

TEST_P(StoreContract, TheAnswerToASettlementIsWhatWasAskedForWhenNobodyWishedForMore) {
    enqueue({});
    Settlement end = failed(run_one(), 10s);
    end.transition.crashes = 2;

    EXPECT_EQ(settled(end).landed, end.transition);
    EXPECT_EQ(settled(end).landed, end.transition);
}

TEST_P(StoreContract, ARepetitionAfterTheNextClaimIsToldApart) {
    const JobId id = enqueue({});
    const Settlement first = failed(run_one(), 0s);
    settle(first);
    const ClaimedJob second = run_one();

    EXPECT_EQ(settle(first), SettleVerdict::Repeated);

    EXPECT_EQ(status(id), Status::Running);
    EXPECT_EQ(settle(succeeded(second)), SettleVerdict::Applied);
    EXPECT_THAT(attempts(id), SizeIs(2));
}

TEST_P(StoreContract, TheSameEndTwiceInOneBatchIsAppliedOnce) {
    const JobId id = enqueue({});
    const Settlement end = succeeded(run_one());

    EXPECT_THAT(settle(std::vector{end, end}),
                ElementsAre(SettleVerdict::Applied, SettleVerdict::Repeated));
    EXPECT_THAT(attempts(id), SizeIs(1));
}

TEST_P(StoreContract, ATokenThatNobodyHoldsIsFenced) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    Settlement stale = succeeded(job);
    stale.token.value -= 1;

    EXPECT_EQ(settle(stale), SettleVerdict::Fenced);

    EXPECT_EQ(status(id), Status::Running);
    EXPECT_THAT(attempts(id), SizeIs(1));
    EXPECT_EQ(settle(succeeded(job)), SettleVerdict::Applied);
}

TEST_P(StoreContract, TheTokenOfAHandedBackClaimIsFenced) {
    const JobId id = enqueue({});
    const ClaimedJob job = claim_one();
    ASSERT_TRUE(claims().hand_back({&job.token, 1}));
    EXPECT_EQ(settle(succeeded(job)), SettleVerdict::Fenced);

    const ClaimedJob again = claim_one();

    EXPECT_EQ(settle(succeeded(job)), SettleVerdict::Fenced);
    EXPECT_EQ(settle(succeeded(again)), SettleVerdict::Applied);
    EXPECT_THAT(attempts(id), SizeIs(1));
}

TEST_P(StoreContract, AnotherNodeCannotSettleWhatThisOneHolds) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    Settlement foreign = succeeded(job);
    foreign.node = core::NodeId::make(clock_.now());

    EXPECT_EQ(settle(foreign), SettleVerdict::Fenced);

    EXPECT_EQ(status(id), Status::Running);
}

TEST_P(StoreContract, AnotherNodeCannotRepeatWhatThisOneSettled) {
    enqueue({});
    Settlement end = succeeded(run_one());
    settle(end);
    end.node = core::NodeId::make(clock_.now());

    EXPECT_EQ(settle(end), SettleVerdict::Fenced);
}

TEST_P(StoreContract, ATokenOnlyEndsItsOwnJob) {
    const auto ids = enqueue_many(2);
    const auto claimed = claim();
    Settlement mixed = succeeded(claimed[0]);
    mixed.job = ids[1];

    EXPECT_EQ(settle(mixed), SettleVerdict::Fenced);

    EXPECT_NE(status(ids[0]), Status::Completed);
    EXPECT_NE(status(ids[1]), Status::Completed);
}

TEST_P(StoreContract, AFencedSettlementDoesNotHurtTheOthersOfItsBatch) {
    const auto ids = enqueue_many(3);
    const auto claimed = claim();
    Settlement unknown = succeeded(claimed[1]);
    unknown.job = core::JobId::make(clock_.now());

    EXPECT_THAT(settle({succeeded(claimed[0]), unknown, gave_up(claimed[2])}),
                ElementsAre(SettleVerdict::Applied, SettleVerdict::Fenced, SettleVerdict::Applied));

    EXPECT_EQ(status(ids[0]), Status::Completed);
    EXPECT_EQ(status(ids[2]), Status::Stopped);
    EXPECT_EQ(settle(succeeded(claimed[1])), SettleVerdict::Applied);
}

TEST_P(StoreContract, AnImpossibleEndRefusesItsBatchAndNothingOfItIsApplied) {
    const auto ids = enqueue_many(2);
    const auto claimed = claim();
    Settlement impossible = succeeded(claimed[1]);
    impossible.transition.to = Status::Running;

    const auto verdicts = claims().settle(std::vector{succeeded(claimed[0]), impossible});

    ASSERT_FALSE(verdicts);
    EXPECT_EQ(verdicts.error().kind, base::ErrorKind::Internal);
    EXPECT_NE(status(ids[0]), Status::Completed);
    EXPECT_THAT(settle({succeeded(claimed[0]), succeeded(claimed[1])}),
                ElementsAre(SettleVerdict::Applied, SettleVerdict::Applied));
}

TEST_P(StoreContract, NothingToSettleIsFine) {
    EXPECT_THAT(settle(std::vector<Settlement>{}), IsEmpty());
}

TEST_P(StoreContract, WhatIsSettledSurvivesTheHost) {
    const auto ids = enqueue_many(3);
    const auto claimed = claim();
    settle({succeeded(claimed[0]), failed(claimed[1]), gave_up(claimed[2])});
    const auto before = *jobs().counts();

    kill_and_reopen();

    EXPECT_EQ(status(ids[0]), Status::Completed);
    EXPECT_EQ(status(ids[1]), Status::FailedRetry);
    EXPECT_EQ(status(ids[2]), Status::Stopped);
    EXPECT_EQ(find(ids[2]).reason, "max_tries");
    EXPECT_EQ(*jobs().counts(), before);
    EXPECT_THAT(dead_claims(), IsEmpty());
}

}  // namespace jobhost::contract
