#include "contract/backfill_contract.hpp"

namespace jobhost::contract {

using core::Gap;
using core::NotRun;
using core::Overlap;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(BackfillContract, MissedOccurrencesRunOneAfterTheOtherTheEarliestFirst) {
    miss();

    const auto done = backfill(3, 5);

    EXPECT_TRUE(done.is_known);
    EXPECT_FALSE(done.refused);
    EXPECT_EQ(done.missing, 3);
    EXPECT_EQ(done.present, 0);
    EXPECT_THAT(done.children, SizeIs(3));
    EXPECT_THAT(run_all_alone(), ElementsAre(minute(3), minute(4), minute(5)));
}

TEST_P(BackfillContract, WhatWasMadeUpForIsTakenOutOfTheRecords) {
    miss();
    const auto recorded_at = plans().not_run(job_, core::Instant::max(), 1)->front().recorded_at;
    clock_.advance(10s);

    backfill(3, 4);

    EXPECT_THAT(gaps(), ElementsAre(missed(5, 6), missed(1, 2)));
    EXPECT_EQ(plans().not_run(job_, core::Instant::max(), 1)->front().recorded_at, recorded_at);
    backfill(1, 6);
    EXPECT_THAT(gaps(), IsEmpty());
    EXPECT_THAT(children(), SizeIs(6));
}

TEST_P(BackfillContract, WhatHasItsChildIsLeftAlone) {
    miss();
    backfill(2, 3);

    const auto again = backfill(1, 4);

    EXPECT_EQ(again.missing, 2);
    EXPECT_EQ(again.present, 2);
    EXPECT_THAT(children(), SizeIs(4));
    EXPECT_THAT(backfill(1, 4).children, IsEmpty());
}

TEST_P(BackfillContract, ADryRunOnlyCounts) {
    miss();
    backfill(2, 2);

    const auto done = backfill(1, 4, true);

    EXPECT_EQ(done.missing, 3);
    EXPECT_EQ(done.present, 1);
    EXPECT_THAT(done.children, IsEmpty());
    EXPECT_THAT(children(), SizeIs(1));
    EXPECT_THAT(gaps(), SizeIs(2));
}

TEST_P(BackfillContract, WhatRanAndWasRemovedIsLeftAlone) {
    arm();
    fire(0);
    settle(succeeded(run_one()));
    clock_.advance(3min);
    advance({.gaps = {missed(1, 2)}, .last = minute(2)});
    ASSERT_EQ(prune({.completed = clock_.now()}).jobs, 1);
    ASSERT_THAT(children(), IsEmpty());

    for (const bool is_dry_run : {true, false}) {
        const auto done = backfill(0, 2, is_dry_run);
        EXPECT_EQ(done.missing, 2);
        EXPECT_EQ(done.present, 0);
        EXPECT_EQ(done.unknown, 1);
    }

    EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2)));
    EXPECT_THAT(gaps(), IsEmpty());
}

TEST_P(BackfillContract, WhatRanBecauseOfABackfillIsLeftAloneWhenItWasRemoved) {
    miss();
    EXPECT_EQ(backfill(-3, -2).missing, 2);
    run_all_alone();
    clock_.advance(1h);
    ASSERT_EQ(prune({.completed = clock_.now()}).jobs, 2);

    const auto again = backfill(-4, -2);

    EXPECT_EQ(again.missing, 1) << "nobody asked for it before";
    EXPECT_EQ(again.unknown, 2);
    EXPECT_EQ(backfill(-1, -1).missing, 1) << "nor for this";
}

TEST_P(BackfillContract, NoRecordReachesOverWhatRanAndWasRemoved) {
    arm();
    from_ = due_plan().point.last;
    advance({.gaps = {missed(0, 0)}, .last = minute(0)});
    fire(1);
    settle(succeeded(run_one()));
    clock_.advance(2min);
    ASSERT_EQ(prune({.completed = clock_.now()}).jobs, 1);

    advance({.gaps = {missed(2, 2)}, .last = minute(2)});

    EXPECT_THAT(gaps(), ElementsAre(missed(2, 2), missed(0, 0)));
    EXPECT_EQ(backfill(0, 2).unknown, 1);
    EXPECT_THAT(run_all_alone(), ElementsAre(minute(0), minute(2)));
}

TEST_P(BackfillContract, WhatIsUnknownRunsWhenItIsAskedFor) {
    miss();
    auto order = order_of(0, 2);
    order.includes_unknown = true;
    for (const bool is_dry_run : {true, false}) {
        order.is_dry_run = is_dry_run;
        const auto done = carry_out_backfill(order);
        EXPECT_EQ(done.missing, 3);
        EXPECT_EQ(done.unknown, 0);
    }
    EXPECT_THAT(run_all_alone(), ElementsAre(minute(0), minute(1), minute(2)));
}

TEST_P(BackfillContract, WhatWasNeverPlannedIsTaken) {
    miss();
    clock_.advance(2min);

    EXPECT_EQ(backfill(-2, -1).missing, 2) << "before the job was made";
    EXPECT_EQ(backfill(7, 8).missing, 2) << "what the planner did not come to yet";
}

TEST_P(BackfillContract, ARecordThatWasNotCountedIsCutToo) {
    arm();
    from_ = due_plan().point.last;
    clock_.advance(7min);
    Gap record = missed(0, 6);
    record.is_counted = false;
    advance({.gaps = {record}, .last = minute(6)});

    EXPECT_EQ(backfill(3, 3).missing, 1);

    EXPECT_THAT(gaps(),
                ElementsAre(Gap{NotRun::Missed, "misfire", minute(4), minute(6), 0, false},
                            Gap{NotRun::Missed, "misfire", minute(0), minute(3) - 1ms, 0, false}));
    EXPECT_EQ(backfill(0, 6).missing, 6) << "what is left is still known";
}

TEST_P(BackfillContract, ManyRunAtOnceWhereThatIsAllowed) {
    miss({.overlap = Overlap::Allow});
    backfill(1, 4);
    EXPECT_THAT(claim(), SizeIs(4));
}

TEST_P(BackfillContract, ItWaitsForWhatRuns) {
    arm();
    fire(0);
    const auto running = run_one();
    clock_.advance(3min);
    backfill(1, 2);

    EXPECT_THAT(claim(), IsEmpty());
    settle(succeeded(running));

    EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2)));
}

TEST_P(BackfillContract, PlanningGoesOnAsItWas) {
    miss({.max_count = 9});
    const store::Job before = find(job_);

    backfill(1, 6);

    const store::Job after = find(job_);
    EXPECT_EQ(after.run_count, before.run_count);
    EXPECT_EQ(after.next_run_at, before.next_run_at);
    EXPECT_EQ(after.last_fired_at, before.last_fired_at);
    EXPECT_EQ(after.version, before.version);
    EXPECT_EQ(due_plan().point.last, minute(6));
}

TEST_P(BackfillContract, AJobThatIsNotArmedCanBeBackfilledToo) {
    for (const auto operation : {core::Operation::Pause, core::Operation::Stop}) {
        miss();
        apply(operation, job_);
        backfill(1, 3);
        EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2), minute(3)));
        apply(core::Operation::Stop, job_);
        apply(core::Operation::Delete, job_);
    }
}

TEST_P(BackfillContract, ADisabledJobCanBeBackfilledToo) {
    miss();
    apply(core::Operation::Disable, job_);

    backfill(1, 3);

    EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2), minute(3)));
    EXPECT_FALSE(find(job_).spec.enabled);
    EXPECT_FALSE(find(job_).next_run_at);
}

TEST_P(BackfillContract, WhatIsDueMeanwhileCancelsTheRestWhereThatIsThePolicy) {
    miss({.overlap = Overlap::CancelOther});
    const auto made = backfill(1, 3).children;
    const auto running = run_one();

    const auto due = fire(7);

    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    EXPECT_THAT(claim(), IsEmpty()) << "never two at once";
    settle(succeeded(running));
    for (const store::Child& child : made) {
        EXPECT_EQ(find(child.id).reason, "cancelled");
    }
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(claim_one().id, due.front().id);
    EXPECT_THAT(gaps(), ElementsAre(missed(4, 6))) << "their children say what became of them";
}

TEST_P(BackfillContract, AJobThatGaveUpCanBeBackfilledToo) {
    begin_ = clock_.now();
    job_ = enqueue(every_minute().max_tries(1));
    fire(0);
    settle(gave_up(run_one()));
    ASSERT_EQ(status(job_), Status::Stopped);
    clock_.advance(5min);

    backfill(1, 3);

    EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2), minute(3)));
    EXPECT_EQ(status(job_), Status::Stopped);
}

TEST_P(BackfillContract, WhatIsPlannedLaterHasItsChildAlready) {
    arm();
    fire(0);
    settle(succeeded(run_one()));
    apply(core::Operation::Pause, job_);
    clock_.advance(6min);
    backfill(2, 3);
    apply(core::Operation::Resume, job_);
    from_ = minute(0);

    advance({.gaps = {{NotRun::Paused, "paused", minute(1), minute(5), 5}}, .last = minute(5)});

    EXPECT_THAT(gaps(), ElementsAre(Gap{NotRun::Paused, "paused", minute(4), minute(5), 2},
                                    Gap{NotRun::Paused, "paused", minute(1), minute(1), 1}));
    EXPECT_THAT(fire(6), IsEmpty()) << "two of them are not over";
    EXPECT_THAT(children(), SizeIs(3));
}

TEST_P(BackfillContract, RecordsThatAreOldAreRemovedAPageAtATime) {
    miss();
    clock_.advance(10s);
    advance({.gaps = {{NotRun::Overlapped, "overlap", minute(7), minute(7)}}, .last = minute(7)});
    const auto before = [](core::Instant cutoff) { return store::Cutoffs{.not_run = cutoff}; };

    EXPECT_EQ(prune(before(minute(6))).records, 0) << "its last occurrence counts";
    EXPECT_EQ(prune(before(minute(7))).records, 0) << "it was recorded after that";
    EXPECT_THAT(gaps(), SizeIs(2));
    const auto page = prune(before(clock_.now()), 1);
    EXPECT_EQ(page.records, 1);
    EXPECT_TRUE(page.more);
    EXPECT_THAT(gaps(), ElementsAre(Gap{NotRun::Overlapped, "overlap", minute(7), minute(7)}));
    EXPECT_EQ(prune(before(clock_.now() + 1s)).records, 1);

    EXPECT_THAT(gaps(), IsEmpty());
    const auto done = backfill(1, 7);
    EXPECT_EQ(done.missing, 0);
    EXPECT_EQ(done.unknown, 7);
}

TEST_P(BackfillContract, WhatCannotBeDoneIsRefused) {
    miss();
    const auto once = enqueue({});
    EXPECT_EQ(carry_out_backfill({.id = once, .nominals = {minute(1)}}).refused->code,
              "not_recurring");
    EXPECT_EQ(carry_out_backfill({.id = job_, .version = 9, .nominals = {minute(1)}}).refused->code,
              "stale");
    EXPECT_FALSE(carry_out_backfill({.id = JobId::make(clock_.now())}).is_known);
    EXPECT_EQ(carry_out_backfill({.id = job_}).missing, 0) << "nothing was asked for";
    EXPECT_THAT(children(), IsEmpty());
    JobSpec system = every_minute().name("of the system").spec();
    system.source = core::Source::System;
    const auto stored = jobs().enqueue({&system, 1});
    ASSERT_TRUE(stored);
    store::BackfillOrder order{.id = stored->front().id, .nominals = {minute(1)}};
    EXPECT_EQ(carry_out_backfill(order).refused->code, "system_job");
    order.system = true;
    EXPECT_THAT(carry_out_backfill(order).children, SizeIs(1));
}

TEST_P(BackfillContract, ItSurvivesAKillAsAWhole) {
    miss();
    backfill(1, 3);

    kill_and_reopen();

    EXPECT_THAT(run_all_alone(), ElementsAre(minute(1), minute(2), minute(3)));
    EXPECT_THAT(gaps(), ElementsAre(missed(4, 6)));
}

}  // namespace jobhost::contract
