#include <array>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

/// What people do to a stored job, on every store: each operation where it is allowed and where it
/// is not, two of them after each other, and what an attempt reports after them.
namespace jobhost::contract {

using core::Operation;
using core::Want;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

constexpr std::array kStored{Status::Queuing, Status::Running, Status::FailedRetry,
                             Status::Paused,  Status::Stopped, Status::Completed};

/// Those that are asked for by `JobStore::apply`.
constexpr std::array kApplied{Operation::Start,  Operation::Trigger, Operation::Pause,
                              Operation::Resume, Operation::Stop,    Operation::Cancel,
                              Operation::Enable, Operation::Disable, Operation::Delete};

/// What should have become of one job whose times have all come.
struct Expected {
    Status status = Status::Queuing;
    Want want = Want::Nothing;
    bool enabled = true;
    bool deleted = false;
    bool begun_anew = false;  ///< its failures are forgotten
    bool has_child = false;   ///< one that waits

    [[nodiscard]] bool waits() const {
        return !deleted && (status == Status::Queuing || status == Status::FailedRetry);
    }

    /// Whether the operation should be accepted.
    bool ask(Operation operation) {
        if (deleted || !core::allows(status, operation, want) ||
            (has_child && operation == Operation::Delete)) {
            return false;
        }
        has_child = has_child || operation == Operation::Trigger;
        want = status == Status::Running ? core::want_after(want, operation) : want;
        const bool rearms = operation == Operation::Start || operation == Operation::Resume;
        enabled = (enabled || rearms || operation == Operation::Enable) &&
                  operation != Operation::Disable;
        if (status != Status::Running) {
            begun_anew = begun_anew || rearms;
            move(operation);
        }
        return true;
    }

    /// The attempt reports a success.
    void end() {
        if (status == Status::Running) {
            status = core::land({}, want, {}).to;
        }
    }

private:
    void move(Operation operation) {
        switch (operation) {
            case Operation::Start:
            case Operation::Resume:
                status = Status::Queuing;
                return;
            case Operation::Pause:
                status = Status::Paused;
                return;
            case Operation::Stop:
            case Operation::Cancel:
                status = Status::Stopped;
                return;
            case Operation::Delete:
                deleted = true;
                return;
            default:
                return;
        }
    }
};

std::string what_is_asked(Status status, Operation first, Operation second) {
    return std::string(core::name(status)) + ": " + std::string(core::name(first)) + ", " +
           std::string(core::name(second));
}

struct Pair {
    Status status;
    Operation first;
    Operation second;
};

std::vector<Pair> every_pair() {
    std::vector<Pair> pairs;
    for (const Status status : kStored) {
        for (const Operation first : kApplied) {
            for (const Operation second : kApplied) {
                pairs.push_back({status, first, second});
            }
        }
    }
    return pairs;
}

core::Transition reported(core::AttemptOutcome outcome, const core::Instant& now) {
    core::Transition transition;
    transition.outcome = outcome;
    switch (outcome) {
        case core::AttemptOutcome::Succeeded:
            transition.to = Status::Completed;
            return transition;
        case core::AttemptOutcome::Cancelled:
        case core::AttemptOutcome::Skipped:
            transition.to = Status::Stopped;
            transition.reason = outcome == core::AttemptOutcome::Skipped ? "skipped" : "cancelled";
            return transition;
        case core::AttemptOutcome::Snoozed:
        case core::AttemptOutcome::Interrupted:
            transition.to = Status::Queuing;
            transition.due = now;
            return transition;
        default:
            transition.to = Status::FailedRetry;
            transition.tries = 1;
            transition.due = now;
            return transition;
    }
}

void expect_job(const std::vector<store::Job>& found, const Expected& expected) {
    ASSERT_EQ(found.empty(), expected.deleted);
    if (expected.deleted) {
        return;
    }
    const store::Job& job = found.front();
    EXPECT_EQ(job.status, expected.status);
    EXPECT_EQ(job.spec.enabled, expected.enabled);
    if (expected.begun_anew) {
        EXPECT_EQ(job.tries, 0);
        EXPECT_FALSE(job.abandoned);
    }
}

}  // namespace

TEST_P(StoreContract, EveryOperationDoesAtEveryStatusWhatTheTableAllows) {
    for (const Status status : kStored) {
        for (const Operation operation : kApplied) {
            SCOPED_TRACE(what_is_asked(status, operation, operation));
            const Specimen one = specimen(status);
            const store::Job before = find(one.id);
            Expected expected{.status = status};
            const bool allowed = expected.ask(operation);

            const auto verdict = apply(operation, one.id);

            EXPECT_EQ(verdict.status, status);
            EXPECT_EQ(verdict.accepted(), allowed);
            EXPECT_EQ(verdict.refused ? verdict.refused->code : "", allowed ? "" : "wrong_status");
            expect_job(*jobs().find({&one.id, 1}), expected);
            if (!allowed || operation == Operation::Trigger) {
                EXPECT_EQ(find(one.id).version, before.version);
            } else if (!expected.deleted) {
                EXPECT_EQ(find(one.id).version, before.version + 1);
                EXPECT_EQ(verdict.now, expected.status);
            }
        }
    }
}

TEST_P(StoreContract, AnyTwoOperationsLeadWhereTheTablesSay) {
    for (const auto& [status, first, second] : every_pair()) {
        SCOPED_TRACE(what_is_asked(status, first, second));
        const Specimen one = specimen(status);
        Expected expected{.status = status};
        for (const Operation operation : {first, second}) {
            const bool allowed = expected.ask(operation);
            EXPECT_EQ(apply(operation, one.id).accepted(), allowed);
        }
        if (one.running) {
            settle(succeeded(*one.running));
        }
        expected.end();
        expect_job(*jobs().find({&one.id, 1}), expected);
        if (!expected.has_child) {
            EXPECT_EQ(claim(9, one.type).size(), expected.waits() && expected.enabled);
        }
    }
}

TEST_P(StoreContract, WhatWasDoneStandsAfterTheHostWasKilled) {
    struct Done {
        Specimen one;
        Expected expected;
        core::NodeId holder;
    };
    std::vector<Done> all;
    for (const Status status : kStored) {
        for (const Operation operation : kApplied) {
            Done done{specimen(status), {.status = status}, node_};
            if (done.expected.ask(operation)) {
                EXPECT_TRUE(apply(operation, done.one.id).accepted());
                all.push_back(std::move(done));
            }
        }
    }

    kill_and_reopen();

    for (auto& [one, expected, holder] : all) {
        SCOPED_TRACE(core::name(expected.status));
        if (one.running) {
            Settlement end = succeeded(*one.running);
            end.node = holder;
            settle(end);
        }
        expected.end();
        expect_job(*jobs().find({&one.id, 1}), expected);
    }
}

TEST_P(StoreContract, AWishMeetsEveryOutcome) {
    using enum core::AttemptOutcome;
    const std::vector<std::vector<Operation>> wishes{
        {Operation::Pause},
        {Operation::Stop},
        {Operation::Cancel},
        {Operation::Pause, Operation::Resume},
        {Operation::Stop, Operation::Pause},
        {Operation::Pause, Operation::Cancel},
        {Operation::Cancel, Operation::Resume, Operation::Stop}};
    for (const auto& wish : wishes) {
        for (const auto outcome : {Succeeded, Failed, TimedOut, Cancelled, Lost, Skipped, Snoozed,
                                   Crashed, Interrupted}) {
            SCOPED_TRACE(core::name(outcome));
            const Specimen one = specimen(Status::Running);
            Want want = Want::Nothing;
            for (const Operation operation : wish) {
                EXPECT_TRUE(apply(operation, one.id).accepted());
                want = core::want_after(want, operation);
            }
            const auto wants = claim_all({}).wants;
            EXPECT_EQ(wants.size(), core::ends_attempt(want) ? 1u : 0u);
            const auto transition = reported(outcome, clock_.now());
            const auto expected = core::land(transition, want, clock_.now());

            const Settled answer = settled(ended(*one.running, transition));

            EXPECT_EQ(answer.landed, expected);
            const store::Job job = find(one.id);
            EXPECT_EQ(job.status, expected.to == Status::Queuing && expected.tries > 0
                                      ? Status::FailedRetry
                                      : expected.to);
            EXPECT_EQ(job.reason, expected.reason);
            EXPECT_EQ(attempts(one.id).back().outcome, expected.outcome);
            EXPECT_THAT(claim_all({}).wants, IsEmpty());
        }
    }
}

TEST_P(StoreContract, AResumedJobBeginsAnewButNotBeforeItsTime) {
    const auto begin = clock_.now() + 1h;
    const JobId later = enqueue(JobBuilder().begin_time(begin));
    apply(Operation::Pause, later);
    EXPECT_FALSE(find(later).next_run_at);
    const Specimen given_up = specimen(Status::Stopped);
    EXPECT_TRUE(find(given_up.id).abandoned);

    apply(Operation::Resume, later);
    apply(Operation::Resume, given_up.id);

    EXPECT_EQ(find(later).next_run_at, begin);
    const store::Job job = find(given_up.id);
    EXPECT_EQ(job.next_run_at, clock_.now());
    EXPECT_EQ(job.reason, "");
    EXPECT_FALSE(job.ended_at);
    EXPECT_EQ(claim_one(given_up.type).standing.tries, 0);
}

TEST_P(StoreContract, AFailedJobThatIsStartedDoesNotWaitForItsRetry) {
    const JobId id = enqueue({});
    settle(failed(run_one(), 1h));
    EXPECT_THAT(claim(), IsEmpty());

    EXPECT_EQ(apply(Operation::Start, id).now, Status::Queuing);

    EXPECT_EQ(claim_one().standing.tries, 0);
}

TEST_P(StoreContract, AClaimThatHasNotBegunIsJudgedAsOneThatRuns) {
    const JobId id = enqueue({});
    settle(failed(run_one(), 0s));
    const ClaimedJob job = claim_one();

    const auto verdict = apply(Operation::Start, id);
    EXPECT_EQ(verdict.refused->code, "wrong_status");
    EXPECT_EQ(verdict.status, Status::Running);
    EXPECT_TRUE(apply(Operation::Pause, id).accepted());
    ASSERT_TRUE(claims().hand_back({&job.token, 1}));

    EXPECT_EQ(status(id), Status::Paused);
    EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(StoreContract, ADisabledJobNeverRuns) {
    const JobId waiting = enqueue({});
    const JobId later = enqueue(JobBuilder().begin_time(clock_.now() + 1min));
    JobBuilder builder;
    core::JobSpec from_the_beginning = builder.spec();
    from_the_beginning.enabled = false;
    const JobId created = jobs().enqueue({&from_the_beginning, 1})->at(0).id;
    apply(Operation::Disable, waiting);
    apply(Operation::Disable, later);

    clock_.advance(1h);
    EXPECT_THAT(claim(), IsEmpty());
    store::JobQuery waits;
    waits.status = Status::Queuing;
    EXPECT_THAT(list(waits).jobs, SizeIs(3));
    EXPECT_EQ(jobs().counts()->at(Status::Queuing), 3);
    for (const JobId id : {waiting, later, created}) {
        EXPECT_FALSE(find(id).next_run_at);
        apply(Operation::Enable, id);
    }

    EXPECT_THAT(claim(), SizeIs(3));
}

TEST_P(StoreContract, AJobThatIsDisabledWhileItRunsWaitsDisabledAfterwards) {
    const Specimen runs = specimen(Status::Running);
    const Specimen held = specimen(Status::Queuing);
    publish({runs.type, held.type});
    const ClaimedJob claim_of_held = claim_one(held.type);
    apply(Operation::Disable, runs.id);
    apply(Operation::Disable, held.id);
    EXPECT_THAT(claim_all({}).wants, IsEmpty()) << "nobody is told to end";

    settle(failed(*runs.running, 0s));
    ASSERT_TRUE(claims().hand_back({&claim_of_held.token, 1}));

    EXPECT_EQ(status(runs.id), Status::FailedRetry);
    EXPECT_THAT(claim(9, runs.type), IsEmpty());
    EXPECT_THAT(claim(9, held.type), IsEmpty());
    apply(Operation::Enable, runs.id);
    EXPECT_EQ(claim_one(runs.type).standing.tries, 1);
}

TEST_P(StoreContract, ATriggerMakesOneJobLikeThisOneAndLeavesItAlone) {
    const JobId id = enqueue(JobBuilder()
                                 .args(R"({ "a" : 1 })")
                                 .name("n")
                                 .group("g")
                                 .priority(core::Priority::High)
                                 .timeout(5s)
                                 .max_tries(7)
                                 .begin_time(clock_.now() + 1h));
    const store::Job before = find(id);

    const auto verdict = apply(Operation::Trigger, id);

    ASSERT_TRUE(verdict.made);
    const store::Job child = find(*verdict.made);
    core::JobSpec expected = before.spec;
    expected.name.reset();
    expected.begin_time.reset();
    EXPECT_EQ(child.parent, id);
    EXPECT_EQ(child.spec.args, expected.args);
    EXPECT_EQ(child.spec.group, expected.group);
    EXPECT_EQ(child.spec.priority, expected.priority);
    EXPECT_EQ(child.spec.timeout, expected.timeout);
    EXPECT_EQ(child.spec.max_tries, expected.max_tries);
    EXPECT_FALSE(child.spec.name);
    EXPECT_EQ(claim_one().id, child.id);
    EXPECT_EQ(find(id).next_run_at, before.next_run_at);
    EXPECT_EQ(find(id).version, before.version);
    store::JobQuery children;
    children.parent = id;
    EXPECT_THAT(ids_of(list(children).jobs), ElementsAre(child.id));
    EXPECT_EQ(jobs().count(children, 10)->jobs, 1);
    children.parent = child.id;
    EXPECT_THAT(list(children).jobs, IsEmpty());
    children.parent = JobId::make(clock_.now());
    EXPECT_THAT(list(children).jobs, IsEmpty());
}

TEST_P(StoreContract, ADeletedJobLeavesNothingAndFreesItsName) {
    const JobId id = enqueue(JobBuilder().name("n"));
    Settlement end = succeeded(run_one());
    end.result_json = "{}";
    end.output = store::Output{.head = {{core::Stream::Out, "x"}}};
    settle(end);

    const auto verdict = apply(Operation::Delete, id);

    EXPECT_EQ(verdict.status, Status::Completed);
    EXPECT_FALSE(verdict.now);
    EXPECT_FALSE(is_stored(id));
    EXPECT_FALSE(jobs().attempts(id, 0, 10));
    EXPECT_EQ(jobs().counts()->at(Status::Completed), 0);
    EXPECT_EQ(settle(end), SettleVerdict::Fenced) << "a repeated answer has no job";
    enqueue(JobBuilder().name("n"));
    EXPECT_FALSE(apply(Operation::Delete, id).status);
}

TEST_P(StoreContract, AJobWithLiveChildrenCannotBeDeletedAndEndedOnesGoAlong) {
    const JobId id = enqueue({});
    settle(succeeded(run_one()));
    const JobId child = *apply(Operation::Trigger, id).made;
    settle(succeeded(run_one()));
    const JobId grandchild = *apply(Operation::Trigger, child).made;

    EXPECT_EQ(apply(Operation::Delete, id).refused->code, "children_alive");
    EXPECT_EQ(apply(Operation::Delete, child).refused->code, "children_alive");
    settle(succeeded(run_one()));
    EXPECT_TRUE(apply(Operation::Delete, id).accepted());

    for (const JobId one : {id, child, grandchild}) {
        EXPECT_FALSE(is_stored(one));
    }
}

TEST_P(StoreContract, OneRefusalRefusesAllWhenThatIsAsked) {
    const Specimen over = specimen(Status::Stopped);
    const Specimen waits = specimen(Status::Queuing);
    const std::vector<JobId> ids{over.id, JobId::make(clock_.now()), waits.id};

    const auto refused = *jobs().apply(Operation::Delete, ids, {.all_or_none = true});

    EXPECT_EQ(refused[0].refused->code, "refused_together");
    EXPECT_FALSE(refused[1].status);
    EXPECT_EQ(refused[2].refused->code, "wrong_status");
    EXPECT_TRUE(is_stored(over.id));
    EXPECT_EQ(claim_one(waits.type).id, waits.id) << "a refusal does not hide the job";

    const auto each = *jobs().apply(Operation::Delete, ids, {});
    EXPECT_TRUE(each[0].accepted());
    EXPECT_FALSE(each[2].accepted());
    EXPECT_TRUE(jobs().apply(Operation::Delete, {&ids[1], 1}, {.all_or_none = true}));
}

TEST_P(StoreContract, AJobOfTheSystemIsChangedOnlyOnPurpose) {
    JobBuilder builder;
    core::JobSpec spec = builder.spec();
    spec.source = core::Source::System;
    const JobId id = jobs().enqueue({&spec, 1})->at(0).id;

    for (const Operation operation : kApplied) {
        EXPECT_EQ(apply(operation, id).refused->code, "system_job") << core::name(operation);
    }
    EXPECT_EQ(find(id).version, 1);
    EXPECT_TRUE(apply(Operation::Pause, id, {.system = true}).accepted());
    EXPECT_EQ(status(id), Status::Paused);
}

TEST_P(StoreContract, AnOldVersionIsRefused) {
    const JobId id = enqueue({});

    EXPECT_TRUE(apply(Operation::Pause, id, {.version = 1}).accepted());
    EXPECT_EQ(apply(Operation::Resume, id, {.version = 1}).refused->code, "stale");
    EXPECT_EQ(status(id), Status::Paused);
    EXPECT_TRUE(apply(Operation::Resume, id, {.version = 2}).accepted());
    EXPECT_EQ(find(id).version, 3);
}

}  // namespace jobhost::contract
