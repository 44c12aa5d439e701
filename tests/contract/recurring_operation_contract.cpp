#include <gmock/gmock.h>

#include "contract/plan_contract.hpp"

/// What people do to recurring jobs, on every store.
namespace jobhost::contract {

using core::Operation;
using core::Overlap;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::vector<store::DuePlan> due_now(store::PlanStore& plans, core::Instant now) {
    return plans.due(now, 10)->plans;
}

}  // namespace

TEST_P(PlanContract, EveryOperationOnARecurringJobDoesWhatTheTableAllows) {
    struct Case {
        std::vector<Operation> before;
        Status status;
    };
    int number = 0;
    for (const auto& [before, at] :
         {Case{{}, Status::Queuing}, Case{{Operation::Pause}, Status::Paused},
          Case{{Operation::Stop}, Status::Stopped}}) {
        for (const auto operation : {Operation::Start, Operation::Trigger, Operation::Pause,
                                     Operation::Resume, Operation::Stop, Operation::Cancel,
                                     Operation::Enable, Operation::Disable, Operation::Delete}) {
            SCOPED_TRACE(std::string(core::name(at)) + " " + std::string(core::name(operation)));
            const JobId id = enqueue(
                JobBuilder().name("n" + std::to_string(number++)).recurring({.interval = 1min}));
            for (const Operation one : before) {
                ASSERT_TRUE(apply(one, id).accepted());
            }
            const auto verdict = apply(operation, id);
            EXPECT_EQ(verdict.status, at);
            EXPECT_EQ(verdict.accepted(), core::allows(at, operation));
            if (operation == Operation::Trigger && verdict.accepted()) {
                EXPECT_EQ(find(*verdict.made).parent, id);
            }
            if (is_stored(id)) {
                const bool is_armed = find(id).status == Status::Queuing && find(id).spec.enabled;
                EXPECT_EQ(find(id).next_run_at.has_value(), is_armed);
                apply(Operation::Stop, id);
            }
        }
    }
    EXPECT_THAT(due_now(plans(), clock_.now()), IsEmpty());
}

TEST_P(PlanContract, APausedRecurringJobFiresNoMoreAndItsChildrenGoOn) {
    arm({.overlap = Overlap::Allow});
    fire(0);

    EXPECT_EQ(apply(Operation::Pause, job_).now, Status::Paused);

    EXPECT_THAT(due_now(plans(), clock_.now() + 1h), IsEmpty());
    EXPECT_FALSE(advance({.firings = {{.nominal = minute(1)}}, .last = minute(1)}).is_applied);
    EXPECT_THAT(claim(), SizeIs(1));
    clock_.advance(10min);
    EXPECT_EQ(apply(Operation::Resume, job_).now, Status::Queuing);
    const store::DuePlan due = due_plan();
    EXPECT_EQ(due.point.last, minute(0));
    EXPECT_EQ(due.point.resumed_at, clock_.now()) << "what was due meanwhile was not missed";
}

TEST_P(PlanContract, AStoppedRecurringJobCancelsItsChildren) {
    arm({.overlap = Overlap::Allow});
    const auto first = fire(0);
    const ClaimedJob running = run_one();
    fire(1);

    apply(Operation::Stop, job_);

    EXPECT_EQ(find(job_).reason, "stopped");
    EXPECT_THAT(claim_all({}).wants, SizeIs(1));
    settle(succeeded(running));
    EXPECT_EQ(find(first[0].id).reason, "cancelled");
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_TRUE(apply(Operation::Delete, job_).accepted());
    EXPECT_THAT(list({}).jobs, IsEmpty());
    arm();
}

TEST_P(PlanContract, ADisabledRecurringJobDoesNotFireAndIsNotOver) {
    arm();
    fire(0);
    apply(Operation::Disable, job_);
    EXPECT_THAT(due_now(plans(), clock_.now() + 1h), IsEmpty());
    EXPECT_FALSE(advance({.firings = {{.nominal = minute(1)}}, .last = minute(1)}).is_applied);
    settle(succeeded(run_one()));
    EXPECT_EQ(status(job_), Status::Queuing);
    EXPECT_FALSE(find(job_).next_run_at);
    clock_.advance(10min);

    apply(Operation::Enable, job_);

    EXPECT_EQ(due_plan().point.resumed_at, clock_.now());
    JobBuilder builder;
    JobSpec disabled = builder.name("d").recurring({.interval = 1min}).spec();
    disabled.enabled = false;
    const JobId id = jobs().enqueue({&disabled, 1})->at(0).id;
    EXPECT_FALSE(find(id).next_run_at);
    apply(Operation::Enable, id);
    EXPECT_EQ(find(id).next_run_at, clock_.now());
}

TEST_P(PlanContract, ATriggeredChildWaitsWhereThereMustNeverBeTwo) {
    arm({.lock_timeout = 60s});
    fire(0);
    const JobId extra = *apply(Operation::Trigger, job_).made;
    const ClaimedJob first = run_one();
    EXPECT_NE(first.id, extra);
    EXPECT_THAT(claim(), IsEmpty());
    EXPECT_EQ(find(job_).run_count, 1) << "it is no occurrence";

    settle(succeeded(first));

    EXPECT_EQ(claim_one().id, extra);
}

TEST_P(PlanContract, AChildBehindAGateCanBePausedDisabledAndMoved) {
    for (const auto operation : {Operation::Pause, Operation::Disable}) {
        const JobId id = enqueue(JobBuilder()
                                     .name(std::string(core::name(operation)))
                                     .recurring({.interval = 1min, .lock_timeout = 60s}));
        const JobId first = *apply(Operation::Trigger, id).made;
        const JobId gated = *apply(Operation::Trigger, id).made;
        JobSpec spec = find(gated).spec;
        spec.priority = core::Priority::High;
        EXPECT_TRUE(update(gated, spec).accepted());
        EXPECT_TRUE(apply(operation, gated).accepted());
        EXPECT_THAT(backend_->violations(), IsEmpty());
        const auto running = run_one();
        EXPECT_EQ(running.id, first);
        apply(operation == Operation::Pause ? Operation::Resume : Operation::Enable, gated);
        EXPECT_THAT(claim(), IsEmpty()) << "there must never be two";
        EXPECT_THAT(backend_->violations(), IsEmpty());
        settle(succeeded(running));
        EXPECT_EQ(run_one().id, gated);
    }
}

TEST_P(PlanContract, AStoppedChildThatIsResumedIsAliveAgain) {
    arm({.overlap = Overlap::Allow});
    const JobId child = fire(0)[0].id;
    apply(Operation::Cancel, child);
    apply(Operation::Stop, job_);

    apply(Operation::Resume, child);

    EXPECT_EQ(apply(Operation::Delete, job_).refused->code, "children_alive");
    EXPECT_EQ(claim_one().id, child);
}

TEST_P(PlanContract, ANewTimetableHoldsFromNowOn) {
    arm();
    fire(0);
    clock_.advance(30s);
    JobSpec spec = find(job_).spec;
    spec.recurrence = core::Recurrence{.interval = 1h, .overlap = Overlap::Allow};
    spec.args = R"({"new":1})";

    EXPECT_TRUE(update(job_, spec).accepted());

    EXPECT_EQ(find(job_).spec.recurrence, spec.recurrence);
    EXPECT_EQ(find(job_).next_run_at, minute(60));
    EXPECT_FALSE(advance({.firings = {{.nominal = minute(1)}}, .last = minute(1)}).is_applied)
        << "what was decided before is void";
    spec.recurrence->end_time = clock_.now();
    EXPECT_EQ(update(job_, spec).refused->code, "never_fires");
    EXPECT_EQ(find(job_).version, 2);
}

TEST_P(PlanContract, AnUpdateThatIsNotAboutTheTimetableLeavesItAlone) {
    arm();
    fire(0);
    JobSpec spec = find(job_).spec;
    spec.description = "d";
    const auto next = find(job_).next_run_at;
    EXPECT_TRUE(update(job_, spec).accepted());
    EXPECT_EQ(find(job_).next_run_at, next);
    spec.enabled = false;
    update(job_, spec);
    EXPECT_FALSE(find(job_).next_run_at);
    spec.enabled = true;
    update(job_, spec);
    EXPECT_EQ(find(job_).next_run_at, clock_.now());
}

}  // namespace jobhost::contract
