#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

/// Changing what is asked of a stored job, on every store.
namespace jobhost::contract {

using core::Operation;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, AnUpdateChangesWhatMayChangeAndNothingElse) {
    const JobId id = enqueue(JobBuilder().name("n").group("g"));
    JobSpec spec = find(id).spec;
    spec.args = R"({ "b" : 2 })";
    spec.priority = core::Priority::High;
    spec.description = "d";
    spec.begin_time = clock_.now() + 1h;
    spec.timeout = 5s;
    spec.max_tries = 3;
    spec.labels = {{"site", "fra1"}};
    JobSpec asked = spec;
    asked.name = "other";
    asked.group = "other";
    asked.source = core::Source::System;

    const auto verdict = update(id, asked, {.version = 1});

    EXPECT_EQ(verdict.now, Status::Queuing);
    const store::Job job = find(id);
    EXPECT_EQ(job.version, 2);
    EXPECT_EQ(job.spec.args, spec.args);
    EXPECT_EQ(job.spec.priority, spec.priority);
    EXPECT_EQ(job.spec.description, spec.description);
    EXPECT_EQ(job.spec.begin_time, spec.begin_time);
    EXPECT_EQ(job.spec.timeout, spec.timeout);
    EXPECT_EQ(job.spec.max_tries, spec.max_tries);
    EXPECT_EQ(job.spec.labels, spec.labels);
    EXPECT_EQ(job.spec.name, "n");
    EXPECT_EQ(job.spec.group, "g");
    EXPECT_EQ(job.spec.source, core::Source::User);
    EXPECT_EQ(job.next_run_at, spec.begin_time);
}

TEST_P(StoreContract, AnUpdateIsRefusedLikeAnOperation) {
    const JobId id = enqueue({});
    JobSpec spec = find(id).spec;

    EXPECT_EQ(update(id, spec, {.version = 2}).refused->code, "stale");
    EXPECT_FALSE(update(JobId::make(clock_.now()), spec).status);
    JobSpec system = JobBuilder().spec();
    system.source = core::Source::System;
    const JobId of_system = jobs().enqueue({&system, 1})->at(0).id;
    EXPECT_EQ(update(of_system, spec).refused->code, "system_job");
    EXPECT_TRUE(update(of_system, spec, {.system = true}).accepted());
    EXPECT_EQ(find(id).version, 1);
}

TEST_P(StoreContract, AWaitingJobMovesToItsNewPlace) {
    const auto ids = enqueue_many(3);
    JobSpec urgent = find(ids[2]).spec;
    urgent.priority = core::Priority::High;
    update(ids[2], urgent);
    JobSpec elsewhere = find(ids[0]).spec;
    elsewhere.labels = {{"site", "nowhere"}};
    update(ids[0], elsewhere);

    EXPECT_THAT(ids_of(claim()), ElementsAre(ids[2], ids[1]));
    EXPECT_EQ(status(ids[0]), Status::Queuing);
    elsewhere.labels = {};
    update(ids[0], elsewhere);
    EXPECT_THAT(ids_of(claim()), ElementsAre(ids[0]));
}

TEST_P(StoreContract, ANewBeginMovesAJobBackAndForth) {
    const JobId id = enqueue({});
    JobSpec spec = find(id).spec;
    spec.begin_time = clock_.now() + 1h;
    update(id, spec);
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_EQ(claim_all({}).next_due, spec.begin_time);

    spec.begin_time.reset();
    update(id, spec);

    EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(StoreContract, AnUpdateLeavesTheDueTimeOfARetry) {
    const JobId id = enqueue({});
    settle(failed(run_one(), 1h));
    const auto due = find(id).next_run_at;
    JobSpec spec = find(id).spec;
    spec.priority = core::Priority::Low;

    update(id, spec);

    EXPECT_EQ(find(id).next_run_at, due);
    EXPECT_EQ(status(id), Status::FailedRetry);
    clock_.advance(1h);
    EXPECT_EQ(claim_one().standing.tries, 1);
}

TEST_P(StoreContract, TheBeginOfAJobThatHasBegunStays) {
    for (const Status where : {Status::Running, Status::Stopped, Status::Completed}) {
        const Specimen one = specimen(where);
        JobSpec spec = find(one.id).spec;
        spec.begin_time = clock_.now() + 1h;
        const auto verdict = update(one.id, spec);
        EXPECT_EQ(verdict.refused->code, "wrong_status") << core::name(where);
        spec.begin_time.reset();
        spec.description = "may change";
        EXPECT_TRUE(update(one.id, spec).accepted());
        EXPECT_EQ(status(one.id), where);
    }
    const Specimen paused = specimen(Status::Paused);
    JobSpec spec = find(paused.id).spec;
    spec.begin_time = clock_.now() + 1h;
    EXPECT_TRUE(update(paused.id, spec).accepted());
    apply(Operation::Resume, paused.id);
    EXPECT_EQ(find(paused.id).next_run_at, spec.begin_time);
}

TEST_P(StoreContract, WhatIsSetAsideKeepsItsNewPlaceForLater) {
    const Specimen one = specimen(Status::Stopped);
    JobSpec spec = find(one.id).spec;
    spec.priority = core::Priority::High;
    spec.labels = {{"site", "nowhere"}};
    update(one.id, spec);
    apply(Operation::Resume, one.id);
    EXPECT_THAT(claim(9, one.type), IsEmpty());
}

TEST_P(StoreContract, AnAttemptKeepsWhatItBeganWithAndItsLandingObeysTheUpdate) {
    const Specimen runs = specimen(Status::Running);
    JobSpec spec = find(runs.id).spec;
    spec.args = R"({"new":1})";
    spec.priority = core::Priority::High;
    spec.enabled = false;
    update(runs.id, spec);
    EXPECT_EQ(status(runs.id), Status::Running);
    EXPECT_THAT(claim_all({}).wants, IsEmpty());
    EXPECT_THAT(backend_->violations(), IsEmpty());

    settle(failed(*runs.running, 0s));

    EXPECT_EQ(status(runs.id), Status::FailedRetry);
    EXPECT_THAT(claim(9, runs.type), IsEmpty());
    apply(Operation::Enable, runs.id);
    EXPECT_EQ(claim_one(runs.type).args, spec.args);
}

TEST_P(StoreContract, ALimitOfTriesThatWasChangedMeanwhileDecides) {
    const Specimen lowered = specimen(Status::Running);
    JobSpec spec = find(lowered.id).spec;
    spec.max_tries = 1;
    update(lowered.id, spec);
    const Settled ended = settled(failed(*lowered.running, 0s));
    EXPECT_EQ(ended.landed.to, Status::Stopped);
    EXPECT_EQ(find(lowered.id).reason, "max_tries");
    EXPECT_TRUE(find(lowered.id).abandoned);

    const Specimen raised = specimen(Status::Running);
    spec = find(raised.id).spec;
    spec.max_tries = 60;
    update(raised.id, spec);
    settle(gave_up(*raised.running));
    EXPECT_EQ(status(raised.id), Status::FailedRetry);
    EXPECT_FALSE(find(raised.id).abandoned);
}

TEST_P(StoreContract, AClaimOfAJobThatWasChangedIsHandedBackToItsNewPlace) {
    const Specimen one = specimen(Status::Queuing);
    const ClaimedJob job = claim_one(one.type);
    JobSpec spec = find(one.id).spec;
    spec.priority = core::Priority::High;
    update(one.id, spec);

    ASSERT_TRUE(claims().hand_back({&job.token, 1}));

    EXPECT_THAT(backend_->violations(), IsEmpty());
    EXPECT_EQ(claim_one(one.type).id, one.id);
}

TEST_P(StoreContract, AnUpdateAndAWishMeet) {
    const Specimen one = specimen(Status::Running);
    JobSpec spec = find(one.id).spec;
    spec.priority = core::Priority::High;
    apply(Operation::Pause, one.id);
    update(one.id, spec);
    EXPECT_THAT(claim_all({}).wants, SizeIs(1)) << "the wish stands";

    settle(succeeded(*one.running));

    EXPECT_EQ(status(one.id), Status::Paused);
    apply(Operation::Resume, one.id);
    EXPECT_EQ(claim_one(one.type).id, one.id);
}

TEST_P(StoreContract, AnEndTimeThatWasChangedDuringARunHoldsForItsLanding) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    JobSpec spec = find(id).spec;
    spec.end_time = clock_.now() + 1s;
    update(id, spec);

    EXPECT_EQ(settle(failed(job, 5s)), SettleVerdict::Applied);

    EXPECT_EQ(status(id), Status::Stopped);
    EXPECT_EQ(find(id).reason, "expired");
}

TEST_P(StoreContract, AnEndTimeMayNotBeChangedToOneThatIsOver) {
    JobSpec spec = JobBuilder().spec();
    spec.end_time = clock_.now() + 1s;
    const JobId id = jobs().enqueue({&spec, 1})->front().id;
    clock_.advance(5s);
    spec.description = "what is over may stay";
    EXPECT_TRUE(jobs().update(id, spec, {})->accepted());
    spec.end_time = clock_.now() - 1s;

    const auto verdict = jobs().update(id, spec, {});

    ASSERT_TRUE(verdict && verdict->refused);
    EXPECT_EQ(verdict->refused->code, "never_fires");
    spec.end_time = clock_.now();
    EXPECT_TRUE(jobs().update(id, spec, {})->accepted());
}

TEST_P(StoreContract, WhatWasChangedDuringARunHoldsAfterTheHostWasKilled) {
    const JobId id = enqueue({});
    const ClaimedJob job = run_one();
    const core::NodeId holder = node_;
    JobSpec spec = find(id).spec;
    spec.priority = core::Priority::High;
    spec.enabled = false;
    update(id, spec);

    kill_and_reopen();
    Settlement lost = failed(job, 0s);
    lost.node = holder;
    EXPECT_EQ(settle(lost), SettleVerdict::Applied);

    EXPECT_THAT(claim(), IsEmpty());
    apply(Operation::Enable, id);
    EXPECT_THAT(claim(), SizeIs(1));
}

namespace {

JobSpec declared(JobSpec spec, const std::string& place) {
    spec.declared = core::Declaration{"here", place};
    return spec;
}

}  // namespace

TEST_P(StoreContract, OnlyTheFileChangesADeclaredJob) {
    const JobSpec spec = declared(JobBuilder().name("n").spec(), "jobhost.toml:4");
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
    EXPECT_EQ(find(id).spec, spec);

    for (const Operation operation : {Operation::Enable, Operation::Disable, Operation::Delete}) {
        const auto refused = apply(operation, id).refused;
        ASSERT_TRUE(refused) << core::name(operation);
        EXPECT_EQ(refused->code, "declared_job");
        EXPECT_NE(refused->message.find("jobhost.toml:4"), std::string::npos);
    }
    EXPECT_EQ(update(id, spec).refused->code, "declared_job");
    EXPECT_EQ(find(id).version, 1);

    for (const Operation operation : {Operation::Pause, Operation::Resume, Operation::Trigger,
                                      Operation::Stop, Operation::Start, Operation::Cancel}) {
        EXPECT_TRUE(apply(operation, id).accepted()) << core::name(operation);
    }
    EXPECT_TRUE(update(id, spec, {.declared = true}).accepted());
}

TEST_P(StoreContract, NobodyDeletesADeclaredJob) {
    const JobSpec spec = declared(JobBuilder().name("n").spec(), "jobhost.toml:4");
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
    ASSERT_TRUE(apply(Operation::Stop, id).accepted());

    EXPECT_EQ(apply(Operation::Delete, id, {.declared = true}).refused->code, "declared_job");

    EXPECT_TRUE(is_stored(id));
}

TEST_P(StoreContract, AStartDoesNotEnableWhatTheFileDeclaresDisabled) {
    for (const Operation operation : {Operation::Start, Operation::Resume}) {
        JobSpec once = declared(JobBuilder().name("n").spec(), "jobhost.toml:4");
        once.enabled = false;
        once.name = "once " + std::string(core::name(operation));
        JobSpec each =
            declared(JobBuilder().recurring({.interval = 1min}).spec(), "jobhost.toml:9");
        each.enabled = false;
        each.name = "each " + std::string(core::name(operation));
        for (const JobSpec& spec : {once, each}) {
            SCOPED_TRACE(*spec.name);
            const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
            ASSERT_TRUE(apply(Operation::Stop, id).accepted());

            EXPECT_EQ(apply(operation, id).now, Status::Queuing);

            EXPECT_FALSE(find(id).spec.enabled);
            EXPECT_EQ(find(id).next_run_at, std::nullopt);
            EXPECT_THAT(claim(), IsEmpty());
            JobSpec on = spec;
            on.enabled = true;
            EXPECT_TRUE(update(id, on, {.declared = true}).accepted());
            EXPECT_TRUE(find(id).next_run_at);
            ASSERT_TRUE(apply(Operation::Stop, id).accepted());
        }
    }
}

TEST_P(StoreContract, AStartEnablesWhatIsNotDeclaredAnyMore) {
    JobSpec spec = declared(JobBuilder().name("n").spec(), "");
    spec.enabled = false;
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
    ASSERT_TRUE(apply(Operation::Stop, id).accepted());

    EXPECT_TRUE(apply(Operation::Start, id).accepted());

    EXPECT_TRUE(find(id).spec.enabled);
    EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(StoreContract, AnUpdateOfTheFileSaysWhereTheJobIsDeclaredNow) {
    const JobSpec spec = declared(JobBuilder().name("n").spec(), "jobhost.toml:4");
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;

    EXPECT_TRUE(update(id, declared(spec, "jobhost.toml:9"), {.declared = true}).accepted());
    EXPECT_EQ(find(id).spec.declared->place, "jobhost.toml:9");

    EXPECT_TRUE(update(id, declared(spec, ""), {.declared = true}).accepted());
    EXPECT_EQ(find(id).spec.declared, (core::Declaration{"here", ""}));
    EXPECT_TRUE(apply(Operation::Stop, id).accepted());
    EXPECT_TRUE(apply(Operation::Delete, id).accepted()) << "it is like any other now";
}

TEST_P(StoreContract, ANewPlaceInTheFileAloneRaisesNoVersion) {
    JobSpec recurring = JobBuilder().name("each").recurring({.interval = 1min}).spec();
    for (const JobSpec& spec : {JobBuilder().name("once").spec(), recurring}) {
        SCOPED_TRACE(*spec.name);
        JobSpec moved = declared(spec, "jobhost.toml:4");
        const JobId id = jobs().enqueue({&moved, 1})->at(0).id;
        const auto before = find(id);
        moved.declared->place = "jobhost.toml:9";

        EXPECT_EQ(update(id, moved, {.declared = true}).now, Status::Queuing);

        EXPECT_EQ(find(id).spec, moved);
        EXPECT_EQ(find(id).version, 1);
        EXPECT_EQ(find(id).next_run_at, before.next_run_at);
        moved.description = "d";
        EXPECT_TRUE(update(id, moved, {.declared = true}).accepted());
        EXPECT_EQ(find(id).version, 2);
    }
}

TEST_P(StoreContract, WhichPresetHadASayIsKept) {
    JobSpec spec = JobBuilder().spec();
    spec.preset = "night";
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;
    EXPECT_EQ(find(id).spec.preset, "night");
    spec.preset = "";
    update(id, spec);
    EXPECT_EQ(find(id).spec.preset, "");
}

TEST_P(StoreContract, TheJobsThatAHostDeclaredAreListed) {
    enqueue(JobBuilder().name("by hand"));
    JobSpec mine = declared(JobBuilder().name("mine").group("g").spec(), "jobhost.toml:1");
    const JobId id = jobs().enqueue({&mine, 1})->at(0).id;
    JobSpec other = mine;
    other.name = "other";
    other.declared->host = "there";
    ASSERT_TRUE(jobs().enqueue({&other, 1}));

    EXPECT_THAT(ids_of(list({.declared_by = "here"}).jobs), ElementsAre(id));
    EXPECT_THAT(ids_of(list({.name = "mine", .declared_by = "here"}).jobs), ElementsAre(id));
    EXPECT_THAT(list({.name = "by hand", .declared_by = "here"}).jobs, IsEmpty());
    EXPECT_THAT(list({.group = "default", .declared_by = "here"}).jobs, IsEmpty());
    EXPECT_EQ(jobs().count({.declared_by = "here"}, 10)->jobs, 1);
}

}  // namespace jobhost::contract
