#include "events/publishing_plan_store.hpp"

#include <gtest/gtest.h>

#include "support/fake_plans.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::events {
namespace {

class PublishingPlans : public testing::Test {
protected:
    PublishingPlans() {
        subscription_ =
            bus_.subscribe([this](const core::JobEvent& event) { events_.push_back(event); });
    }

    support::ManualClock clock_;
    support::FakePlans inner_;
    Bus bus_;
    PublishingPlanStore plans_{inner_, bus_, clock_};
    std::vector<core::JobEvent> events_;
    Bus::Subscription subscription_;
};

TEST_F(PublishingPlans, ChildrenAreAnnounced) {
    const store::Advance advance{
        .id = core::JobId::make(clock_.now()),
        .from = {},
        .step = {.firings = {{.nominal = clock_.now()}}, .last = clock_.now()}};

    const auto advanced = plans_.advance({&advance, 1});

    ASSERT_TRUE(advanced);
    ASSERT_EQ(events_.size(), 1U);
    EXPECT_EQ(events_.front().what, core::JobEvent::What::Enqueued);
    EXPECT_EQ(events_.front().job, advanced->front().children.front().id);
    EXPECT_EQ(events_.front().type, "test.job");
}

TEST_F(PublishingPlans, WhatFailedIsNotAnnounced) {
    inner_.advance_failure = base::Error{base::ErrorKind::Timeout, "late", "too late"};
    const store::Advance advance{};
    EXPECT_FALSE(plans_.advance({&advance, 1}));
    EXPECT_TRUE(events_.empty());
}

TEST_F(PublishingPlans, BackfilledChildrenAreAnnounced) {
    const auto done =
        plans_.backfill({.nominals = {clock_.now(), clock_.now() + std::chrono::minutes(1)}});

    ASSERT_TRUE(done);
    ASSERT_EQ(events_.size(), 2U);
    EXPECT_EQ(events_.back().what, core::JobEvent::What::Enqueued);
    EXPECT_EQ(events_.back().job, done->children.back().id);
    inner_.failure = base::Error{base::ErrorKind::Timeout, "late", "too late"};
    EXPECT_FALSE(plans_.backfill({}));
    EXPECT_EQ(events_.size(), 2U);
}

TEST_F(PublishingPlans, QuestionsAreHandedOn) {
    inner_.next.next_due = clock_.now();
    EXPECT_EQ(plans_.due(clock_.now(), 1)->next_due, clock_.now());
    EXPECT_TRUE(plans_.rewind(clock_.now()));
    EXPECT_EQ(inner_.rewinds.size(), 1U);
    inner_.records.resize(1);
    EXPECT_EQ(plans_.not_run({}, {}, 1)->size(), 1U);
}

}  // namespace
}  // namespace jobhost::events
