#include "core/outcome.hpp"

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

Outcome ended(auto end) { return {.end = std::move(end), .result_json = {}}; }

const Failure kFailure{.category = ErrorCategory::Network, .message = "refused"};

TEST(Outcome, EveryEndHasItsRecord) {
    EXPECT_EQ(kind_of(ended(Succeeded{})), AttemptOutcome::Succeeded);
    EXPECT_EQ(kind_of(ended(Failed{kFailure})), AttemptOutcome::Failed);
    EXPECT_EQ(kind_of(ended(TimedOut{"late"})), AttemptOutcome::TimedOut);
    EXPECT_EQ(kind_of(ended(Cancelled{})), AttemptOutcome::Cancelled);
    EXPECT_EQ(kind_of(ended(Lost{"gone"})), AttemptOutcome::Lost);
    EXPECT_EQ(kind_of(ended(Skipped{"no"})), AttemptOutcome::Skipped);
    EXPECT_EQ(kind_of(ended(Snoozed{})), AttemptOutcome::Snoozed);
    EXPECT_EQ(kind_of(ended(Crashed{kFailure})), AttemptOutcome::Crashed);
    EXPECT_EQ(kind_of(ended(Interrupted{"stop"})), AttemptOutcome::Interrupted);
}

TEST(Outcome, NamesAreThoseOfTheWire) {
    EXPECT_EQ(name(AttemptOutcome::TimedOut), "timed_out");
    EXPECT_EQ(name(AttemptOutcome::Interrupted), "interrupted");
    EXPECT_EQ(name(ErrorCategory::Business), "business");
    EXPECT_EQ(name(RetryHint::Permanent), "permanent");
}

TEST(FailureOf, TheRunnersOwnFailureIsKept) {
    EXPECT_EQ(failure_of(ended(Failed{kFailure})), kFailure);
    EXPECT_EQ(failure_of(ended(Crashed{kFailure})), kFailure);
}

TEST(FailureOf, SuccessAndCancelHaveNone) {
    EXPECT_FALSE(failure_of(ended(Succeeded{})));
    EXPECT_FALSE(failure_of(ended(Cancelled{})));
}

TEST(FailureOf, WhatTheHostSawIsDescribed) {
    const auto late = failure_of(ended(TimedOut{"more than 5 s"}));
    ASSERT_TRUE(late);
    EXPECT_EQ(late->type, "host.timed_out");
    EXPECT_EQ(late->message, "more than 5 s");
    EXPECT_EQ(failure_of(ended(Lost{"gone"}))->type, "host.lost");
    EXPECT_EQ(failure_of(ended(Lost{"gone"}))->category, ErrorCategory::System);
    EXPECT_EQ(failure_of(ended(Interrupted{"stop"}))->type, "host.interrupted");
}

TEST(FailureOf, ReasonsOfSkipAndSnoozeAreKeptWhenThereAreAny) {
    EXPECT_EQ(failure_of(ended(Skipped{"holiday"}))->message, "holiday");
    EXPECT_EQ(failure_of(ended(Skipped{"holiday"}))->type, "host.skipped");
    EXPECT_FALSE(failure_of(ended(Skipped{""})));
    EXPECT_EQ(failure_of(ended(Expired{"late"}))->type, "host.expired");
    EXPECT_EQ(failure_of(ended(Snoozed{.delay = {}, .reason = "busy"}))->type, "host.snoozed");
    EXPECT_FALSE(failure_of(ended(Snoozed{})));
}

}  // namespace
}  // namespace jobhost::core
