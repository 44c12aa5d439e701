#include "events/publishing_store.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/job_builder.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::events {
namespace {

using core::JobEvent;
using core::JobId;
using core::Status;
using support::JobBuilder;

base::Error away() { return {base::ErrorKind::Unavailable, "storage_away", "storage is away"}; }

/// Answers what the test puts in, and notes which calls arrived.
class AnsweringStore final : public store::JobStore {
public:
    base::Result<std::vector<store::Enqueued>> enqueued = std::vector<store::Enqueued>();
    base::Result<std::vector<store::Verdict>> verdicts = std::vector<store::Verdict>();
    std::string calls;

    base::Result<std::vector<store::Enqueued>> enqueue(std::span<const core::JobSpec>) override {
        return enqueued;
    }
    base::Result<std::vector<store::Verdict>> apply(core::Operation,
                                                    std::span<const JobId>,
                                                    const store::OperationOptions&) override {
        return verdicts;
    }
    base::Result<store::Verdict> update(JobId,
                                        const core::JobSpec&,
                                        const store::OperationOptions&) override {
        if (!verdicts) {
            return verdicts.error();
        }
        return verdicts->front();
    }
    base::Result<std::vector<store::Job>> find(std::span<const JobId> ids) override {
        calls += "find " + std::to_string(ids.size()) + "\n";
        return std::vector<store::Job>();
    }
    base::Result<store::JobPage> list(const store::JobQuery& query) override {
        calls += "list " + query.type + "\n";
        return store::JobPage{};
    }
    base::Result<store::JobCount> count(const store::JobQuery& query, std::int64_t cap) override {
        calls += "count " + query.type + " " + std::to_string(cap) + "\n";
        return store::JobCount{.jobs = 7, .capped = true};
    }
    base::Result<std::vector<store::AttemptRow>> attempts(JobId, int after, int limit) override {
        calls += "attempts " + std::to_string(after) + " " + std::to_string(limit) + "\n";
        return std::vector<store::AttemptRow>();
    }
    base::Result<store::AttemptOutput> output(JobId, int number) override {
        calls += "output " + std::to_string(number) + "\n";
        return store::AttemptOutput{};
    }
    base::Result<core::WhyFacts> why(JobId, core::Instant, int limit) override {
        calls += "why " + std::to_string(limit) + "\n";
        return core::WhyFacts{};
    }
    base::Result<std::map<Status, std::int64_t>> counts() override {
        calls += "counts\n";
        return std::map<Status, std::int64_t>{{Status::Queuing, 3}};
    }
};

class PublishingStore : public ::testing::Test {
protected:
    JobId new_id() { return JobId::make(clock_.now()); }

    AnsweringStore inner_;
    Bus bus_;
    support::ManualClock clock_;
    PublishingJobStore store_{inner_, bus_, clock_};
    std::vector<JobEvent> heard_;
    Bus::Subscription subscription_ =
        bus_.subscribe([this](const JobEvent& event) { heard_.push_back(event); });
};

TEST_F(PublishingStore, WhatWasStoredIsAnnouncedAndWhatWasRefusedIsNot) {
    const auto first = new_id();
    const auto third = new_id();
    inner_.enqueued = std::vector<store::Enqueued>{
        {.id = first, .refused = {}},
        {.id = new_id(), .refused = base::Error{base::ErrorKind::Conflict, "name_taken", "taken"}},
        {.id = third, .refused = {}}};
    const std::vector<core::JobSpec> specs{JobBuilder().type("a").spec(),
                                           JobBuilder().type("b").spec(),
                                           JobBuilder().type("c").spec()};
    EXPECT_EQ(store_.enqueue(specs)->size(), 3U);
    ASSERT_EQ(heard_.size(), 2U);
    EXPECT_EQ(heard_[0].what, JobEvent::What::Enqueued);
    EXPECT_EQ(heard_[0].job, first);
    EXPECT_EQ(heard_[0].type, "a");
    EXPECT_EQ(heard_[0].status, Status::Queuing);
    EXPECT_EQ(heard_[0].at, clock_.now());
    EXPECT_EQ(heard_[1].job, third);
    EXPECT_EQ(heard_[1].type, "c");
}

TEST_F(PublishingStore, ARecurringJobIsAnnouncedToThePlanner) {
    inner_.enqueued = std::vector<store::Enqueued>{{.id = new_id(), .refused = {}}};
    const std::vector<core::JobSpec> specs{
        JobBuilder().recurring({.interval = std::chrono::minutes(1)}).spec()};
    EXPECT_TRUE(store_.enqueue(specs));
    ASSERT_EQ(heard_.size(), 1U);
    EXPECT_EQ(heard_.front().what, JobEvent::What::Armed);
}

TEST_F(PublishingStore, WhatWasNotStoredIsNotAnnounced) {
    inner_.enqueued = away();
    const std::vector<core::JobSpec> specs{JobBuilder().spec()};
    EXPECT_EQ(store_.enqueue(specs).error().code, "storage_away");
    EXPECT_TRUE(heard_.empty());
}

TEST_F(PublishingStore, AcceptedOperationsAreAnnouncedWithWhereTheJobStandsNow) {
    const std::vector<JobId> ids{new_id(), new_id(), new_id(), new_id()};
    inner_.verdicts = std::vector<store::Verdict>{
        {.status = Status::Queuing, .now = Status::Paused},
        {.status = Status::Completed, .refused = base::Error{}},
        {.status = Status::Stopped},
        {},
    };
    EXPECT_EQ(store_.apply(core::Operation::Pause, ids, {})->size(), 4U);
    ASSERT_EQ(heard_.size(), 2U);
    EXPECT_EQ(heard_[0].what, JobEvent::What::Operated);
    EXPECT_EQ(heard_[0].job, ids[0]);
    EXPECT_EQ(heard_[0].status, Status::Paused);
    EXPECT_EQ(heard_[1].job, ids[2]);
    EXPECT_EQ(heard_[1].status, Status::None) << "it was deleted";
}

TEST_F(PublishingStore, AJobThatATriggerMadeIsAnnounced) {
    const auto id = new_id();
    const auto made = new_id();
    inner_.verdicts = std::vector<store::Verdict>{
        {.status = Status::Completed, .now = Status::Completed, .made = made}};
    EXPECT_TRUE(store_.apply(core::Operation::Trigger, {&id, 1}, {}));
    ASSERT_EQ(heard_.size(), 1U);
    EXPECT_EQ(heard_[0].what, JobEvent::What::Enqueued);
    EXPECT_EQ(heard_[0].job, made);
}

TEST_F(PublishingStore, AnUpdateIsAnnouncedWhenItWasAccepted) {
    const auto id = new_id();
    inner_.verdicts =
        std::vector<store::Verdict>{{.status = Status::Queuing, .now = Status::Queuing}};
    EXPECT_TRUE(store_.update(id, JobBuilder().spec(), {}));
    ASSERT_EQ(heard_.size(), 1U);
    EXPECT_EQ(heard_[0].what, JobEvent::What::Operated);
    inner_.verdicts = std::vector<store::Verdict>{{}};
    EXPECT_TRUE(store_.update(id, JobBuilder().spec(), {}));
    inner_.verdicts = away();
    EXPECT_FALSE(store_.update(id, JobBuilder().spec(), {}));
    EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(PublishingStore, AnOperationThatFailedIsNotAnnounced) {
    inner_.verdicts = away();
    const std::vector<JobId> ids{new_id()};
    EXPECT_FALSE(store_.apply(core::Operation::Cancel, ids, {}));
    EXPECT_TRUE(heard_.empty());
}

TEST_F(PublishingStore, QuestionsAreHandedOnAsTheyAre) {
    const std::vector<JobId> ids{new_id()};
    store::JobQuery query;
    query.type = "x";
    EXPECT_TRUE(store_.find(ids));
    EXPECT_TRUE(store_.list(query));
    EXPECT_EQ(store_.count(query, 10)->jobs, 7);
    EXPECT_TRUE(store_.count(query, 10)->capped);
    EXPECT_TRUE(store_.attempts(ids[0], 3, 5));
    EXPECT_TRUE(store_.output(ids[0], 2));
    EXPECT_TRUE(store_.why(new_id(), {}, 4));
    EXPECT_EQ(store_.counts()->at(Status::Queuing), 3);
    EXPECT_EQ(inner_.calls,
              "find 1\nlist x\ncount x 10\ncount x 10\nattempts 3 5\noutput 2\nwhy 4\ncounts\n");
    EXPECT_TRUE(heard_.empty());
}

}  // namespace
}  // namespace jobhost::events
