#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "core/why.hpp"
#include "core/why_facts.hpp"

namespace jobhost::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

HolderFacts holder() {
    return {.node = NodeId::make(kNow), .node_name = "node-1", .token = {7}, .attempt = 3};
}

const Term& term(const Explanation& answer, std::string_view name) {
    const auto found = std::ranges::find(answer.terms, name, &Term::name);
    EXPECT_NE(found, answer.terms.end()) << name;
    return *found;
}

TEST(WhyJob, WhatNothingIsInTheWayOfIsReady) {
    const Explanation answer = explain(ready_job());
    EXPECT_EQ(answer.verdict, "ready");
    EXPECT_EQ(answer.sentence, "It is ready: a host takes it as soon as its turn comes.");
    EXPECT_THAT(failing(answer), IsEmpty());
}

/// One thing that is in the way of a job.
struct Obstacle {
    std::string what;
    std::function<void(JobFacts&)> put;
    std::vector<std::string_view> failing;
    std::string_view verdict;
    std::string sentence;
};

std::vector<Obstacle> obstacles_of_people() {
    return {
        {"Completed",
         [](JobFacts& job) {
             job.status = Status::Completed;
             job.since = kNow - 1s;
         },
         {"accepted"},
         "ended",
         "It is completed since 2026-03-01T11:59:59.000Z."},
        {"Stopped",
         [](JobFacts& job) {
             job.status = Status::Stopped;
             job.reason = "max_tries";
             job.abandoned = true;
             job.since = kNow - 1s;
         },
         {"accepted", "not_stopped"},
         "ended",
         "It has given up, stopped since 2026-03-01T11:59:59.000Z, reason max_tries: nothing more "
         "happens "
         "until it is resumed."},
        {"Cancelled",
         [](JobFacts& job) {
             job.status = Status::Stopped;
             job.reason = "cancelled";
         },
         {"accepted", "not_stopped"},
         "ended",
         "It is stopped, reason cancelled: nothing more happens until it is resumed."},
        {"Paused",
         [](JobFacts& job) {
             job.status = Status::Paused;
             job.since = kNow - 1s;
         },
         {"accepted", "not_paused"},
         "held",
         "It is paused since 2026-03-01T11:59:59.000Z: it waits until it is resumed."},
        {"Disabled",
         [](JobFacts& job) { job.enabled = false; },
         {"enabled"},
         "held",
         "It is disabled: it never runs until it is enabled."},
    };
}

std::vector<Obstacle> obstacles_of_time() {
    return {
        {"Later",
         [](JobFacts& job) {
             job.in_queue = false;
             job.due = kNow + 1h;
         },
         {"due"},
         "waits",
         "It waits until 2026-03-01T13:00:00.000Z: its time has not come."},
        {"Snoozed",
         [](JobFacts& job) {
             job.in_queue = false;
             job.due = kNow + 1h;
             job.attempts = 2;
         },
         {"due"},
         "waits",
         "It waits until 2026-03-01T13:00:00.000Z: its last attempt asked to be called again."},
        {"Retry",
         [](JobFacts& job) {
             job.status = Status::FailedRetry;
             job.in_queue = false;
             job.due = kNow + 1h;
             job.tries = 1;
         },
         {"due"},
         "waits",
         "It waits until 2026-03-01T13:00:00.000Z: try 2 of 50, after 1 failure."},
        {"RetryWithoutLimit",
         [](JobFacts& job) {
             job.status = Status::FailedRetry;
             job.in_queue = false;
             job.due = kNow + 1h;
             job.tries = 7;
             job.max_tries = 0;
         },
         {"due"},
         "waits",
         "It waits until 2026-03-01T13:00:00.000Z: try 8, after 7 failures."},
        {"Gated",
         [](JobFacts& job) {
             job.gated = true;
             job.in_front = {JobId{}};
         },
         {"alone"},
         "waits",
         "It waits until job 00000000-0000-0000-0000-000000000000 of the same recurring job is "
         "over."},
        {"GatedBySeveral",
         [](JobFacts& job) {
             job.gated = true;
             job.in_front = {JobId{}, JobId{}, JobId{}};
         },
         {"alone"},
         "waits",
         "It waits until job 00000000-0000-0000-0000-000000000000 and 2 more of the same "
         "recurring job are over."},
    };
}

std::vector<Obstacle> obstacles_of_hosts() {
    return {
        {"NoHost",
         [](JobFacts& job) { job.nodes.clear(); },
         {"type_known"},
         "no_host",
         "Nobody here can run it: no live host publishes the type shell.run."},
        {"NoType",
         [](JobFacts& job) { job.nodes[0].has_type = false; },
         {"type_known"},
         "no_host",
         "Nobody here can run it: no live host publishes the type shell.run."},
        {"NoLabel",
         [](JobFacts& job) {
             job.labels = {{"gpu", "yes"}, {"site", "fra1"}};
         },
         {"labels"},
         "no_host",
         "Nobody here can run it: no live host that could carries gpu=yes, site=fra1."},
        {"OtherLabel",
         [](JobFacts& job) {
             job.labels = {{"site", "ams1"}};
         },
         {"labels"},
         "no_host",
         "Nobody here can run it: no live host that could carries site=ams1."},
        {"LabelWithoutType",
         [](JobFacts& job) {
             job.labels = {{"site", "ams1"}};
             job.nodes.push_back({.name = "node-2", .labels = {{"site", "ams1"}}});
         },
         {"labels"},
         "no_host",
         "Nobody here can run it: no live host that could carries site=ams1."},
        {"OtherNode",
         [](JobFacts& job) {
             job.labels = {{std::string(kNodeLabel), "node-2"}};
         },
         {"node"},
         "no_host",
         "Nobody here can run it: it is for the host node-2 alone, which is not there or has not "
         "its type."},
        {"LabelOnlyOnAnotherNode",
         [](JobFacts& job) {
             job.labels = {{std::string(kNodeLabel), "node-1"}, {"site", "ams1"}};
             job.nodes[0].labels = {{std::string(kNodeLabel), "node-1"}};
             job.nodes.push_back(
                 {.name = "node-2", .has_type = true, .labels = {{"site", "ams1"}}});
         },
         {"labels"},
         "no_host",
         "Nobody here can run it: no live host that could carries site=ams1."},
        {"Full",
         [](JobFacts& job) { job.places = Places{.all = 8, .taken = 8}; },
         {"slot"},
         "waits",
         "All places for jobs of its type are taken: 8."},
        {"Draining",
         [](JobFacts& job) { job.places = Places{.all = 8, .taken = 1, .is_draining = true}; },
         {"slot"},
         "waits",
         "The host stops or is on standby, and takes no jobs."},
    };
}

std::vector<Obstacle> holders() {
    return {
        {"Taken",
         [](JobFacts& job) { job.holder = holder(); },
         {"claimed_by"},
         "claimed",
         "node-1 has taken it and begins it next."},
        {"Running",
         [](JobFacts& job) {
             job.status = Status::Running;
             job.holder = holder();
             job.holder->started_at = kNow;
         },
         {"accepted", "claimed_by"},
         "runs_now",
         "Attempt 3 runs on node-1 since 2026-03-01T12:00:00.000Z."},
        {"AskedToEnd",
         [](JobFacts& job) {
             job.status = Status::Running;
             job.holder = holder();
             job.holder->started_at = kNow;
             job.holder->want = Want::Pause;
         },
         {"accepted", "claimed_by"},
         "runs_now",
         "Attempt 3 runs on node-1 since 2026-03-01T12:00:00.000Z; somebody wants it to end: "
         "pause."},
        {"Orphaned",
         [](JobFacts& job) {
             job.holder = holder();
             job.holder->started_at = kNow;
             job.holder->is_dead = true;
         },
         {"claimed_by"},
         "claimed",
         "The host that held it, node-1, is gone: its attempt is brought to an end first."},
    };
}

void expect_told(const std::vector<Obstacle>& obstacles) {
    for (const Obstacle& obstacle : obstacles) {
        JobFacts job = ready_job();
        obstacle.put(job);
        const Explanation answer = explain(job);
        EXPECT_EQ(answer.verdict, obstacle.verdict) << obstacle.what;
        EXPECT_EQ(answer.sentence, obstacle.sentence) << obstacle.what;
        EXPECT_EQ(failing(answer), obstacle.failing) << obstacle.what;
        EXPECT_EQ(answer.terms.size(), 11u) << obstacle.what;
    }
}

TEST(WhyJob, WhatPeopleDidIsInTheWay) { expect_told(obstacles_of_people()); }
TEST(WhyJob, ItsTimeOrItsSiblingsAreInTheWay) { expect_told(obstacles_of_time()); }
TEST(WhyJob, NoHostCanTakeIt) { expect_told(obstacles_of_hosts()); }
TEST(WhyJob, SomebodyHoldsItAlready) { expect_told(holders()); }

TEST(WhyJob, EveryTermIsJudgedThoughAnotherFailed) {
    JobFacts job = ready_job();
    job.status = Status::Paused;
    job.enabled = false;
    job.nodes.clear();
    job.in_queue = false;
    job.due = kNow + 1h;
    job.labels = {{"gpu", "yes"}};
    job.places = Places{.all = 1, .taken = 1};
    EXPECT_THAT(failing(explain(job)), ElementsAre("accepted", "enabled", "not_paused", "due",
                                                   "type_known", "labels", "slot"));
    EXPECT_EQ(explain(job).verdict, "held") << "what people did comes first";
}

TEST(WhyJob, WhatStandsInTheQueueIsDueWhateverTheClockShows) {
    JobFacts job = ready_job();
    job.due = kNow + 1h;
    EXPECT_EQ(explain(job).verdict, "ready") << "the clock was set back";
}

TEST(WhyJob, WhatIsReadySaysHowManyStandBeforeIt) {
    JobFacts job = ready_job();
    const auto sentence = [&](int before) {
        job.before = before;
        return explain(job).sentence;
    };
    const std::string ready = "It is ready: a host takes it as soon as its turn comes";
    EXPECT_EQ(sentence(0), ready + ".");
    EXPECT_EQ(sentence(1), ready + "; 1 job of its type and labels stands before it.");
    EXPECT_EQ(sentence(12), ready + "; 12 jobs of its type and labels stand before it.");
    EXPECT_EQ(sentence(1000),
              ready + "; 1000 or more jobs of its type and labels stand before it.");
    EXPECT_TRUE(term(explain(job), "slot").value.at("places").is_null());
}

TEST(WhyJob, TheTimeThatHasComeIsNotInTheWay) {
    JobFacts job = ready_job();
    job.in_queue = false;
    job.due = kNow;
    EXPECT_EQ(explain(job).verdict, "ready");
    job.due = kNow + 1ms;
    EXPECT_EQ(explain(job).verdict, "waits");
}

TEST(WhyJob, ATermShowsWhatWasCompared) {
    JobFacts job = ready_job();
    job.labels = {{std::string(kNodeLabel), "node-1"}, {"site", "fra1"}};
    job.nodes[0].labels = job.labels;
    job.places = Places{.all = 8, .taken = 2};
    job.holder = holder();
    const Explanation answer = explain(job);
    EXPECT_EQ(term(answer, "accepted").value, "queuing");
    EXPECT_EQ(term(answer, "enabled").value, true);
    EXPECT_TRUE(term(answer, "not_paused").value.is_null());
    EXPECT_TRUE(term(answer, "not_stopped").value.is_null());
    EXPECT_EQ(term(answer, "due").value, "2026-03-01T12:00:00.000Z");
    EXPECT_EQ(base::to_text(term(answer, "alone").value), "[]");
    EXPECT_EQ(base::to_text(term(answer, "type_known").value),
              R"({"type":"shell.run","nodes":["node-1"]})");
    EXPECT_EQ(term(answer, "node").value, "node-1");
    EXPECT_EQ(base::to_text(term(answer, "labels").value),
              R"({"wanted":{"site":"fra1"},"carried":{"node-1":{"site":"fra1"}}})");
    EXPECT_EQ(base::to_text(term(answer, "slot").value),
              R"({"places":8,"taken":2,"is_draining":false,"before":0})");
    EXPECT_EQ(term(answer, "claimed_by").value.at("node"), "node-1");
    EXPECT_EQ(term(answer, "claimed_by").value.at("token"), 7);
    EXPECT_TRUE(term(answer, "claimed_by").value.at("started_at").is_null());
}

}  // namespace
}  // namespace jobhost::core
