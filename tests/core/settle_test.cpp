#include "core/settle.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kNow = support::ManualClock::kStart;
constexpr int kMostTries = std::numeric_limits<int>::max();

Outcome ended(auto end) { return {.end = std::move(end), .result_json = {}}; }

Outcome failed(Failure failure) { return ended(Failed{std::move(failure)}); }

Transition settled(const Standing& standing, const Outcome& outcome) {
    return settle(standing, outcome, {}, kNow, 0);
}

/// One of each outcome, and the ways of failing apart.
std::vector<Outcome> every_outcome() {
    std::vector<Outcome> all{
        ended(Succeeded{}),   ended(TimedOut{}),
        ended(Cancelled{}),   ended(Lost{}),
        ended(Interrupted{}), ended(Skipped{"x"}),
        ended(Expired{"x"}),  ended(Snoozed{.delay = seconds(5), .reason = {}}),
        ended(Snoozed{}),     ended(Crashed{})};
    for (const auto category : {ErrorCategory::Business, ErrorCategory::Application,
                                ErrorCategory::Network, ErrorCategory::System}) {
        for (const auto hint : {RetryHint::Default, RetryHint::Retryable, RetryHint::Permanent}) {
            all.push_back(failed({.category = category, .hint = hint}));
        }
    }
    return all;
}

bool uses_a_try(AttemptOutcome outcome) {
    return outcome == AttemptOutcome::Failed || outcome == AttemptOutcome::TimedOut ||
           outcome == AttemptOutcome::Lost || outcome == AttemptOutcome::Crashed;
}

TEST(Settle, SuccessCompletesAndForgetsTheFailures) {
    const auto transition = settled({.tries = 7, .crashes = 1}, ended(Succeeded{}));
    EXPECT_EQ(transition, (Transition{.to = Status::Completed,
                                      .due = std::nullopt,
                                      .tries = 0,
                                      .crashes = 1,
                                      .abandoned = false,
                                      .reason = "",
                                      .outcome = AttemptOutcome::Succeeded}));
}

TEST(Settle, FailureBelowTheLimitIsRetriedLater) {
    const auto transition = settled({.tries = 2}, failed({}));
    EXPECT_EQ(transition.to, Status::FailedRetry);
    EXPECT_EQ(transition.tries, 3);
    EXPECT_EQ(transition.due, kNow + retry_delay({}, 3, 0));
    EXPECT_FALSE(transition.abandoned);
    EXPECT_EQ(transition.reason, "");
}

TEST(Settle, FailureAtTheLimitGivesUp) {
    const auto transition = settled({.tries = 49}, failed({}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_TRUE(transition.abandoned);
    EXPECT_EQ(transition.reason, "max_tries");
    EXPECT_EQ(transition.tries, 50);
    EXPECT_FALSE(transition.due);
}

TEST(Settle, WithOneTryTheFirstFailureGivesUp) {
    EXPECT_EQ(settled({.max_tries = 1}, failed({})).reason, "max_tries");
}

TEST(Settle, ALimitThatWasLoweredBelowTheTriesStillGivesUp) {
    EXPECT_EQ(settled({.tries = 30, .max_tries = 5}, failed({})).reason, "max_tries");
}

TEST(Settle, WithoutALimitItIsRetriedForEverAndTheCountSaturates) {
    const auto transition = settled({.tries = kMostTries, .max_tries = 0}, failed({}));
    EXPECT_EQ(transition.to, Status::FailedRetry);
    EXPECT_EQ(transition.tries, kMostTries);
    EXPECT_EQ(transition.due, kNow + std::chrono::hours(1));
}

TEST(Settle, APermanentFailureGivesUpAtOnce) {
    for (const auto category : {ErrorCategory::Business, ErrorCategory::Network}) {
        const auto transition =
            settled({.max_tries = 0}, failed({.category = category, .hint = RetryHint::Permanent}));
        EXPECT_EQ(transition.to, Status::Stopped);
        EXPECT_TRUE(transition.abandoned);
        EXPECT_EQ(transition.reason, "permanent");
        EXPECT_EQ(transition.tries, 1);
    }
}

TEST(Settle, ABusinessFailureIsNotRetriedUnlessTheRunnerSaysSo) {
    EXPECT_EQ(settled({}, failed({.category = ErrorCategory::Business})).reason, "permanent");
    EXPECT_EQ(
        settled({}, failed({.category = ErrorCategory::Business, .hint = RetryHint::Retryable})).to,
        Status::FailedRetry);
}

TEST(Settle, RetryAfterIsAFloorForTheDelay) {
    EXPECT_EQ(settled({}, failed({.retry_after = minutes(5)})).due, kNow + minutes(5));
    EXPECT_EQ(settled({}, failed({.retry_after = milliseconds(1)})).due, kNow + milliseconds(50));
    EXPECT_EQ(settled({}, failed({.retry_after = -minutes(5)})).due, kNow + milliseconds(50));
}

TEST(Settle, ADelayBeyondAllReasonIsTenYears) {
    EXPECT_EQ(settled({}, failed({.retry_after = Duration::max()})).due,
              kNow + std::chrono::years(10));
    EXPECT_EQ(settled({}, ended(Snoozed{.delay = Duration::max(), .reason = {}})).due,
              kNow + std::chrono::years(10));
}

TEST(Settle, TheSpreadMovesTheDelay) {
    const auto late = settle({}, failed({}), {}, kNow, 1);
    EXPECT_EQ(late.due, kNow + milliseconds(55));
}

TEST(Settle, ATimeOutIsRetriedLikeAFailure) {
    const auto transition = settled({}, ended(TimedOut{"late"}));
    EXPECT_EQ(transition.to, Status::FailedRetry);
    EXPECT_EQ(transition.tries, 1);
    EXPECT_EQ(transition.due, kNow + milliseconds(50));
    EXPECT_EQ(settled({.tries = 49}, ended(TimedOut{})).reason, "max_tries");
}

TEST(Settle, CancelledStopsWithoutGivingUp) {
    const auto transition = settled({.tries = 3}, ended(Cancelled{}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_FALSE(transition.abandoned);
    EXPECT_EQ(transition.reason, "cancelled");
    EXPECT_EQ(transition.tries, 3);
}

TEST(Settle, LostUsesATryAndIsDueAtOnce) {
    const auto transition = settled({}, ended(Lost{}));
    EXPECT_EQ(transition.to, Status::FailedRetry);
    EXPECT_EQ(transition.tries, 1);
    EXPECT_EQ(transition.due, kNow);
    EXPECT_EQ(transition.crashes, 0);
}

TEST(Settle, LostAtTheLimitGivesUpAndSaysSo) {
    const auto transition = settled({.tries = 49}, ended(Lost{}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_TRUE(transition.abandoned);
    EXPECT_EQ(transition.reason, "lost");
}

TEST(Settle, InterruptedGivesTheTryBack) {
    const auto transition = settled({.tries = 49}, ended(Interrupted{}));
    EXPECT_EQ(transition.to, Status::Queuing);
    EXPECT_EQ(transition.tries, 49);
    EXPECT_EQ(transition.due, kNow);
}

TEST(Settle, SnoozedWaitsAsLongAsTheRunnerSaidAndUsesNoTry) {
    const auto transition =
        settled({.tries = 49}, ended(Snoozed{.delay = minutes(2), .reason = {}}));
    EXPECT_EQ(transition.to, Status::Queuing);
    EXPECT_EQ(transition.tries, 49);
    EXPECT_EQ(transition.due, kNow + minutes(2));
}

TEST(Settle, SnoozedWithoutADelayWaitsAsBeforeARetry) {
    EXPECT_EQ(settled({}, ended(Snoozed{})).due, kNow + milliseconds(50));
    EXPECT_EQ(settled({.tries = 1}, ended(Snoozed{.delay = -seconds(1), .reason = {}})).due,
              kNow + milliseconds(75));
}

TEST(Settle, SkippedIsOverAndNobodyGaveUp) {
    const auto transition = settled({.tries = 2}, ended(Skipped{"holiday"}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_FALSE(transition.abandoned);
    EXPECT_EQ(transition.reason, "skipped");
    EXPECT_EQ(transition.tries, 2);
}

TEST(Settle, AnEndTimeThatPassedIsAnEndAndNobodyGaveUp) {
    const auto transition =
        settled({.tries = 2, .end_time = kNow - seconds(1)}, ended(Expired{"late"}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_FALSE(transition.abandoned);
    EXPECT_EQ(transition.reason, "expired");
    EXPECT_EQ(transition.tries, 2);
    EXPECT_EQ(transition.outcome, AttemptOutcome::Skipped);
}

TEST(Settle, WhatWouldBeTriedAgainAfterTheEndTimeGivesUp) {
    const Standing until{.end_time = kNow + milliseconds(50)};
    EXPECT_EQ(settled(until, failed({})).to, Status::FailedRetry);
    const auto transition = settled({.tries = 1, .end_time = kNow + milliseconds(50)}, failed({}));
    EXPECT_EQ(transition.to, Status::Stopped);
    EXPECT_TRUE(transition.abandoned);
    EXPECT_EQ(transition.reason, "expired");
    EXPECT_EQ(transition.tries, 2);
}

TEST(Settle, AnEndTimeThatWasMovedDuringTheAttemptCounts) {
    const Standing until{.tries = 1, .end_time = kNow};
    const auto failure = settled(until, failed({}));
    EXPECT_EQ(within_time(failure, kNow), failure);
    const auto later = within_time(failure, kNow + seconds(1));
    EXPECT_EQ(later, settled({.tries = 1}, failed({})));
    EXPECT_EQ(within_time(failure, std::nullopt), later);
    EXPECT_EQ(within_time(later, kNow), failure);

    const auto skip = settled({.end_time = kNow - seconds(1)}, ended(Expired{}));
    EXPECT_EQ(within_time(skip, kNow).to, Status::Queuing);
    EXPECT_EQ(within_time(skip, kNow - seconds(1)), skip);

    const auto success = settled(until, ended(Succeeded{}));
    EXPECT_EQ(within_time(success, kNow - seconds(1)), success);
}

TEST(Settle, ASnoozePastTheEndTimeIsAnEndAndNobodyGaveUp) {
    const Standing until{.end_time = kNow + seconds(5)};
    const auto in_time = settled(until, ended(Snoozed{.delay = seconds(5), .reason = {}}));
    EXPECT_EQ(in_time.to, Status::Queuing);
    const auto late = settled(until, ended(Snoozed{.delay = seconds(6), .reason = {}}));
    EXPECT_EQ(late.to, Status::Stopped);
    EXPECT_FALSE(late.abandoned);
    EXPECT_EQ(late.reason, "expired");
}

TEST(Settle, ACrashCountsAsTryAndAsCrash) {
    const auto transition = settled({.tries = 4, .crashes = 1}, ended(Crashed{}));
    EXPECT_EQ(transition.to, Status::FailedRetry);
    EXPECT_EQ(transition.tries, 5);
    EXPECT_EQ(transition.crashes, 2);
    EXPECT_EQ(transition.due, kNow + retry_delay({}, 5, 0));
}

TEST(Settle, TheThirdCrashIsQuarantine) {
    for (const int tries : {2, 49}) {
        const auto transition = settled({.tries = tries, .crashes = 2}, ended(Crashed{}));
        EXPECT_EQ(transition.to, Status::Stopped);
        EXPECT_TRUE(transition.abandoned);
        EXPECT_EQ(transition.reason, "quarantined");
        EXPECT_EQ(transition.tries, tries + 1);
        EXPECT_EQ(transition.crashes, 3);
        EXPECT_FALSE(transition.due);
    }
    EXPECT_EQ(settled({.crashes = 2, .max_tries = 0}, ended(Crashed{})).reason, "quarantined");
}

TEST(Settle, CountsSaturate) {
    const auto transition =
        settled({.tries = kMostTries, .crashes = kMostTries, .max_tries = 0}, ended(Crashed{}));
    EXPECT_EQ(transition.tries, kMostTries);
    EXPECT_EQ(transition.crashes, kMostTries);
}

/// Whatever happens: waiting jobs have a due time and others none, only stopped jobs have a reason,
/// only those give up, tries and crashes move by at most one.
TEST(Settle, HoldsItsPromisesForEveryOutcomeAndStanding) {
    for (const auto& outcome : every_outcome()) {
        for (const int max_tries : {0, 1, 2, 50}) {
            for (const int tries : {0, 1, 48, 49, 50, kMostTries}) {
                for (const int crashes : {0, 1, 2, 3}) {
                    const Standing standing{
                        .tries = tries, .crashes = crashes, .max_tries = max_tries};
                    const auto transition = settled(standing, outcome);
                    const bool waits =
                        transition.to == Status::Queuing || transition.to == Status::FailedRetry;
                    const bool stopped = transition.to == Status::Stopped;
                    const auto kind = kind_of(outcome);
                    SCOPED_TRACE(::testing::Message()
                                 << name(kind) << " tries " << tries << " of " << max_tries);
                    EXPECT_TRUE(waits || is_final(transition.to));
                    EXPECT_EQ(transition.due.has_value(), waits);
                    EXPECT_GE(transition.due.value_or(kNow), kNow);
                    EXPECT_EQ(stopped, !transition.reason.empty());
                    EXPECT_TRUE(stopped || !transition.abandoned);
                    EXPECT_EQ(transition.outcome, kind);
                    if (kind != AttemptOutcome::Succeeded) {
                        EXPECT_EQ(transition.tries,
                                  uses_a_try(kind) && tries < kMostTries ? tries + 1 : tries);
                    }
                    EXPECT_EQ(transition.crashes,
                              kind == AttemptOutcome::Crashed ? crashes + 1 : crashes);
                    if (transition.to == Status::FailedRetry && max_tries > 0) {
                        EXPECT_LT(transition.tries, max_tries);
                    }
                }
            }
        }
    }
}

TEST(Land, WithoutAWishTheTransitionStays) {
    for (const auto& outcome : every_outcome()) {
        const auto transition = settled({.tries = 1}, outcome);
        EXPECT_EQ(land(transition, Want::Nothing, kNow), transition);
    }
}

TEST(Land, AWishToEndWinsOverWhateverTheAttemptReports) {
    struct Wished {
        Want want;
        Status to;
        std::string reason;
    };
    for (const auto& [want, to, reason] : {Wished{Want::Cancel, Status::Stopped, "cancelled"},
                                           Wished{Want::Stop, Status::Stopped, "stopped"},
                                           Wished{Want::Pause, Status::Paused, ""}}) {
        for (const auto& outcome : every_outcome()) {
            for (const int tries : {0, 49}) {
                const auto before = settled({.tries = tries, .crashes = 2}, outcome);
                const auto landed = land(before, want, kNow);
                EXPECT_EQ(landed.to, to);
                EXPECT_FALSE(landed.due);
                EXPECT_FALSE(landed.abandoned);
                EXPECT_EQ(landed.reason, reason);
                EXPECT_EQ(landed.tries, before.tries);
                EXPECT_EQ(landed.crashes, before.crashes);
                EXPECT_NE(landed.outcome, AttemptOutcome::Succeeded);
            }
        }
    }
}

TEST(Land, AWishThatWasTakenBackUndoesOnlyTheEndThatItBrought) {
    for (const auto& outcome : every_outcome()) {
        const auto before = settled({.tries = 3, .crashes = 1}, outcome);
        const auto landed = land(before, Want::Resume, kNow);
        if (before.outcome != AttemptOutcome::Cancelled) {
            EXPECT_EQ(landed, before);
            continue;
        }
        EXPECT_EQ(landed.to, Status::Queuing);
        EXPECT_EQ(landed.due, kNow);
        EXPECT_EQ(landed.reason, "");
        EXPECT_EQ(landed.tries, 0);
        EXPECT_EQ(landed.crashes, 0);
        EXPECT_EQ(landed.outcome, AttemptOutcome::Cancelled) << "that is what happened";
    }
}

TEST(WithinLimit, ALimitThatWasLoweredMeanwhileEndsTheJob) {
    for (const auto& outcome : every_outcome()) {
        const auto before = settled({.tries = 3, .max_tries = 50}, outcome);
        const auto after = within_limit(before, 4, kNow);
        if (before.to != Status::FailedRetry) {
            EXPECT_EQ(after, before);
            continue;
        }
        EXPECT_EQ(after, settled({.tries = 3, .max_tries = 4}, outcome));
    }
}

TEST(WithinLimit, ALimitThatWasRaisedMeanwhileLetsTheJobGoOnAtOnce) {
    for (const auto& outcome : every_outcome()) {
        for (const int limit : {0, 5}) {
            const auto before = settled({.tries = 3, .max_tries = 4}, outcome);
            const auto after = within_limit(before, limit, kNow);
            if (before.reason != "max_tries" && before.reason != "lost") {
                EXPECT_EQ(after, before);
                continue;
            }
            EXPECT_EQ(after.to, Status::FailedRetry);
            EXPECT_EQ(after.due, kNow);
            EXPECT_FALSE(after.abandoned);
            EXPECT_EQ(after.reason, "");
            EXPECT_EQ(after.tries, 4);
        }
    }
}

TEST(WithinLimit, AClaimThatWasNeverBegunIsNoTry) {
    const Transition handed_back{
        .to = Status::FailedRetry, .due = kNow, .tries = 9, .outcome = AttemptOutcome::Interrupted};
    EXPECT_EQ(within_limit(handed_back, 2, kNow), handed_back);
}

TEST(Land, ACancelledAttemptIsRecordedAsCancelledUnlessTheHostSawOtherwise) {
    const auto record = [](const Outcome& outcome) {
        return land(settled({}, outcome), Want::Cancel, kNow).outcome;
    };
    EXPECT_EQ(record(ended(Succeeded{})), AttemptOutcome::Cancelled);
    EXPECT_EQ(record(failed({})), AttemptOutcome::Cancelled);
    EXPECT_EQ(record(ended(Cancelled{})), AttemptOutcome::Cancelled);
    EXPECT_EQ(record(ended(Snoozed{})), AttemptOutcome::Cancelled);
    EXPECT_EQ(record(ended(Skipped{})), AttemptOutcome::Cancelled);
    EXPECT_EQ(record(ended(TimedOut{})), AttemptOutcome::TimedOut);
    EXPECT_EQ(record(ended(Lost{})), AttemptOutcome::Lost);
    EXPECT_EQ(record(ended(Crashed{})), AttemptOutcome::Crashed);
    EXPECT_EQ(record(ended(Interrupted{})), AttemptOutcome::Interrupted);
}

TEST(Land, LandingTwiceIsLandingOnce) {
    for (const auto& outcome : every_outcome()) {
        const auto once = land(settled({}, outcome), Want::Cancel, kNow);
        EXPECT_EQ(land(once, Want::Cancel, kNow), once);
    }
}

}  // namespace
}  // namespace jobhost::core
