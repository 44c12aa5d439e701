#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, AClaimGivesWhatAnAttemptNeeds) {
    const JobId id =
        enqueue(JobBuilder().args(R"({"x":1})").name("n").group("g").timeout(5s).max_tries(3));
    const auto created_at = clock_.now();
    clock_.advance(1s);

    const ClaimedJob job = claim_one();

    EXPECT_EQ(job.id, id);
    EXPECT_EQ(job.type, "test.job");
    EXPECT_EQ(job.args, R"({"x":1})");
    EXPECT_EQ(job.name, "n");
    EXPECT_EQ(job.group, "g");
    EXPECT_EQ(job.attempt, 1);
    EXPECT_EQ(job.created_at, created_at);
    EXPECT_EQ(job.due, created_at);
    EXPECT_EQ(job.timeout, 5s);
    EXPECT_EQ(job.standing.tries, 0);
    EXPECT_EQ(job.standing.crashes, 0);
    EXPECT_EQ(job.standing.max_tries, 3);
}

TEST_P(StoreContract, AClaimedJobIsNotClaimedAgain) {
    enqueue_many(10);

    EXPECT_THAT(claim(), SizeIs(10));
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, AClaimTakesAtMostItsLimit) {
    const auto ids = enqueue_many(5);

    EXPECT_THAT(ids_of(claim(3)), ElementsAre(ids[0], ids[1], ids[2]));
    EXPECT_THAT(ids_of(claim(3)), ElementsAre(ids[3], ids[4]));
}

TEST_P(StoreContract, AClaimOfNothingTakesNothing) {
    enqueue({});

    EXPECT_THAT(claim(0), IsEmpty());
    EXPECT_THAT(claim(-1), IsEmpty());
    EXPECT_THAT(claim_all({.types = {}, .limit = 10}).jobs, IsEmpty());
    EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(StoreContract, AHigherPriorityComesFirst) {
    const JobId low = enqueue(JobBuilder().priority(core::Priority::Low));
    const JobId below = enqueue(JobBuilder().priority(core::Priority::BelowNormal));
    const JobId normal = enqueue(JobBuilder().priority(core::Priority::Normal));
    const JobId above = enqueue(JobBuilder().priority(core::Priority::AboveNormal));
    const JobId high = enqueue(JobBuilder().priority(core::Priority::High));

    EXPECT_THAT(ids_of(claim()), ElementsAre(high, above, normal, below, low));
}

TEST_P(StoreContract, FewerTriesComeFirst) {
    const JobId often_failed = enqueue({});
    settle(failed(claim_one(), 0s));
    const JobId never_failed = enqueue({});

    EXPECT_THAT(ids_of(claim()), ElementsAre(never_failed, often_failed));
}

TEST_P(StoreContract, TheLongerDueComesFirst) {
    const JobId later = enqueue(JobBuilder().begin_time(clock_.now() + 2min));
    const JobId sooner = enqueue(JobBuilder().begin_time(clock_.now() + 1min));
    clock_.advance(1h);

    EXPECT_THAT(ids_of(claim()), ElementsAre(sooner, later));
}

TEST_P(StoreContract, DueTimeDecidesAcrossTypes) {
    const JobId first = enqueue(JobBuilder().type("test.other"));
    clock_.advance(1s);
    const JobId second = enqueue(JobBuilder().type("test.job"));
    clock_.advance(1s);
    const JobId third = enqueue(JobBuilder().type("test.other"));

    const auto claimed =
        claim_all({.types = {{"test.job", 9}, {"test.other", 9}}, .limit = 9}).jobs;

    EXPECT_THAT(ids_of(claimed), ElementsAre(first, second, third));
}

TEST_P(StoreContract, ATypeThatIsNotNamedIsNotClaimed) {
    enqueue(JobBuilder().type("test.other"));

    EXPECT_THAT(claim(10, "test.job"), IsEmpty());
    EXPECT_THAT(claim(10, "test.other"), SizeIs(1));
}

TEST_P(StoreContract, ATypeThatTheNodeHasNotPublishedIsNotClaimed) {
    const JobId id = enqueue(JobBuilder().type("late.type"));

    EXPECT_THAT(claim(10, "late.type"), IsEmpty());
    EXPECT_EQ(status(id), Status::Queuing);
    publish({"late.type"});
    EXPECT_THAT(ids_of(claim(10, "late.type")), ElementsAre(id));
}

TEST_P(StoreContract, AWithdrawnTypeIsNotClaimedAnyMore) {
    const JobId id = enqueue({});
    publish({"test.other"});
    EXPECT_THAT(claim(), IsEmpty());

    publish({"test.job"});

    EXPECT_THAT(ids_of(claim()), ElementsAre(id));
}

TEST_P(StoreContract, BudgetsOfTypesAreKept) {
    enqueue_many(5, JobBuilder().type("test.job"));
    enqueue_many(5, JobBuilder().type("test.other"));

    const auto claimed =
        claim_all({.types = {{"test.job", 1}, {"test.other", 3}}, .limit = 10}).jobs;

    EXPECT_EQ(std::ranges::count(claimed, "test.job", &ClaimedJob::type), 1);
    EXPECT_EQ(std::ranges::count(claimed, "test.other", &ClaimedJob::type), 3);
}

TEST_P(StoreContract, TheLimitHoldsForAllTypesTogether) {
    enqueue_many(5, JobBuilder().type("test.job"));
    enqueue_many(5, JobBuilder().type("test.other"));

    EXPECT_THAT(claim_all({.types = {{"test.job", 4}, {"test.other", 4}}, .limit = 6}).jobs,
                SizeIs(6));
}

TEST_P(StoreContract, ABudgetHoldsAcrossLabelsAndPriorities) {
    kill_and_reopen({{"site", "a"}});
    enqueue_many(3, JobBuilder().label("site", "a"));
    enqueue_many(3, JobBuilder().priority(core::Priority::High));
    enqueue_many(3);

    EXPECT_THAT(claim_all({.types = {{"test.job", 5}}, .limit = 9}).jobs, SizeIs(5));
}

TEST_P(StoreContract, ANodeMustCarryEveryLabelThatAJobWants) {
    const JobId anywhere = enqueue({});
    const JobId here = enqueue(JobBuilder().label("site", "a"));
    enqueue(JobBuilder().label("site", "b"));
    enqueue(JobBuilder().label("site", "a").label("gpu", "yes"));
    kill_and_reopen({{"site", "a"}, {"disk", "ssd"}});

    EXPECT_THAT(ids_of(claim()), ElementsAre(anywhere, here));
}

TEST_P(StoreContract, ANodeThatHasNotJoinedClaimsNothing) {
    enqueue({});
    backend_->reopen_after_kill();

    const auto claimed = claims().claim({.types = {{"test.job", 1}}, .limit = 1});

    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().code, "not_joined");
}

TEST_P(StoreContract, TokensOnlyGrow) {
    enqueue_many(6);
    const auto first = claim(3);
    const auto second = claim(2);
    kill_and_reopen();
    const auto third = claim(1);

    std::vector<Token> tokens;
    for (const auto& batch : {first, second, third}) {
        std::ranges::transform(batch, std::back_inserter(tokens), &ClaimedJob::token);
    }
    EXPECT_THAT(tokens, SizeIs(6));
    EXPECT_EQ(std::ranges::adjacent_find(tokens, std::greater_equal()), tokens.end());
}

TEST_P(StoreContract, EverySixteenthClaimGivesAPlaceToEachLowerPriority) {
    std::map<JobId, core::Priority> priorities;
    for (const auto priority :
         {core::Priority::Low, core::Priority::Normal, core::Priority::High}) {
        for (const JobId id : enqueue_many(100, JobBuilder().priority(priority))) {
            priorities.emplace(id, priority);
        }
    }
    std::map<core::Priority, int> taken;
    for (int i = 0; i < 16; ++i) {
        for (const ClaimedJob& job : claim(5)) {
            ++taken[priorities.at(job.id)];
        }
    }

    EXPECT_EQ(taken[core::Priority::High], 78);
    EXPECT_EQ(taken[core::Priority::Normal], 1);
    EXPECT_EQ(taken[core::Priority::Low], 1);
}

TEST_P(StoreContract, NoPriorityStarvesWhenJobsAreClaimedOneByOne) {
    const JobId low = enqueue(JobBuilder().priority(core::Priority::Low));
    const JobId below = enqueue(JobBuilder().priority(core::Priority::BelowNormal));
    const JobId above = enqueue(JobBuilder().priority(core::Priority::AboveNormal));
    enqueue_many(64, JobBuilder().priority(core::Priority::High));
    std::vector<JobId> taken;
    for (int i = 0; i < 48; ++i) {
        taken.push_back(claim_one().id);
    }

    EXPECT_THAT(taken, testing::IsSupersetOf({low, below, above}));
}

TEST_P(StoreContract, ARetryIsClaimedThoughFreshJobsKeepComing) {
    const JobId retry = enqueue({});
    settle(failed(claim_one(), 0s));
    enqueue(JobBuilder().priority(core::Priority::Low));
    enqueue_many(3);
    std::vector<JobId> taken;
    for (int i = 0; i < 2 * 16; ++i) {
        enqueue({});
        taken.push_back(claim_one().id);
    }

    EXPECT_THAT(taken, testing::Contains(retry));
}

TEST_P(StoreContract, WhoClaimsDifferentTypesByTurnsIsFairToEach) {
    const JobId low = enqueue(JobBuilder().priority(core::Priority::Low));
    const JobId other = enqueue(JobBuilder().type("test.other").priority(core::Priority::Low));
    enqueue_many(20);
    enqueue_many(20, JobBuilder().type("test.other"));
    std::vector<JobId> taken;
    for (int i = 0; i < 16; ++i) {
        taken.push_back(claim_one("test.job").id);
        taken.push_back(claim_one("test.other").id);
    }

    EXPECT_THAT(taken, testing::IsSupersetOf({low, other}));
}

TEST_P(StoreContract, NextDueIsWhenTheEarliestWaitingJobWillBeDue) {
    EXPECT_FALSE(claim_all({.types = {}, .limit = 0}).next_due);
    enqueue(JobBuilder().begin_time(clock_.now() + 2h));
    enqueue(JobBuilder().begin_time(clock_.now() + 1h));

    EXPECT_EQ(claim_all({.types = {}, .limit = 0}).next_due, clock_.now() + 1h);
    clock_.advance(1h);
    const auto claimed = claim_all({.types = {{"test.job", 9}}, .limit = 9});
    EXPECT_THAT(claimed.jobs, SizeIs(1));
    EXPECT_EQ(claimed.next_due, clock_.now() + 1h);
}

TEST_P(StoreContract, ManyJobsThatAreDueAtOnceAreAllClaimed) {
    enqueue_many(2'500, JobBuilder().begin_time(clock_.now() + 1s));
    const JobId high =
        enqueue(JobBuilder().begin_time(clock_.now() + 1s).priority(core::Priority::High));
    clock_.advance(1s);

    const auto claimed = claim(3'000);

    ASSERT_THAT(claimed, SizeIs(2'501));
    EXPECT_EQ(claimed.front().id, high);
}

TEST_P(StoreContract, AJobThatBecameDueLongAgoComesBeforeNewerOnes) {
    const JobId later = enqueue(JobBuilder().begin_time(clock_.now() + 1s));
    clock_.advance(2s);
    const JobId newer = enqueue({});

    EXPECT_THAT(ids_of(claim()), ElementsAre(later, newer));
}

TEST_P(StoreContract, AClockThatGoesBackHidesNoJob) {
    enqueue_many(3);
    EXPECT_THAT(claim(), SizeIs(3));
    clock_.set(clock_.now() - 24h);

    const JobId id = enqueue({});

    EXPECT_THAT(ids_of(claim()), ElementsAre(id));
}

TEST_P(StoreContract, AHandedBackJobIsClaimedAgainInItsOldPlace) {
    const auto ids = enqueue_many(3);
    const ClaimedJob first = claim_one();
    const ClaimedJob second = claim_one();

    ASSERT_TRUE(claims().hand_back({&first.token, 1}));

    const auto claimed = claim();
    EXPECT_THAT(ids_of(claimed), ElementsAre(ids[0], ids[2]));
    EXPECT_GT(claimed[0].token, second.token);
    EXPECT_EQ(claimed[0].attempt, 1);
    EXPECT_THAT(attempts(ids[0]), IsEmpty());
}

TEST_P(StoreContract, WhatHasBegunIsNotHandedBack) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();

    ASSERT_TRUE(claims().hand_back({&job.token, 1}));

    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_EQ(status(id), Status::Running);
    EXPECT_EQ(settle(succeeded(job)), SettleVerdict::Applied);
}

TEST_P(StoreContract, HandingBackWhatIsNotHeldDoesNothing) {
    enqueue({});
    const ClaimedJob job = claim_one();
    const std::vector<Token> tokens{Token{12345}, job.token, job.token};

    ASSERT_TRUE(claims().hand_back(tokens));
    ASSERT_TRUE(claims().hand_back(tokens));

    EXPECT_THAT(claim(), SizeIs(1));
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, OnlyAJobThatHasBegunIsRunning) {
    const JobId id = enqueue({});
    const ClaimedJob job = claim_one();
    EXPECT_EQ(status(id), Status::Queuing);

    clock_.advance(5s);
    start(job);

    const store::Job running = find(id);
    EXPECT_EQ(running.status, Status::Running);
    EXPECT_EQ(running.started_at, clock_.now());
    EXPECT_EQ(running.attempts, 1);
    EXPECT_FALSE(running.next_run_at);
}

TEST_P(StoreContract, TheStoreKnowsTheNodeAndItsTypes) {
    const auto there = nodes().nodes();
    const auto types = nodes().types();
    ASSERT_TRUE(there && types);
    ASSERT_THAT(*there, SizeIs(1));
    EXPECT_EQ(there->front().id, node_);
    EXPECT_THAT(*types, ElementsAre(testing::Field(&core::TypeInfo::id, "test.job"),
                                    testing::Field(&core::TypeInfo::id, "test.other")));

    ASSERT_TRUE(nodes().leave());

    EXPECT_THAT(*nodes().nodes(), IsEmpty());
    EXPECT_THAT(*nodes().types(), IsEmpty());
}

}  // namespace jobhost::contract
