#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, CancellingAWaitingJobStopsIt) {
    const JobId id = enqueue({});
    clock_.advance(1s);

    const auto verdict = cancel(id);

    EXPECT_EQ(verdict.status, Status::Queuing);
    EXPECT_TRUE(verdict.accepted());
    const store::Job job = find(id);
    EXPECT_EQ(job.status, Status::Stopped);
    EXPECT_EQ(job.reason, "cancelled");
    EXPECT_FALSE(job.abandoned);
    EXPECT_EQ(job.ended_at, clock_.now());
    EXPECT_FALSE(job.next_run_at);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, CancellingAJobForLaterStopsIt) {
    const JobId id = enqueue(JobBuilder().begin_time(clock_.now() + 1h));

    EXPECT_TRUE(cancel(id).accepted());

    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_FALSE(claim_all({.types = {}, .limit = 0}).next_due);
    clock_.advance(2h);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, CancellingAJobThatWaitsForARetryStopsIt) {
    const JobId soon = enqueue({});
    settle(failed(run_one(), 0s));
    const JobId late = enqueue({});
    settle(failed(claim_one(), 1h));

    EXPECT_EQ(cancel(soon).status, Status::FailedRetry);
    EXPECT_EQ(cancel(late).status, Status::FailedRetry);

    EXPECT_EQ(find(soon).reason, "cancelled");
    EXPECT_EQ(find(late).reason, "cancelled");
    EXPECT_EQ(find(late).tries, 1);
    EXPECT_EQ(find(late).last_error, "it broke");
}

TEST_P(StoreContract, CancellingARunningJobTellsItsHolder) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    EXPECT_THAT(claim_all({}).wants, IsEmpty());

    const auto verdict = cancel(id);

    EXPECT_EQ(verdict.status, Status::Running);
    EXPECT_TRUE(verdict.accepted());
    EXPECT_EQ(status(id), Status::Running);
    for (int i = 0; i < 2; ++i) {
        const auto wants = claim_all({}).wants;
        ASSERT_THAT(wants, SizeIs(1));
        EXPECT_EQ(wants[0].token, job.token);
        EXPECT_EQ(wants[0].want, core::Want::Cancel);
    }
}

TEST_P(StoreContract, ACancelWinsOverWhatTheAttemptReports) {
    const auto ids = enqueue_many(2);
    const auto claimed = claim();
    cancel(ids[0]);
    cancel(ids[1]);

    settle({failed(claimed[0], 0s), succeeded(claimed[1])});

    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Settlement reported = i == 0 ? failed(claimed[0], 0s) : succeeded(claimed[1]);
        const core::Transition landed =
            core::land(reported.transition, core::Want::Cancel, clock_.now());
        EXPECT_EQ(status(ids[i]), landed.to);
        EXPECT_EQ(find(ids[i]).reason, landed.reason);
        EXPECT_EQ(attempts(ids[i]).front().outcome, landed.outcome);
    }
    EXPECT_EQ(status(ids[0]), Status::Stopped);
    EXPECT_THAT(claim_all({}).wants, IsEmpty());
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, TheAnswerToASettlementSaysWhereACancelledJobWent) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    cancel(id);

    const Settled applied = settled(succeeded(job));
    const Settled repeated = settled(succeeded(job));

    EXPECT_EQ(applied.verdict, SettleVerdict::Applied);
    EXPECT_EQ(repeated.verdict, SettleVerdict::Repeated);
    for (const Settled& answer : {applied, repeated}) {
        EXPECT_EQ(answer.landed.to, Status::Stopped);
        EXPECT_EQ(answer.landed.reason, "cancelled");
        EXPECT_EQ(answer.landed.outcome, core::AttemptOutcome::Cancelled);
    }
}

TEST_P(StoreContract, CancellingAClaimThatHasNotBegunTellsItsHolder) {
    const JobId id = enqueue({});
    const ClaimedJob job = claim_one();

    const auto verdict = cancel(id);

    EXPECT_EQ(verdict.status, Status::Queuing);
    EXPECT_TRUE(verdict.accepted());
    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    settle(succeeded(job));
    EXPECT_EQ(claim_all({}).wants.size(), 0u);
}

TEST_P(StoreContract, HandingBackACancelledClaimStopsTheJob) {
    const JobId id = enqueue({});
    const ClaimedJob job = claim_one();
    cancel(id);

    ASSERT_TRUE(claims().hand_back({&job.token, 1}));

    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_EQ(find(id).reason, "cancelled");
    EXPECT_THAT(attempts(id), IsEmpty());
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_THAT(claim_all({}).wants, IsEmpty());
}

TEST_P(StoreContract, CancellingTwiceIsCancellingOnce) {
    const JobId running = enqueue({});
    run_one();
    const JobId waiting = enqueue({});

    EXPECT_TRUE(cancel(running).accepted());
    EXPECT_TRUE(cancel(running).accepted());
    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    EXPECT_TRUE(cancel(waiting).accepted());
    EXPECT_FALSE(cancel(waiting).accepted());
    EXPECT_EQ(cancel(waiting).status, Status::Stopped);
}

TEST_P(StoreContract, WhatHasEndedCannotBeCancelled) {
    const JobId completed = enqueue({});
    settle(succeeded(run_one()));
    const JobId stopped = enqueue({});
    settle(gave_up(run_one()));

    EXPECT_EQ(cancel(completed).status, Status::Completed);
    EXPECT_FALSE(cancel(completed).accepted());
    EXPECT_FALSE(cancel(stopped).accepted());

    EXPECT_EQ(status(completed), Status::Completed);
    EXPECT_EQ(find(stopped).reason, "max_tries");
}

TEST_P(StoreContract, AnUnknownJobHasNoStatus) {
    const auto verdict = cancel(core::JobId::make(clock_.now()));

    EXPECT_FALSE(verdict.status);
    EXPECT_FALSE(verdict.accepted());
}

TEST_P(StoreContract, VerdictsOfACancelAreInTheOrderOfItsJobs) {
    const JobId running = enqueue({});
    run_one();
    const JobId waiting = enqueue({});
    const std::vector<JobId> ids{core::JobId::make(clock_.now()), waiting, running, waiting};

    const auto verdicts = jobs().apply(core::Operation::Cancel, ids, {});

    ASSERT_TRUE(verdicts);
    ASSERT_THAT(*verdicts, SizeIs(4));
    EXPECT_FALSE((*verdicts)[0].status);
    EXPECT_EQ((*verdicts)[1].status, Status::Queuing);
    EXPECT_EQ((*verdicts)[2].status, Status::Running);
    EXPECT_EQ((*verdicts)[3].status, Status::Stopped);
}

TEST_P(StoreContract, AWishSurvivesTheHost) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    const core::NodeId holder = node_;
    cancel(id);

    kill_and_reopen();
    EXPECT_THAT(claim_all({}).wants, IsEmpty());
    Settlement lost = failed(job, 0s);
    lost.node = holder;
    lost.transition.outcome = core::AttemptOutcome::Lost;

    EXPECT_EQ(settle(lost), SettleVerdict::Applied);
    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_EQ(find(id).reason, "cancelled");
}

TEST_P(StoreContract, ACancelledJobStaysStoppedAfterTheHostDied) {
    const JobId id = enqueue({});
    cancel(id);

    kill_and_reopen();

    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_THAT(claim(), IsEmpty());
}

}  // namespace jobhost::contract
