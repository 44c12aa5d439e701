#include <algorithm>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, AnAcceptedJobIsFoundAsItWasAskedFor) {
    JobSpec spec = JobBuilder()
                       .args(R"({"a" : [1,2]})")
                       .name("nightly")
                       .group("reports")
                       .priority(core::Priority::High)
                       .begin_time(clock_.now() + 1h)
                       .timeout(90s)
                       .max_tries(7)
                       .label("site", "fra1")
                       .label("disk", "ssd")
                       .spec();
    spec.description = "the big one";
    spec.creator = "ann";
    spec.unique_key = "order-7";
    spec.end_time = clock_.now() + 2h;
    spec.source = core::Source::System;
    const auto enqueued = jobs().enqueue({&spec, 1});
    ASSERT_TRUE(enqueued);

    const store::Job job = find(enqueued->front().id);

    EXPECT_EQ(job.spec.type, spec.type);
    EXPECT_EQ(job.spec.args, spec.args);
    EXPECT_EQ(job.spec.kind, spec.kind);
    EXPECT_EQ(job.spec.source, spec.source);
    EXPECT_EQ(job.spec.name, spec.name);
    EXPECT_EQ(job.spec.group, spec.group);
    EXPECT_EQ(job.spec.priority, spec.priority);
    EXPECT_EQ(job.spec.description, spec.description);
    EXPECT_EQ(job.spec.creator, spec.creator);
    EXPECT_EQ(job.spec.unique_key, spec.unique_key);
    EXPECT_EQ(job.spec.end_time, spec.end_time);
    EXPECT_EQ(job.spec.begin_time, spec.begin_time);
    EXPECT_EQ(job.spec.timeout, spec.timeout);
    EXPECT_EQ(job.spec.max_tries, spec.max_tries);
    EXPECT_EQ(job.spec.labels, spec.labels);
}

TEST_P(StoreContract, ANewJobHasNoHistory) {
    const store::Job job = find(enqueue({}));

    EXPECT_EQ(job.status, Status::Queuing);
    EXPECT_EQ(job.reason, "");
    EXPECT_FALSE(job.abandoned);
    EXPECT_EQ(job.tries, 0);
    EXPECT_EQ(job.attempts, 0);
    EXPECT_EQ(job.version, 1);
    EXPECT_EQ(job.created_at, clock_.now());
    EXPECT_EQ(job.next_run_at, clock_.now());
    EXPECT_FALSE(job.started_at);
    EXPECT_FALSE(job.ended_at);
    EXPECT_FALSE(job.progress);
    EXPECT_EQ(job.last_error, "");
    EXPECT_EQ(job.result_json, "");
    EXPECT_THAT(attempts(job.id), IsEmpty());
}

TEST_P(StoreContract, TextsAreKeptAsTheyWereSent) {
    const std::string text = "'; DROP TABLE job; -- \" \\ \n\t äöü 漢字 \U0001F600";

    const store::Job job = find(enqueue(JobBuilder().name(text).group(text).args(text)));

    EXPECT_EQ(job.spec.name, text);
    EXPECT_EQ(job.spec.group, text);
    EXPECT_EQ(job.spec.args, text);
}

TEST_P(StoreContract, LargeArgumentsAreKept) {
    const std::string args = "{\"text\":\"" + std::string(1'000'000, 'x') + "\"}";

    EXPECT_EQ(find(enqueue(JobBuilder().args(args))).spec.args, args);
}

TEST_P(StoreContract, ResultsOfAnEnqueueAreInTheOrderOfItsSpecs) {
    const std::vector<JobSpec> specs{JobBuilder().args("1").spec(), JobBuilder().args("2").spec(),
                                     JobBuilder().args("3").spec()};

    const auto enqueued = jobs().enqueue(specs);

    ASSERT_TRUE(enqueued);
    ASSERT_THAT(*enqueued, SizeIs(3));
    EXPECT_EQ(find((*enqueued)[0].id).spec.args, "1");
    EXPECT_EQ(find((*enqueued)[1].id).spec.args, "2");
    EXPECT_EQ(find((*enqueued)[2].id).spec.args, "3");
}

TEST_P(StoreContract, IdsGrowInTheOrderOfArrival) {
    auto ids = enqueue_many(100);
    ids.push_back(enqueue({}));

    EXPECT_TRUE(std::ranges::is_sorted(ids));
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST_P(StoreContract, AnEmptyEnqueueDoesNothing) {
    const auto enqueued = jobs().enqueue({});

    ASSERT_TRUE(enqueued);
    EXPECT_THAT(*enqueued, IsEmpty());
}

TEST_P(StoreContract, ATakenNameRefusesThatJobAlone) {
    const JobId holder = enqueue(JobBuilder().name("n"));
    const std::vector<JobSpec> specs{JobBuilder().spec(), JobBuilder().name("n").spec(),
                                     JobBuilder().name("m").spec()};

    const auto enqueued = jobs().enqueue(specs);

    ASSERT_TRUE(enqueued);
    EXPECT_FALSE((*enqueued)[0].refused);
    ASSERT_TRUE((*enqueued)[1].refused);
    EXPECT_EQ((*enqueued)[1].refused->kind, base::ErrorKind::Conflict);
    EXPECT_EQ((*enqueued)[1].refused->code, "name_taken");
    EXPECT_FALSE((*enqueued)[2].refused);
    EXPECT_THAT(ids_of(list({}).jobs), ElementsAre((*enqueued)[2].id, (*enqueued)[0].id, holder));
}

TEST_P(StoreContract, ANameGivenTwiceInOneBatchRefusesTheSecond) {
    const std::vector<JobSpec> specs(2, JobBuilder().name("n").spec());

    const auto enqueued = jobs().enqueue(specs);

    ASSERT_TRUE(enqueued);
    EXPECT_FALSE((*enqueued)[0].refused);
    EXPECT_TRUE((*enqueued)[1].refused);
}

TEST_P(StoreContract, TheSameNameIsFreeInAnotherGroup) {
    enqueue(JobBuilder().name("n").group("a"));

    enqueue(JobBuilder().name("n").group("b"));

    EXPECT_THAT(list({.name = "n"}).jobs, SizeIs(2));
}

TEST_P(StoreContract, ANameBelongsToItsJobAfterThatHasEnded) {
    enqueue(JobBuilder().name("n"));
    settle(succeeded(claim_one()));
    const JobSpec again = JobBuilder().name("n").spec();

    const auto enqueued = jobs().enqueue({&again, 1});

    ASSERT_TRUE(enqueued);
    EXPECT_TRUE(enqueued->front().refused);
}

TEST_P(StoreContract, AUniqueKeyThatIsThereAnswersWithItsJob) {
    JobSpec spec = JobBuilder().name("n").spec();
    spec.unique_key = "k";
    JobSpec other = JobBuilder().type("test.other").spec();
    other.unique_key = "k";

    const auto enqueued = jobs().enqueue(std::vector{spec, other, spec, JobBuilder().spec()});

    ASSERT_TRUE(enqueued);
    EXPECT_TRUE((*enqueued)[0].is_new);
    for (const int again : {1, 2}) {
        const store::Enqueued& held = (*enqueued)[static_cast<std::size_t>(again)];
        EXPECT_FALSE(held.is_new);
        EXPECT_FALSE(held.refused) << "not even for the name";
        EXPECT_EQ(held.id, enqueued->front().id);
    }
    EXPECT_TRUE((*enqueued)[3].is_new);
    EXPECT_EQ(jobs().count({}, 100)->jobs, 2);
    EXPECT_EQ(find(enqueued->front().id).spec.type, "test.job");
}

TEST_P(StoreContract, AUniqueKeyIsFreeAgainWhenItsJobIsDeleted) {
    JobSpec spec = JobBuilder().spec();
    spec.unique_key = "k";
    const JobId first = jobs().enqueue({&spec, 1})->front().id;
    const auto stop = jobs().apply(core::Operation::Stop, {&first, 1}, {});
    ASSERT_TRUE(stop && stop->front().accepted());
    EXPECT_FALSE(jobs().enqueue({&spec, 1})->front().is_new) << "it is kept after its end";
    ASSERT_TRUE(jobs().apply(core::Operation::Delete, {&first, 1}, {})->front().accepted());

    EXPECT_TRUE(jobs().enqueue({&spec, 1})->front().is_new);
}

TEST_P(StoreContract, WhatIsTooLateAlreadyIsRefused) {
    JobSpec spec = JobBuilder().spec();
    spec.end_time = clock_.now() - 1ms;

    const auto enqueued = jobs().enqueue({&spec, 1});

    ASSERT_TRUE(enqueued && enqueued->front().refused);
    EXPECT_EQ(enqueued->front().refused->code, "never_fires");
    EXPECT_EQ(enqueued->front().refused->fields.front().path, "end_time");
    EXPECT_EQ(jobs().count({}, 100)->jobs, 0);
}

TEST_P(StoreContract, AClaimSaysWhenItIsTooLate) {
    JobSpec spec = JobBuilder().spec();
    spec.end_time = clock_.now() + 5s;
    ASSERT_TRUE(jobs().enqueue({&spec, 1}));

    EXPECT_EQ(claim_one().standing.end_time, spec.end_time);
}

TEST_P(StoreContract, AJobForLaterWaitsForItsTime) {
    const JobId id = enqueue(JobBuilder().begin_time(clock_.now() + 1h));

    EXPECT_EQ(status(id), Status::Queuing);
    EXPECT_EQ(find(id).next_run_at, clock_.now() + 1h);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, ABeginInThePastDoesNotJumpTheQueue) {
    const JobId first = enqueue({});
    const JobId second = enqueue(JobBuilder().begin_time(clock_.now() - 24h));

    EXPECT_EQ(find(second).spec.begin_time, clock_.now() - 24h);
    EXPECT_THAT(ids_of(claim()), ElementsAre(first, second));
}

TEST_P(StoreContract, AcceptedJobsSurviveTheirHost) {
    const auto now = enqueue_many(50);
    const JobId named = enqueue(JobBuilder().name("n").begin_time(clock_.now() + 1h));

    kill_and_reopen();

    EXPECT_EQ(ids_of(claim()), now);
    EXPECT_EQ(find(named).spec.name, "n");
}

}  // namespace jobhost::contract
