#include <array>

#include <gmock/gmock.h>

#include "contract/plan_contract.hpp"

namespace jobhost::contract {

using store::Cutoffs;
using store::Pruned;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, WhatEndedLongAgoGoesAndTheRestStays) {
    const JobId old = complete();
    const JobId old_failure = abandon();
    clock_.advance(1h);
    const auto cutoff = clock_.now();
    const JobId young = complete();

    const Pruned pruned = prune({.completed = cutoff, .stopped = cutoff});

    EXPECT_EQ(pruned.jobs, 2);
    EXPECT_FALSE(is_stored(old));
    EXPECT_FALSE(is_stored(old_failure));
    EXPECT_TRUE(is_stored(young));
    EXPECT_FALSE(jobs().attempts(old, 0, 10));
    EXPECT_FALSE(jobs().output(old, 0));
    EXPECT_THAT(list({}).jobs, SizeIs(1));
    EXPECT_EQ(count_of(Status::Completed), 1);
    EXPECT_EQ(count_of(Status::Stopped), 0);
}

TEST_P(StoreContract, WhatAFileDeclaresStaysAsLongAsItDoes) {
    JobSpec spec = JobBuilder().name("n").spec();
    spec.declared = core::Declaration{"here", "jobhost.toml:1"};
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
    settle(succeeded(run_one()));
    clock_.advance(1h);
    EXPECT_EQ(prune(all_ended()).jobs, 0);
    EXPECT_TRUE(is_stored(id));

    spec.declared->place.clear();
    update(id, spec, {.declared = true});

    EXPECT_EQ(prune(all_ended()).jobs, 1);
    EXPECT_FALSE(is_stored(id));
}

TEST_P(StoreContract, CompletedAndStoppedHaveAgesOfTheirOwn) {
    const JobId completed = complete();
    const JobId stopped = abandon();
    clock_.advance(1h);

    EXPECT_EQ(prune({.completed = clock_.now()}).jobs, 1);
    EXPECT_FALSE(is_stored(completed));
    EXPECT_TRUE(is_stored(stopped));

    EXPECT_EQ(prune({.stopped = clock_.now()}).jobs, 1);
    EXPECT_FALSE(is_stored(stopped));
}

TEST_P(StoreContract, WhatIsNotOverIsNeverTouched) {
    std::vector<JobId> alive{enqueue({}), enqueue(JobBuilder().begin_time(clock_.now() + 1000h)),
                             enqueue(JobBuilder().type("test.other")),
                             enqueue(JobBuilder().type("nobody.runs"))};
    run_one();
    settle(failed(claim_one("test.other"), 1000h));
    clock_.advance(500h);

    EXPECT_EQ(prune({.completed = core::Instant::max(),
                     .stopped = core::Instant::max(),
                     .output = core::Instant::max(),
                     .most_finished = 0})
                  .jobs,
              0);

    for (const JobId id : alive) {
        EXPECT_TRUE(is_stored(id));
    }
}

TEST_P(StoreContract, ACancelledJobGoesToo) {
    const JobId id = enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    cancel(id);
    clock_.advance(1s);

    EXPECT_EQ(prune(all_ended()).jobs, 1);
    EXPECT_FALSE(is_stored(id));
}

TEST_P(StoreContract, TheOldestEndGoesFirstAPageAtATime) {
    std::vector<JobId> ids;
    for (int i = 0; i < 6; ++i) {
        ids.push_back(i % 2 == 0 ? complete() : abandon());
        clock_.advance(1min);
    }

    const Pruned first = prune(all_ended(), 4);

    EXPECT_EQ(first.jobs, 4);
    EXPECT_TRUE(first.more);
    EXPECT_THAT(ids_of(list({}).jobs), ElementsAre(ids[5], ids[4]));
    const Pruned second = prune(all_ended(), 4);
    EXPECT_EQ(second.jobs, 2);
    EXPECT_TRUE(second.more) << "it comes to outputs and space only when no job is left to go";
    const Pruned third = prune(all_ended(), 4);
    EXPECT_EQ(third.jobs, 0);
    EXPECT_FALSE(third.more);
}

TEST_P(StoreContract, AJobThatEndedLateIsYoungHoweverOldItIs) {
    const JobId old = enqueue(JobBuilder().type("test.other"));
    clock_.advance(1h);
    const JobId done = complete();
    clock_.advance(1h);
    const auto cutoff = clock_.now();
    settle(succeeded(claim_one("test.other")));

    EXPECT_EQ(prune({.completed = cutoff, .stopped = cutoff}).jobs, 1);
    EXPECT_FALSE(is_stored(done));
    EXPECT_TRUE(is_stored(old));
}

TEST_P(StoreContract, TheNameIsFreeAgain) {
    complete(JobBuilder().name("report"));
    const auto taken = jobs().enqueue({&JobBuilder().name("report").spec(), 1});
    ASSERT_TRUE(taken->front().refused);
    clock_.advance(1s);
    prune(all_ended());

    const JobId again = enqueue(JobBuilder().name("report"));

    EXPECT_THAT(ids_of(list({.name = "report"}).jobs), ElementsAre(again));
}

TEST_P(StoreContract, NoMoreThanSoManyAreKept) {
    std::vector<JobId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(i % 2 == 0 ? complete() : abandon());
        clock_.advance(1s);
    }

    EXPECT_EQ(prune({.most_finished = 5}).jobs, 0);
    EXPECT_EQ(prune({.most_finished = 2}).jobs, 3);

    EXPECT_THAT(ids_of(list({}).jobs), ElementsAre(ids[4], ids[3]));
}

TEST_P(StoreContract, WhatIsOldGoesBesidesWhatIsTooMuch) {
    complete();
    complete();
    complete();
    clock_.advance(1s);
    Cutoffs both = all_ended();
    both.most_finished = 2;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        ASSERT_LT(pages, 10);
        more = prune(both).more;
    }

    EXPECT_THAT(list({}).jobs, IsEmpty());
}

TEST_P(StoreContract, OutputCanGoBeforeItsJob) {
    const JobId completed = complete();
    const JobId stopped = abandon();
    clock_.advance(1h);
    const auto cutoff = clock_.now();
    const JobId young = complete();

    const Pruned pruned = prune({.output = cutoff});

    EXPECT_EQ(pruned.jobs, 0);
    EXPECT_EQ(pruned.outputs, 2);
    EXPECT_THAT(jobs().output(completed, 1)->output.head, IsEmpty());
    EXPECT_THAT(jobs().output(stopped, 1)->output.head, IsEmpty());
    EXPECT_THAT(jobs().output(young, 1)->output.head, SizeIs(1));
    EXPECT_EQ(find(completed).result_json, "1");
    EXPECT_EQ(prune({.output = cutoff}).outputs, 0);
    clock_.advance(1s);
    EXPECT_EQ(prune({.output = clock_.now()}).outputs, 1) << "it goes on where it was";
}

TEST_P(StoreContract, WhatRunsKeepsItsOutput) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    ASSERT_TRUE(claims().update(std::array{
        store::AttemptUpdate{.job = job.id,
                             .token = job.token,
                             .output = store::Output{.head = {{core::Stream::Out, "so far"}}}}}));
    clock_.advance(1h);

    EXPECT_EQ(prune({.output = clock_.now()}).outputs, 0);

    EXPECT_THAT(jobs().output(id, 1)->output.head, SizeIs(1));
}

TEST_P(StoreContract, WhatIsGoneStaysGoneAfterAKill) {
    const JobId id = complete(JobBuilder().name("n"));
    clock_.advance(1s);
    prune(all_ended());

    kill_and_reopen();

    EXPECT_FALSE(is_stored(id));
    EXPECT_EQ(count_of(Status::Completed), 0);
    EXPECT_NE(enqueue(JobBuilder().name("n")), id);
}

TEST_P(StoreContract, AnEndThatIsRepeatedAfterItsJobWentIsFenced) {
    enqueue({});
    const Settlement end = succeeded(run_one());
    settle(end);
    clock_.advance(1s);
    prune(all_ended());

    EXPECT_EQ(settle(end), SettleVerdict::Fenced);
}

TEST_P(StoreContract, NothingIsFoundWhereAllIsRight) {
    complete();
    abandon();
    enqueue_many(5);
    enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    run_one();
    const ClaimedJob failing = run_one();
    settle(failed(failing));
    apply(core::Operation::Disable, failing.id);
    apply(core::Operation::Disable, list({}).jobs.at(1).id);
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto checked = maintenance().check(3);
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->findings(), 0);
        more = checked->more;
    }
    EXPECT_EQ(pages, 5) << "three full pages, one that is the last, and the counters";
}

TEST_P(PlanContract, AnEndedChildIsRemovedAndItsParentGoesOn) {
    arm();
    const JobId child = fire(0).at(0).id;
    settle(succeeded(run_one()));
    clock_.advance(1s);

    EXPECT_EQ(prune(all_ended()).jobs, 1);

    EXPECT_FALSE(is_stored(child));
    EXPECT_EQ(status(job_), Status::Queuing);
    EXPECT_THAT(fire(1), SizeIs(1));
}

TEST_P(PlanContract, AChildIsRetriedAsItsParentSays) {
    job_ = enqueue(every_minute().retry({.base = 7s}));
    begin_ = clock_.now();

    ASSERT_THAT(fire(0), SizeIs(1));

    EXPECT_EQ(claim_one().retry.base, 7s);
}

TEST_P(PlanContract, StoppedRecurringJobsDoNotCountAsTooMany) {
    arm();
    for (int minute = 0; status(job_) != Status::Stopped; ++minute) {
        ASSERT_LT(minute, 60);
        fire(minute);
        Settlement end = gave_up(run_one());
        settle(end);
    }
    const JobId done = complete();

    EXPECT_EQ(prune({.most_finished = 51}).jobs, 0);
    EXPECT_TRUE(is_stored(done));
    EXPECT_TRUE(is_stored(job_));
}

TEST_P(PlanContract, AChildThatIsAliveIsNeverTouched) {
    arm();
    const JobId child = fire(0).at(0).id;
    clock_.advance(1000h);

    EXPECT_EQ(prune(all_ended()).jobs, 0);
    EXPECT_TRUE(is_stored(child));
    EXPECT_TRUE(is_stored(job_));
}

TEST_P(PlanContract, ARecurringJobThatIsOverGoesOnceItHasNoChild) {
    arm({.max_count = 1});
    const JobId begun = fire(0).at(0).id;
    ASSERT_EQ(status(job_), Status::Queuing) << "its child is alive";
    clock_.advance(1h);
    EXPECT_EQ(prune(all_ended()).jobs, 0);
    settle(succeeded(run_one()));
    ASSERT_EQ(status(job_), Status::Completed);
    clock_.advance(1s);

    while (prune(all_ended()).more) {
    }

    EXPECT_FALSE(is_stored(begun));
    EXPECT_FALSE(is_stored(job_));
    EXPECT_EQ(count_of(Status::Completed), 0);
    EXPECT_THAT(enqueue(every_minute()), testing::Ne(job_)) << "its name is free";
}

TEST_P(PlanContract, ACompletedPlanThatAFileDeclaresStays) {
    JobSpec spec = every_minute({.max_count = 1}).spec();
    spec.declared = core::Declaration{"here", "jobhost.toml:1"};
    job_ = jobs().enqueue({&spec, 1})->at(0).id;
    begin_ = clock_.now();
    fire(0);
    settle(succeeded(run_one()));
    ASSERT_EQ(status(job_), Status::Completed);
    clock_.advance(1h);

    EXPECT_EQ(prune(all_ended()).jobs, 1) << "the child";
    EXPECT_EQ(prune(all_ended()).jobs, 0);
    spec.declared->place.clear();
    update(job_, spec, {.declared = true});

    EXPECT_EQ(prune(all_ended()).jobs, 1);
    EXPECT_FALSE(is_stored(job_));
}

}  // namespace jobhost::contract
