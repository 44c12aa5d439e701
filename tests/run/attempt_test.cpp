#include "run/attempt.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::run {
namespace {

using core::AttemptOutcome;
using core::CancelReason;
using core::Token;
using support::claimed;

core::Outcome failed() { return {core::Failed{{.message = "broke"}}, {}}; }

TEST(Judge, GivingInMeansWhatWasAskedFor) {
    const core::Outcome gave_in{core::Cancelled{}, {}};
    EXPECT_EQ(kind_of(judge(gave_in, CancelReason::User)), AttemptOutcome::Cancelled);
    EXPECT_EQ(kind_of(judge(gave_in, CancelReason::Deadline)), AttemptOutcome::TimedOut);
    EXPECT_EQ(kind_of(judge(gave_in, CancelReason::Drain)), AttemptOutcome::Interrupted);
    EXPECT_EQ(kind_of(judge(gave_in, CancelReason::LeaseLost)), AttemptOutcome::Interrupted);
    EXPECT_EQ(kind_of(judge(gave_in, CancelReason::None)), AttemptOutcome::Failed);
}

TEST(Judge, FailingAfterBeingAskedToStopIsGivingIn) {
    EXPECT_EQ(kind_of(judge(failed(), CancelReason::Deadline)), AttemptOutcome::TimedOut);
    EXPECT_EQ(kind_of(judge(failed(), CancelReason::User)), AttemptOutcome::Cancelled);
    EXPECT_EQ(kind_of(judge(failed(), CancelReason::Drain)), AttemptOutcome::Interrupted);
    EXPECT_NE(core::failure_of(judge(failed(), CancelReason::Deadline))->message.find("broke"),
              std::string::npos);
}

TEST(Judge, SuccessAndOtherEndsStayWhatTheyAre) {
    EXPECT_EQ(kind_of(judge({core::Succeeded{}, "1"}, CancelReason::Deadline)),
              AttemptOutcome::Succeeded);
    EXPECT_EQ(kind_of(judge({core::Snoozed{}, {}}, CancelReason::User)), AttemptOutcome::Snoozed);
    EXPECT_EQ(kind_of(judge(failed(), CancelReason::None)), AttemptOutcome::Failed);
}

class AttemptStoryTest : public testing::Test {
protected:
    Options options;
    support::ManualClock clock;
    base::Wake freed;
    Attempts attempts{options, clock, freed};
    support::FakeClaims claims;
    AttemptStory story{attempts, claims, "node"};
    std::shared_ptr<support::FakeRunner> runner = std::make_shared<support::FakeRunner>("test.run");
};

TEST_F(AttemptStoryTest, MarksTheBeginAndStartsTheRunner) {
    attempts.add(claimed(7), runner);
    story.tell({Token{7}, runner});
    EXPECT_EQ(claims.begun, std::vector{Token{7}});
    ASSERT_EQ(runner->started().size(), 1U);
    EXPECT_EQ(runner->started()[0].token, Token{7});
}

TEST_F(AttemptStoryTest, ArgumentsThatThePluginRefusesFailInItsWordsWithoutAStart) {
    attempts.add(claimed(7), runner);
    const core::Failure refusal{.category = core::ErrorCategory::Network,
                                .hint = core::RetryHint::Retryable,
                                .retry_after = std::chrono::minutes(5),
                                .type = "mail.no-answer",
                                .message = "the directory does not answer"};
    runner->refuse(refusal);
    story.tell({Token{7}, runner});
    EXPECT_TRUE(runner->started().empty());
    const auto ended = attempts.ended().drain();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(std::get<core::Failed>(ended[0].outcome.end).failure, refusal);
}

TEST_F(AttemptStoryTest, AnAttemptThatWasTakenOutIsNotStarted) {
    story.tell({Token{7}, runner});
    EXPECT_TRUE(runner->started().empty());
    EXPECT_TRUE(claims.begun.empty());
}

}  // namespace
}  // namespace jobhost::run
