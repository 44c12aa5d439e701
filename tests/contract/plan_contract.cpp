#include "contract/plan_contract.hpp"

#include <gmock/gmock.h>

namespace jobhost::contract {

using core::Gap;
using core::NotRun;
using core::Overlap;
using core::Recurrence;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(PlanContract, ARecurringJobIsFoundAsItWasAskedFor) {
    const Recurrence recurrence{.cron = "0 3 * * MON",
                                .days = core::CronDays::Both,
                                .time_zone = "Europe/Berlin",
                                .end_time = clock_.now() + 9000h,
                                .max_count = 9,
                                .misfire = core::Misfire::RunAll,
                                .misfire_limit = 7,
                                .catch_up = 1h,
                                .overlap = Overlap::BufferOne,
                                .lock_timeout = 60s,
                                .jitter = 1500ms,
                                .occurrence_tries = 4,
                                .calendars = {"b \"x\"", "a"}};
    const JobId id = enqueue(JobBuilder().name("weekly").recurring(recurrence));

    const store::Job job = find(id);

    EXPECT_EQ(job.spec.recurrence, recurrence);
    EXPECT_EQ(job.spec.kind, core::Kind::Period);
    EXPECT_EQ(job.status, Status::Queuing);
    EXPECT_EQ(job.next_run_at, base::parse_instant("2026-03-02T03:00:00+01:00").value());
    EXPECT_EQ(job.run_count, 0);
    EXPECT_FALSE(job.last_fired_at);
    EXPECT_FALSE(job.parent);
    EXPECT_THAT(claim(), IsEmpty()) << "it never runs itself";
}

TEST_P(PlanContract, AJobOfWhichNoOccurrenceIsLeftIsRefusedAlone) {
    const core::JobSpec over = JobBuilder()
                                   .name("over")
                                   .recurring({.interval = 1min, .end_time = clock_.now() - 1s})
                                   .spec();
    const std::array specs{over, JobBuilder().spec()};

    const auto enqueued = jobs().enqueue(specs);

    ASSERT_TRUE(enqueued);
    ASSERT_TRUE(enqueued->front().refused);
    EXPECT_EQ(enqueued->front().refused->code, "never_fires");
    EXPECT_FALSE(enqueued->back().refused);
    EXPECT_THAT(list({.name = "over"}).jobs, IsEmpty());
}

TEST_P(PlanContract, WhatIsDueIsGivenToThePlanner) {
    arm();
    const store::DuePlan plan = due_plan();

    EXPECT_EQ(plan.id, job_);
    EXPECT_EQ(plan.recurrence.interval, 1min);
    EXPECT_EQ(plan.begin, begin_);
    EXPECT_LT(plan.point.last, begin_);
    EXPECT_EQ(plan.point.ran, 0);
}

TEST_P(PlanContract, WhatIsNotDueIsOnlyAnnounced) {
    enqueue(JobBuilder().name("later").begin_time(clock_.now() + 1h).recurring({.interval = 1min}));

    const auto due = plans().due(clock_.now(), 10);

    ASSERT_TRUE(due);
    EXPECT_THAT(due->plans, IsEmpty());
    EXPECT_EQ(due->next_due, clock_.now() + 1h);
}

TEST_P(PlanContract, AnOccurrenceBecomesAChildThatCanRun) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute({.occurrence_tries = 3})
                       .args(R"({"a":1})")
                       .group("g")
                       .priority(core::Priority::High)
                       .timeout(9s));
    const auto born = fire(0);

    ASSERT_THAT(born, SizeIs(1));
    EXPECT_EQ(born.front().type, "test.job");
    const store::Job child = find(born.front().id);
    EXPECT_EQ(child.parent, job_);
    EXPECT_EQ(child.nominal_at, minute(0));
    EXPECT_EQ(child.spec.kind, core::Kind::Once);
    EXPECT_EQ(child.spec.args, R"({"a":1})");
    EXPECT_EQ(child.spec.group, "g");
    EXPECT_EQ(child.spec.priority, core::Priority::High);
    EXPECT_EQ(child.spec.timeout, 9s);
    EXPECT_EQ(child.spec.max_tries, 3);
    EXPECT_FALSE(child.spec.name);
    EXPECT_EQ(claim_one().id, born.front().id);
    const store::Job parent = find(job_);
    EXPECT_EQ(parent.run_count, 1);
    EXPECT_EQ(parent.last_fired_at, minute(0));
    EXPECT_EQ(parent.next_run_at, minute(1));
}

TEST_P(PlanContract, AChildStartsLaterByItsDelay) {
    arm();
    from_ = due_plan().point.last;
    advance({.firings = {{.nominal = minute(0), .delay = 7s}}, .last = minute(0)});

    EXPECT_THAT(claim(), IsEmpty());
    clock_.advance(7s);
    EXPECT_THAT(claim(), SizeIs(1));
}

TEST_P(PlanContract, ADecisionThatWasOvertakenIsNotCarriedOut) {
    arm();
    fire(0);

    const auto again = carry_out(
        {.id = job_,
         .from = begin_ - 1ms,
         .step = {.firings = {{.nominal = minute(0)}}, .last = minute(0), .next = minute(1)}});

    EXPECT_FALSE(again.is_applied);
    EXPECT_THAT(children(), SizeIs(1));
    EXPECT_FALSE(carry_out({.id = enqueue({}), .from = begin_, .step = {}}).is_applied);
    EXPECT_FALSE(carry_out({.id = JobId::make(clock_.now()), .from = {}, .step = {}}).is_applied);
}

TEST_P(PlanContract, AnOccurrenceHasOneChildWhateverIsAsked) {
    arm({.overlap = Overlap::Allow});
    fire(0);
    from_ = minute(0);

    const auto again = advance({.firings = {{.nominal = minute(0)}}, .last = minute(0)});

    EXPECT_TRUE(again.is_applied);
    EXPECT_THAT(again.children, IsEmpty());
    EXPECT_THAT(children(), SizeIs(1));
    EXPECT_EQ(find(job_).run_count, 1);
}

TEST_P(PlanContract, WhatOverlapsIsSkippedAndRecorded) {
    arm();
    fire(0);

    EXPECT_THAT(fire(1), IsEmpty());
    EXPECT_THAT(fire(2), IsEmpty());

    EXPECT_THAT(gaps(), ElementsAre(Gap{.verdict = NotRun::Overlapped,
                                        .rule = "overlap",
                                        .first = minute(1),
                                        .last = minute(2),
                                        .count = 2}));
    settle(succeeded(run_one()));
    EXPECT_THAT(fire(3), SizeIs(1));
    EXPECT_THAT(fire(4), IsEmpty());
    EXPECT_THAT(gaps(), SizeIs(2)) << "a child between them parts two records";
}

TEST_P(PlanContract, OneIsBufferedUntilTheOtherIsOver) {
    arm({.overlap = Overlap::BufferOne});
    fire(0);
    const auto running = run_one();
    const auto buffered = fire(1);

    ASSERT_THAT(buffered, SizeIs(1));
    EXPECT_THAT(fire(2), IsEmpty());
    EXPECT_EQ(status(buffered.front().id), Status::Queuing);
    EXPECT_THAT(claim(), IsEmpty());

    settle(succeeded(running));

    EXPECT_EQ(claim_one().id, buffered.front().id);
    EXPECT_THAT(gaps(), SizeIs(1));
}

TEST_P(PlanContract, ABufferedOneWaitsThroughTheRetriesOfTheOther) {
    arm({.overlap = Overlap::BufferOne, .occurrence_tries = 3});
    fire(0);
    const auto first = run_one();
    fire(1);
    settle(failed(first, 0s));

    const auto retry = claim();

    ASSERT_THAT(retry, SizeIs(1));
    EXPECT_EQ(retry.front().id, first.id);
}

TEST_P(PlanContract, ALateOneWaitsForItsTurn) {
    arm({.misfire = core::Misfire::RunAll});
    fire(0, true);
    fire(1, true);
    fire(2, true);

    EXPECT_THAT(children(), SizeIs(3));
    for (int number = 0; number < 3; ++number) {
        const auto ready = claim();
        ASSERT_THAT(ready, SizeIs(1));
        EXPECT_EQ(find(ready.front().id).nominal_at, minute(number));
        start(ready.front());
        settle(succeeded(ready.front()));
    }
}

TEST_P(PlanContract, AnotherIsCancelledWhereThatIsThePolicy) {
    arm({.overlap = Overlap::CancelOther});
    const auto first = fire(0);
    const auto running = run_one();

    const auto second = fire(1);

    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    EXPECT_THAT(claim(), IsEmpty()) << "never two at once";
    settle(succeeded(running));
    EXPECT_EQ(find(first.front().id).reason, "cancelled");
    EXPECT_EQ(claim_one().id, second.front().id);
}

TEST_P(PlanContract, AWaitingOneIsReplacedAtOnce) {
    arm({.overlap = Overlap::CancelOther});
    const auto first = fire(0);

    const auto second = fire(1);

    EXPECT_EQ(status(first.front().id), Status::Stopped);
    EXPECT_EQ(claim_one().id, second.front().id);
}

TEST_P(PlanContract, ManyRunAtOnceWhereThatIsAllowed) {
    arm({.overlap = Overlap::Allow});
    fire(0);
    fire(1);
    EXPECT_THAT(claim(), SizeIs(2));
}

TEST_P(PlanContract, RecordsAreKeptAndPagedNewestFirst) {
    arm();
    from_ = due_plan().point.last;
    const Gap missed{.verdict = NotRun::Missed,
                     .rule = "misfire",
                     .first = minute(0),
                     .last = minute(3),
                     .count = 4};
    const Gap unseen{.verdict = NotRun::Paused,
                     .rule = "paused",
                     .first = minute(4),
                     .last = minute(9),
                     .count = 1000,
                     .is_counted = false};
    advance({.gaps = {missed, unseen}, .last = minute(9)});

    EXPECT_THAT(gaps(), ElementsAre(unseen, missed));
    const auto page = plans().not_run(job_, minute(4), 1);
    ASSERT_TRUE(page);
    ASSERT_THAT(*page, SizeIs(1));
    EXPECT_EQ(page->front().gap, missed);
    EXPECT_EQ(page->front().recorded_at, clock_.now());
    EXPECT_THAT(*plans().not_run(JobId::make(clock_.now()), minute(9), 5), IsEmpty());
}

TEST_P(PlanContract, TheJobIsCompletedWithItsLastChild) {
    arm({.max_count = 2});
    fire(0);
    settle(succeeded(run_one()));
    fire(1);

    EXPECT_EQ(status(job_), Status::Queuing);
    EXPECT_FALSE(find(job_).next_run_at);
    settle(succeeded(run_one()));

    const store::Job job = find(job_);
    EXPECT_EQ(job.status, Status::Completed);
    EXPECT_EQ(job.ended_at, clock_.now());
    EXPECT_EQ(job.run_count, 2);
    EXPECT_EQ(list({.status = Status::Completed, .name = "each minute"}).jobs.size(), 1U);
}

TEST_P(PlanContract, TheJobIsCompletedThoughItsLastChildFailed) {
    arm({.max_count = 1});
    fire(0);

    settle(gave_up(run_one()));

    EXPECT_EQ(status(job_), Status::Completed);
    EXPECT_EQ(find(job_).tries, 1);
}

TEST_P(PlanContract, SkippedOccurrencesDoNotCount) {
    arm({.max_count = 2});
    fire(0);
    EXPECT_THAT(fire(1), IsEmpty());

    EXPECT_EQ(find(job_).next_run_at, minute(2));
}

TEST_P(PlanContract, WithoutALiveChildItIsCompletedAtOnce) {
    arm({.end_time = clock_.now() + 1min});
    from_ = due_plan().point.last;
    const store::Advance last{
        .id = job_,
        .from = from_,
        .step = {.gaps = {{.rule = "misfire", .first = minute(0), .last = minute(0)}},
                 .last = minute(0)}};
    EXPECT_TRUE(carry_out(last).is_applied);

    EXPECT_EQ(status(job_), Status::Completed);
}

TEST_P(PlanContract, FailuresOfItsChildrenStopItAtTheLimit) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute().max_tries(2));
    fire(0);
    settle(gave_up(run_one()));
    EXPECT_EQ(find(job_).tries, 1);
    EXPECT_EQ(status(job_), Status::Queuing);
    fire(1);
    settle(gave_up(run_one()));

    const store::Job job = find(job_);
    EXPECT_EQ(job.status, Status::Stopped);
    EXPECT_TRUE(job.abandoned);
    EXPECT_EQ(job.reason, "max_tries");
    EXPECT_FALSE(job.next_run_at);
}

TEST_P(PlanContract, ASuccessOfAChildForgetsTheFailures) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute().max_tries(2));
    fire(0);
    settle(gave_up(run_one()));
    fire(1);
    settle(succeeded(run_one()));

    EXPECT_EQ(find(job_).tries, 0);
    fire(2);
    settle(gave_up(run_one()));
    EXPECT_EQ(status(job_), Status::Queuing);
}

TEST_P(PlanContract, WhatWaitedForAnotherEndsWithTheJobThatGaveUp) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute({.overlap = Overlap::BufferOne}).max_tries(1));
    fire(0);
    const auto running = run_one();
    const auto buffered = fire(1);

    settle(gave_up(running));

    EXPECT_EQ(status(job_), Status::Stopped);
    EXPECT_EQ(find(buffered.front().id).reason, "parent_stopped");
}

TEST_P(PlanContract, AllThatWaitedEndWithTheJobThatGaveUp) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute({.misfire = core::Misfire::RunAll}).max_tries(1));
    fire(0);
    const auto running = run_one();
    for (int number = 1; number < 4; ++number) {
        EXPECT_THAT(fire(number, true), SizeIs(1));
    }

    settle(gave_up(running));

    EXPECT_THAT(claim(), IsEmpty());
    for (const store::Job& child : list({.parent = job_}).jobs) {
        EXPECT_EQ(child.reason, child.id == running.id ? "max_tries" : "parent_stopped");
    }
}

TEST_P(PlanContract, AnOccurrenceThatComesAgainDisturbsNothing) {
    for (const auto overlap : {Overlap::CancelOther, Overlap::Skip}) {
        job_ = {};
        begin_ = clock_.now();
        Recurrence recurrence{.interval = 1min, .overlap = overlap};
        job_ = enqueue(JobBuilder().name(std::string(name(overlap))).recurring(recurrence));
        fire(0);
        const auto running = run_one();
        from_ = minute(0);

        const auto again = advance({.firings = {{.nominal = minute(0)}}, .last = minute(0)});

        EXPECT_TRUE(again.children.empty());
        EXPECT_THAT(claim_all({}).wants, IsEmpty());
        EXPECT_THAT(gaps(), IsEmpty());
        settle(succeeded(running));
        EXPECT_TRUE(cancel(job_).accepted());
        apply(core::Operation::Stop, job_);
    }
}

TEST_P(PlanContract, ALimitThatIsReachedAlreadyEndsTheJob) {
    arm();
    fire(0);
    settle(succeeded(run_one()));
    JobSpec spec = find(job_).spec;
    spec.recurrence->max_count = 1;

    EXPECT_TRUE(update(job_, spec).accepted());

    EXPECT_EQ(status(job_), Status::Completed);
}

TEST_P(PlanContract, AChangeThatIsNotAboutTheTimetableDropsNothing) {
    arm();
    fire(0);
    clock_.advance(5min);
    JobSpec spec = find(job_).spec;
    spec.recurrence->jitter = 1s;

    EXPECT_TRUE(update(job_, spec).accepted());

    EXPECT_EQ(due_plan().point.last, minute(0));
}

TEST_P(PlanContract, CalendarsAreKeptAndChangedWithoutAnyLoss) {
    arm({.calendars = {"holidays"}});
    fire(0);
    clock_.advance(5min);
    EXPECT_EQ(due_plan().recurrence.calendars, (std::vector<std::string>{"holidays"}));
    JobSpec spec = find(job_).spec;
    spec.recurrence->calendars = {"nights", "holidays"};

    EXPECT_TRUE(update(job_, spec).accepted());

    EXPECT_EQ(find(job_).spec.recurrence->calendars, spec.recurrence->calendars);
    EXPECT_EQ(due_plan().point.last, minute(0));
    const Gap excluded{.verdict = NotRun::BlackedOut,
                       .rule = "calendar nights",
                       .first = minute(1),
                       .last = minute(2),
                       .count = 2};
    advance({.gaps = {excluded}, .last = minute(2)});
    EXPECT_THAT(gaps(), ElementsAre(excluded));
}

TEST_P(PlanContract, AStoppedChildThatIsResumedWaitsForItsTurn) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute({.lock_timeout = 60s}));
    const auto stopped = fire(0).front().id;
    apply(core::Operation::Stop, stopped);
    fire(1);
    const auto running = run_one();

    EXPECT_TRUE(apply(core::Operation::Resume, stopped).accepted());

    EXPECT_THAT(claim(), IsEmpty()) << "never two at once";
    settle(succeeded(running));
    EXPECT_EQ(run_one().id, stopped);
}

TEST_P(PlanContract, ACancelEndsTheChildrenAndTheScheduleGoesOn) {
    arm({.overlap = Overlap::Allow});
    fire(0);
    const auto running = run_one();
    const auto waiting = fire(1);

    EXPECT_TRUE(cancel(job_).accepted());

    EXPECT_EQ(find(waiting.front().id).reason, "cancelled");
    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    EXPECT_EQ(status(job_), Status::Queuing);
    EXPECT_EQ(find(job_).next_run_at, minute(2));
    settle(succeeded(running));
    EXPECT_THAT(fire(2), SizeIs(1));
}

TEST_P(PlanContract, EverythingSurvivesAKill) {
    arm({.overlap = Overlap::BufferOne});
    fire(0);
    run_one();
    const auto buffered = fire(1);
    EXPECT_THAT(fire(2), IsEmpty());

    kill_and_reopen();

    EXPECT_EQ(find(job_).run_count, 2);
    EXPECT_EQ(find(job_).next_run_at, minute(3));
    EXPECT_THAT(gaps(), SizeIs(1));
    const auto dead = dead_claims();
    ASSERT_THAT(dead, SizeIs(1));
    Settlement lost = succeeded(dead.front().job);
    lost.node = dead.front().node;
    settle(lost);
    EXPECT_EQ(claim_one().id, buffered.front().id);
}

TEST_P(PlanContract, AClockThatWasSetBackMakesTheJobDueAgain) {
    arm({.overlap = Overlap::Allow});
    fire(0);
    clock_.advance(5h);
    fire(300);
    advance({.gaps = {{.rule = "misfire", .first = minute(301), .last = minute(302), .count = 2}},
             .last = minute(302)});
    clock_.set(minute(1) - 1s);

    EXPECT_EQ(plans().rewind(clock_.now()).value(), 1);

    EXPECT_EQ(due_plan().id, job_);
    EXPECT_TRUE(advance({.last = clock_.now(), .next = minute(1), .went_back = true}).is_applied);
    EXPECT_THAT(gaps(), IsEmpty()) << "records of times that have not come are void";
    fire(1);
    EXPECT_THAT(children(), SizeIs(3));
    EXPECT_EQ(plans().rewind(clock_.now()).value(), 0);
}

TEST_P(PlanContract, JobsThatRecurAreCountedWhereTheyStand) {
    arm();
    EXPECT_EQ(jobs().counts().value().at(Status::Queuing), 1);
    fire(0);
    EXPECT_EQ(jobs().counts().value().at(Status::Queuing), 2);
    EXPECT_THAT(list({.status = Status::Queuing}).jobs, SizeIs(2));
    settle(succeeded(run_one()));
    EXPECT_EQ(jobs().counts().value().at(Status::Completed), 1);
}

}  // namespace jobhost::contract
