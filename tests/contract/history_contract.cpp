#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using core::AttemptOutcome;
using core::Priority;
using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;

namespace {

constexpr int kMostRows = 110;  ///< the first ten and the last hundred

testing::Matcher<const store::AttemptRow&> numbered(int number) {
    return Field("number", &store::AttemptRow::number, number);
}

}  // namespace

TEST_P(StoreContract, WhatAJobSaysAboutItsRetriesIsKept) {
    const core::RetryWish wish{.base = 250ms, .factor = 1.5, .cap = 1h, .jitter = 0.0};
    const JobId id = enqueue(JobBuilder().retry(wish));
    const JobId partly = enqueue(JobBuilder().retry({.factor = 3}));
    const JobId plain = enqueue({});

    EXPECT_EQ(find(id).spec.retry, wish);
    EXPECT_EQ(find(partly).spec.retry, (core::RetryWish{.factor = 3}));
    EXPECT_TRUE(find(plain).spec.retry.empty());
    const auto claimed = claim();
    EXPECT_EQ(claimed.at(0).retry, wish);
    EXPECT_TRUE(claimed.at(2).retry.empty());
}

TEST_P(StoreContract, WhatADeadHostHeldStillSaysHowItIsRetried) {
    enqueue(JobBuilder().retry({.base = 7s}));
    run_one();
    kill_and_reopen();

    EXPECT_EQ(dead_claims().at(0).job.retry.base, 7s);
}

TEST_P(StoreContract, WhatFailedOftenLetsTheOthersGoFirst) {
    const JobId failing = enqueue(JobBuilder().priority(Priority::High).max_tries(3));
    settle(failed(run_one(), 0s));
    const JobId normal = enqueue({});
    EXPECT_EQ(claim_one().id, failing) << "one of three tries changes nothing";
    kill_and_reopen();
    for (const auto& dead : dead_claims()) {
        Settlement end = failed(dead.job, 0s);
        end.node = dead.node;
        settle(end);
    }

    EXPECT_THAT(ids_of(claim()), ElementsAre(normal, failing)) << "two of three do";
    EXPECT_EQ(find(failing).spec.priority, Priority::High);
}

TEST_P(StoreContract, ALowPriorityIsNeverRaised) {
    const JobId low = enqueue(JobBuilder().priority(Priority::Low).max_tries(3));
    for (int tries = 0; tries < 2; ++tries) {
        settle(failed(claim_one(), 0s));
    }
    const JobId below = enqueue(JobBuilder().priority(Priority::BelowNormal));

    EXPECT_THAT(ids_of(claim()), ElementsAre(below, low));
}

TEST_P(StoreContract, ALoweredJobThatWaitsForItsTimeKeepsItsPlace) {
    const JobId failing = enqueue(JobBuilder().priority(Priority::High).max_tries(2));
    settle(failed(run_one(), 10s));
    const JobId normal = enqueue({});
    clock_.advance(10s);

    EXPECT_THAT(ids_of(claim()), ElementsAre(normal, failing));
}

TEST_P(StoreContract, SnoozesInARowAreOneLine) {
    const JobId id = enqueue({});
    const auto first_start = clock_.now();
    for (int i = 0; i < 5; ++i) {
        settle(snoozed(run_one(), 1min));
        clock_.advance(1min);
    }

    const auto rows = attempts(id);
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].number, 5);
    EXPECT_EQ(rows[0].repeats, 5);
    EXPECT_EQ(rows[0].since, first_start);
    EXPECT_EQ(rows[0].started_at, first_start + 4min);
    EXPECT_EQ(rows[0].outcome, AttemptOutcome::Snoozed);
    EXPECT_EQ(rows[0].failure->message, "not now");
    const store::Job job = find(id);
    EXPECT_EQ(job.attempts, 5);
    EXPECT_EQ(job.dropped_attempts, 0);
    EXPECT_EQ(job.last_error, "") << "being put off is no failure";
}

TEST_P(StoreContract, ASnoozeAfterSomethingElseBeginsALine) {
    const JobId id = enqueue({});
    settle(snoozed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    settle(failed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    settle(succeeded(run_one()));

    EXPECT_THAT(attempts(id), ElementsAre(numbered(2), numbered(3), numbered(5), numbered(6)));
    EXPECT_EQ(find(id).last_error, "it broke");
}

TEST_P(StoreContract, OnlyTheLastOfTheSnoozesKeepsItsOutput) {
    const JobId id = enqueue({});
    for (const char* text : {"first", "second"}) {
        Settlement end = snoozed(run_one(), 0s);
        end.output = store::Output{.head = {{core::Stream::Out, text}}};
        settle(end);
    }

    EXPECT_EQ(jobs().output(id, 2)->output.head.at(0).bytes, "second");
    const auto gone = jobs().output(id, 1);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().kind, base::ErrorKind::NotFound);
}

TEST_P(StoreContract, TheLastOfTheSnoozesIsKnownAgainAndTheOthersAreFenced) {
    enqueue({});
    const Settlement first = snoozed(run_one(), 0s);
    settle(first);
    const Settlement second = snoozed(run_one(), 0s);
    settle(second);

    EXPECT_EQ(settle(second), SettleVerdict::Repeated);
    EXPECT_EQ(settle(first), SettleVerdict::Fenced);
}

TEST_P(StoreContract, AnAttemptAfterSnoozesIsRescuedAsItself) {
    const JobId id = enqueue({});
    settle(snoozed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    run_one();
    kill_and_reopen();

    const auto dead = dead_claims();
    ASSERT_THAT(dead, SizeIs(1));
    EXPECT_EQ(dead[0].job.attempt, 3);
    Settlement lost = failed(dead[0].job, 0s);
    lost.node = dead[0].node;
    lost.transition.outcome = AttemptOutcome::Lost;
    settle(lost);
    EXPECT_THAT(attempts(id), ElementsAre(numbered(2), numbered(3)));
}

TEST_P(StoreContract, OfVeryManyAttemptsTheFirstAndTheLastAreKept) {
    const JobId id = enqueue(JobBuilder().max_tries(0));
    constexpr int kRuns = 150;
    for (int i = 1; i <= kRuns; ++i) {
        Settlement end = failed(run_one(), 0s);
        end.output = store::Output{.head = {{core::Stream::Out, std::to_string(i)}}};
        settle(end);
    }

    auto rows = jobs().attempts(id, 0, 1000);
    ASSERT_TRUE(rows);
    ASSERT_THAT(*rows, SizeIs(kMostRows));
    EXPECT_EQ(rows->at(9).number, 10);
    EXPECT_EQ(rows->at(10).number, kRuns - 99);
    EXPECT_EQ(rows->back().number, kRuns);
    const store::Job job = find(id);
    EXPECT_EQ(job.attempts, kRuns);
    EXPECT_EQ(job.dropped_attempts, kRuns - kMostRows);
    EXPECT_EQ(job.tries, kRuns);
    EXPECT_EQ(jobs().output(id, 10)->output.head.at(0).bytes, "10");
    EXPECT_EQ(jobs().output(id, 0)->output.head.at(0).bytes, "150");
    EXPECT_FALSE(jobs().output(id, 11));
    EXPECT_EQ(run_one().attempt, kRuns + 1);
}

TEST_P(StoreContract, SnoozesDoNotPushOutWhatIsKept) {
    const JobId id = enqueue(JobBuilder().max_tries(0));
    for (int i = 0; i < 300; ++i) {
        settle(snoozed(run_one(), 0s));
    }
    for (int i = 0; i < kMostRows - 1; ++i) {
        settle(failed(run_one(), 0s));
    }
    EXPECT_EQ(find(id).dropped_attempts, 0);

    settle(failed(run_one(), 0s));

    EXPECT_EQ(find(id).dropped_attempts, 1);
    EXPECT_EQ(find(id).attempts, 300 + kMostRows);
    EXPECT_EQ(jobs().attempts(id, 0, 1000)->at(0).repeats, 300);
}

TEST_P(StoreContract, ALineOfSnoozesThatIsDroppedCountsForAllOfThem) {
    const JobId id = enqueue(JobBuilder().max_tries(0));
    for (int i = 0; i < 10; ++i) {
        settle(failed(run_one(), 0s));
    }
    settle(snoozed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    settle(snoozed(run_one(), 0s));
    for (int i = 0; i < 100; ++i) {
        settle(failed(run_one(), 0s));
    }

    EXPECT_EQ(find(id).dropped_attempts, 3);
    EXPECT_EQ(find(id).attempts, 113);
}

}  // namespace jobhost::contract
