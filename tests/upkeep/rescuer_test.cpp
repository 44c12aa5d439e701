#include "upkeep/rescuer.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::upkeep {
namespace {

using core::AttemptOutcome;

class RescuerTest : public testing::Test {
protected:
    void die_with(std::int64_t token, bool started) {
        claims.dead.push_back({.job = support::claimed(token),
                               .node = dead_node,
                               .started = started,
                               .started_at = started ? clock.now() : core::Instant{}});
    }

    support::ManualClock clock;
    support::FakeClaims claims;
    base::Metrics metrics;
    core::NodeId dead_node = core::NodeId::make(clock.now());
    Rescuer rescuer{claims, metrics, clock};
};

TEST_F(RescuerTest, SettlesWhatHadBegunAsLostAndTheRestAsInterrupted) {
    die_with(1, true);
    die_with(2, false);
    const auto rescued = rescuer.step();
    ASSERT_TRUE(rescued);
    EXPECT_EQ(*rescued, 2);
    ASSERT_EQ(claims.settled.size(), 2U);
    EXPECT_EQ(claims.settled[0].transition.outcome, AttemptOutcome::Lost);
    EXPECT_EQ(claims.settled[0].transition.tries, 1);
    EXPECT_EQ(claims.settled[0].transition.crashes, 0) << "a killed host is nobody's crash";
    EXPECT_EQ(claims.settled[1].transition.outcome, AttemptOutcome::Interrupted);
    EXPECT_EQ(claims.settled[1].transition.tries, 0) << "its try is given back";
}

TEST_F(RescuerTest, WhatHadNotBegunBeginsAndEndsWhenItIsRescued) {
    die_with(1, true);
    die_with(2, false);
    const core::Instant began = clock.now();
    clock.advance(std::chrono::seconds(10));
    ASSERT_TRUE(rescuer.step());
    EXPECT_EQ(claims.settled.at(0).started_at, began);
    EXPECT_EQ(claims.settled.at(0).ended_at, clock.now());
    EXPECT_EQ(claims.settled.at(1).started_at, clock.now());
    EXPECT_EQ(claims.settled.at(1).ended_at, clock.now());
}

TEST_F(RescuerTest, SpeaksInTheNameOfTheDeadNode) {
    die_with(1, true);
    ASSERT_TRUE(rescuer.step());
    EXPECT_EQ(claims.settled.at(0).node, dead_node);
    EXPECT_EQ(claims.settled.at(0).token, core::Token{1});
}

TEST_F(RescuerTest, HasNothingToDoWhenNobodyDied) {
    const auto rescued = rescuer.step();
    ASSERT_TRUE(rescued);
    EXPECT_EQ(*rescued, 0);
    EXPECT_TRUE(claims.batches.empty());
}

TEST_F(RescuerTest, SaysWhenTheStoreDoesNotAnswer) {
    claims.failure = base::Error{base::ErrorKind::Unavailable, "away", "away"};
    const auto rescued = rescuer.step();
    ASSERT_FALSE(rescued);
    EXPECT_EQ(rescued.error().code, "away");
}

TEST_F(RescuerTest, TheLastTryOfALostJobAbandonsIt) {
    die_with(1, true);
    claims.dead.back().job.standing = {.tries = 2, .crashes = 0, .max_tries = 3};
    ASSERT_TRUE(rescuer.step());
    EXPECT_EQ(claims.settled.at(0).transition.to, core::Status::Stopped);
    EXPECT_TRUE(claims.settled.at(0).transition.abandoned);
}

}  // namespace
}  // namespace jobhost::upkeep
