#include "contract/why_contract.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

/// Whoever asks why is told what the claim goes by: what is said of a job is held against what a
/// claim does that follows at once.
namespace jobhost::contract {

using core::Explanation;
using core::Operation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_P(WhyContract, AJobThatNothingIsInTheWayOfIsReady) {
    const JobId id = enqueue(JobBuilder());

    EXPECT_EQ(verdict(id), "ready");

    const core::JobFacts facts = job_facts(jobs(), id);
    EXPECT_EQ(facts.now, clock_.now());
    EXPECT_EQ(facts.type, "test.job");
    ASSERT_THAT(facts.nodes, SizeIs(1));
    EXPECT_EQ(facts.nodes[0].name, "node-1");
    EXPECT_FALSE(facts.origin);
}

TEST_P(WhyContract, AJobWaitsForItsTime) {
    const JobId id = enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    EXPECT_EQ(verdict(id), "waits");
    EXPECT_EQ(job_facts(jobs(), id).due, clock_.now() + 1h);

    clock_.advance(1h - 1ms);
    EXPECT_EQ(verdict(id), "waits");
    clock_.advance(1ms);
    EXPECT_EQ(verdict(id), "ready");
}

TEST_P(WhyContract, PastItsEndTimeAClaimTakesItAndTheSentenceTellsWhatComesOfThat) {
    const JobId id = enqueue_until(clock_.now() + 1h);
    EXPECT_EQ(job_facts(jobs(), id).end_time, clock_.now() + 1h);

    clock_.advance(1h);
    EXPECT_EQ(verdict(id), "ready");
    EXPECT_THAT(why(id).sentence, Not(HasSubstr("has passed")));
    clock_.advance(1ms);
    EXPECT_EQ(verdict(id), "ready");
    EXPECT_THAT(why(id).sentence, HasSubstr("has passed"));
    EXPECT_EQ(claim_one().standing.end_time, clock_.now() - 1ms) << "by which its holder ends it";
}

TEST_P(WhyContract, WhatStandsInTheQueueStaysReadyWhenTheClockIsSetBack) {
    const JobId id = enqueue(JobBuilder());
    clock_.set(clock_.now() - 1h);
    EXPECT_EQ(verdict(id), "ready");
}

TEST_P(WhyContract, TheJobsThatStandBeforeItAreCounted) {
    const auto ids = enqueue_many(5);
    const JobId urgent = enqueue(JobBuilder().priority(core::Priority::High));
    const JobId other = enqueue(JobBuilder().type("test.other"));
    EXPECT_EQ(job_facts(jobs(), urgent).before, 0);
    EXPECT_EQ(job_facts(jobs(), ids[0]).before, 1);
    EXPECT_EQ(job_facts(jobs(), ids[4]).before, 5);
    EXPECT_EQ(job_facts(jobs(), other).before, 0);
    EXPECT_EQ(run_one().id, urgent);
    EXPECT_EQ(job_facts(jobs(), ids[4]).before, 4) << "what runs stands before nobody";
}

TEST_P(WhyContract, PeopleHoldAJobBack) {
    const JobId id = enqueue(JobBuilder());
    const auto since = clock_.now();
    apply(Operation::Pause, id);
    clock_.advance(1min);
    EXPECT_EQ(verdict(id), "held");
    EXPECT_THAT(failing_terms(why(id)), ElementsAre("accepted", "not_paused"));
    EXPECT_EQ(job_facts(jobs(), id).since, since);
    apply(Operation::Resume, id);
    EXPECT_EQ(verdict(id), "ready");

    apply(Operation::Disable, id);
    EXPECT_EQ(verdict(id), "held");
    EXPECT_THAT(failing_terms(why(id)), ElementsAre("enabled"));
    apply(Operation::Enable, id);
    EXPECT_EQ(verdict(id), "ready");

    apply(Operation::Stop, id);
    EXPECT_EQ(verdict(id), "ended");
    EXPECT_EQ(job_facts(jobs(), id).reason, "stopped");
    EXPECT_EQ(job_facts(jobs(), id).since, clock_.now());
}

TEST_P(WhyContract, WhoHoldsAJobIsNamed) {
    const JobId id = enqueue(JobBuilder());
    const ClaimedJob job = claim_one();
    EXPECT_EQ(verdict(id), "claimed");
    EXPECT_THAT(failing_terms(why(id)), ElementsAre("claimed_by"));
    start(job);
    EXPECT_EQ(verdict(id), "runs_now");

    const auto holder = job_facts(jobs(), id).holder;
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->node, node_);
    EXPECT_EQ(holder->node_name, "node-1");
    EXPECT_EQ(holder->token, job.token);
    EXPECT_EQ(holder->attempt, 1);
    EXPECT_EQ(holder->started_at, clock_.now());
    cancel(id);
    EXPECT_EQ(job_facts(jobs(), id).holder->want, core::Want::Cancel);
    EXPECT_EQ(verdict(id), "runs_now");
    settle(succeeded(job));
    EXPECT_EQ(verdict(id), "ended");
    EXPECT_FALSE(job_facts(jobs(), id).holder);
}

TEST_P(WhyContract, AfterAFailureItWaitsForTheNextTry) {
    const JobId id = enqueue(JobBuilder().max_tries(3));
    settle(failed(run_one(), 10s));
    EXPECT_EQ(verdict(id), "waits");
    EXPECT_EQ(job_facts(jobs(), id).tries, 1);
    EXPECT_EQ(job_facts(jobs(), id).max_tries, 3);
    clock_.advance(10s);
    EXPECT_EQ(verdict(id), "ready");

    settle(snoozed(run_one(), 10s));
    EXPECT_EQ(verdict(id), "waits");
    clock_.advance(10s);
    settle(gave_up(run_one()));
    EXPECT_EQ(verdict(id), "ended");
    EXPECT_EQ(job_facts(jobs(), id).reason, "max_tries");
    EXPECT_TRUE(job_facts(jobs(), id).abandoned);
}

TEST_P(WhyContract, ASuccessIsTheEnd) {
    const JobId id = complete();
    EXPECT_EQ(verdict(id), "ended");
    EXPECT_EQ(job_facts(jobs(), id).since, clock_.now());
}

TEST_P(WhyContract, ATypeThatNobodyPublishesIsNamed) {
    publish({"test.other"});
    const JobId id = enqueue(JobBuilder());
    EXPECT_EQ(verdict(id), "no_host");
    EXPECT_THAT(failing_terms(why(id)), ElementsAre("type_known"));

    publish({"test.job"});
    EXPECT_EQ(verdict(id), "ready");
    EXPECT_TRUE(nodes().leave());
    EXPECT_EQ(verdict(id), "no_host");
}

TEST_P(WhyContract, BeforeItJoinedAHostIsNone) {
    const JobId id = enqueue(JobBuilder());
    backend_->reopen_after_kill();
    EXPECT_EQ(why(id).verdict, "no_host");
    EXPECT_FALSE(claims().claim({.types = {{"test.job", 1}}, .limit = 1}));
}

TEST_P(WhyContract, LabelsThatNobodyCarriesAreNamed) {
    const JobId id = enqueue(JobBuilder().label("gpu", "yes"));
    const JobId here = enqueue(JobBuilder().label("site", "fra1"));
    EXPECT_EQ(verdict(id), "no_host");
    EXPECT_THAT(failing_terms(why(id)), ElementsAre("labels"));

    kill_and_reopen({{"site", "fra1"}});
    EXPECT_EQ(verdict(id), "no_host");
    EXPECT_EQ(verdict(here), "ready");
    EXPECT_EQ(job_facts(jobs(), here).nodes.at(0).labels, (core::LabelMap{{"site", "fra1"}}));
}

TEST_P(WhyContract, AJobForAnotherHostIsNotForThisOne) {
    const std::string label(core::kNodeLabel);
    kill_and_reopen({{label, "node-1"}});
    const JobId here = enqueue(JobBuilder().label(label, "node-1"));
    const JobId there = enqueue(JobBuilder().label(label, "node-2"));
    EXPECT_EQ(verdict(here), "ready");
    EXPECT_EQ(verdict(there), "no_host");
    EXPECT_THAT(failing_terms(why(there)), ElementsAre("node"));
}

TEST_P(WhyContract, WhatAKilledHostHeldIsToldUntilItIsSettled) {
    const JobId id = enqueue(JobBuilder());
    const ClaimedJob job = run_one();
    const core::NodeId dead = node_;
    kill_and_reopen();

    EXPECT_EQ(verdict(id), "claimed");
    EXPECT_TRUE(job_facts(jobs(), id).holder->is_dead);
    EXPECT_EQ(job_facts(jobs(), id).holder->node, dead);
    Settlement end = failed(job, 0s);
    end.node = dead;
    settle(end);
    EXPECT_EQ(verdict(id), "ready");
}

TEST_P(WhyContract, NothingIsSaidOfAJobThatIsNotThere) {
    const auto facts = jobs().why(JobId::make(clock_.now()), kAll, 10);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().kind, base::ErrorKind::NotFound);
}

TEST_P(WhyContract, AChildBehindTheGateNamesWhoIsInFront) {
    arm({.lock_timeout = 60s});
    const JobId first = fire(0).at(0).id;
    const JobId second = *apply(Operation::Trigger, job_).made;
    const JobId third = *apply(Operation::Trigger, job_).made;

    EXPECT_EQ(verdict(second), "waits");
    EXPECT_THAT(failing_terms(why(second)), ElementsAre("alone"));
    EXPECT_THAT(job_facts(jobs(), second).in_front, ElementsAre(first));
    EXPECT_THAT(job_facts(jobs(), third).in_front, ElementsAre(first, second));
    EXPECT_THAT(job_facts(jobs(), first).in_front, IsEmpty());
    settle(succeeded(run_one()));
    EXPECT_EQ(verdict(second), "ready");
}

TEST_P(WhyContract, AChildTellsWhereItComesFrom) {
    arm({.overlap = core::Overlap::Allow});
    clock_.advance(10s);
    const JobId late = fire(0, true).at(0).id;
    const JobId by_hand = *apply(Operation::Trigger, job_).made;

    const auto origin = job_facts(jobs(), late).origin;
    ASSERT_TRUE(origin);
    EXPECT_EQ(origin->parent, job_);
    EXPECT_EQ(origin->nominal_at, minute(0));
    EXPECT_EQ(origin->late_by, 10s);
    EXPECT_EQ(job_facts(jobs(), by_hand).origin->parent, job_);
    EXPECT_FALSE(job_facts(jobs(), by_hand).origin->nominal_at);
}

TEST_P(WhyContract, ARecurringJobIsReadyJustWhenThePlannerFindsIt) {
    arm({.max_count = 2});
    const auto expect = [&](std::string_view verdict) {
        const Explanation answer = core::explain(plan_facts(jobs(), job_), {});
        EXPECT_EQ(answer.verdict, verdict);
        const auto due = plans().due(clock_.now(), 10);
        ASSERT_TRUE(due);
        EXPECT_EQ(failing_terms(answer).empty(), !due->plans.empty()) << answer.sentence;
    };
    expect("ready");
    fire(0);
    expect("armed");
    clock_.advance(1min);
    expect("ready");
    for (const auto& [away, back] : {std::pair(Operation::Pause, Operation::Resume),
                                     std::pair(Operation::Disable, Operation::Enable)}) {
        apply(away, job_);
        expect("held");
        apply(back, job_);
        expect("ready");
    }
    settle(succeeded(run_one()));
    fire(1);
    expect("waits");
    settle(succeeded(run_one()));
    expect("ended");
}

TEST_P(WhyContract, AStoppedRecurringJobSaysItsReason) {
    arm();
    apply(Operation::Stop, job_);
    const core::PlanFacts facts = plan_facts(jobs(), job_);
    EXPECT_EQ(facts.reason, "stopped");
    EXPECT_EQ(facts.since, clock_.now());
    EXPECT_EQ(core::explain(facts, {}).verdict, "ended");
}

TEST_P(WhyContract, WhatBecameOfAnOccurrenceIsTold) {
    arm({.overlap = core::Overlap::BufferOne});
    const auto verdict = [&](core::Instant at) {
        return core::explain_occurrence(plan_facts(jobs(), job_, at), {}, at).verdict;
    };
    fire(0);
    EXPECT_EQ(verdict(minute(0)), "fired");
    run_one();
    fire(1);
    fire(2);
    advance({.gaps = {{.verdict = core::NotRun::Missed,
                       .rule = "misfire",
                       .first = minute(3),
                       .last = minute(5),
                       .count = 3}},
             .last = minute(5)});
    EXPECT_EQ(verdict(minute(0)), "ran");
    EXPECT_EQ(verdict(minute(1)), "buffered");
    EXPECT_EQ(verdict(minute(2)), "overlapped");
    EXPECT_EQ(verdict(minute(3)), "missed");
    EXPECT_EQ(verdict(minute(4)), "missed");
    EXPECT_EQ(verdict(minute(5)), "missed");
    EXPECT_EQ(verdict(minute(6)), "not_due_yet");
    EXPECT_EQ(verdict(minute(4) + 1s), "not_an_occurrence");
}

TEST_P(WhyContract, TheLatestOccurrencesAreListed) {
    arm({.overlap = core::Overlap::BufferOne});
    fire(0);
    fire(1);
    fire(2);
    const Explanation answer = core::explain(plan_facts(jobs(), job_), {});
    ASSERT_THAT(answer.occurrences, SizeIs(3));
    EXPECT_EQ(answer.occurrences[0].verdict, "overlapped");
    EXPECT_EQ(answer.occurrences[1].verdict, "buffered");
    EXPECT_EQ(answer.occurrences[2].verdict, "fired");
    EXPECT_EQ(answer.occurrences[2].first, minute(0));
    const auto limited = jobs().why(job_, minute(1), 1);
    ASSERT_TRUE(limited);
    EXPECT_THAT(std::get<core::PlanFacts>(*limited).children, SizeIs(1));
    EXPECT_EQ(std::get<core::PlanFacts>(*limited).children[0].nominal, minute(1));
    EXPECT_THAT(std::get<core::PlanFacts>(*limited).gaps, IsEmpty());
}

TEST_P(WhyWalk, WhateverHappensAJobIsClaimedJustWhenEveryTermHolds) {
    for (int i = 0; i < 6; ++i) {
        jobs_.push_back(new_job());
    }
    std::set<std::string_view> seen;
    for (int i = 0; i < 400; ++i) {
        step();
        std::set<JobId> ready;
        for (const JobId id : jobs_) {
            const Explanation answer = why(id);
            seen.insert(answer.verdict);
            if (failing_terms(answer).empty()) {
                ready.insert(id);
            }
        }
        std::set<JobId> claimed = claimable();
        std::erase_if(claimed, [&](JobId id) { return !std::ranges::count(jobs_, id); });
        ASSERT_EQ(claimed, ready) << "after step " << i;
    }
    EXPECT_EQ(seen, (std::set<std::string_view>{"ready", "waits", "held", "claimed", "runs_now",
                                                "no_host", "ended"}));
}

}  // namespace jobhost::contract
