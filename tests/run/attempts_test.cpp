#include "run/attempts.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::run {
namespace {

using core::CancelReason;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::bytes_of;
using support::claimed;

class AttemptsTest : public testing::Test {
protected:
    void add(std::int64_t token, std::optional<base::Duration> timeout = std::nullopt) {
        store::ClaimedJob job = claimed(token);
        job.timeout = timeout;
        attempts.add(job, runner);
    }

    Options options{.workers = 4, .max_waiting = 10, .cancel_grace = seconds(5)};
    support::ManualClock clock;
    base::Wake freed;
    Attempts attempts{options, clock, freed};
    std::shared_ptr<support::FakeRunner> runner =
        std::make_shared<support::FakeRunner>("test.run", true);
    std::shared_ptr<support::FakeRunner> waiting =
        std::make_shared<support::FakeRunner>("test.wait", false);
};

TEST_F(AttemptsTest, AnEndIsPostedOnceWithTimesAndOutput) {
    add(1);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.output(Token{1}, core::Stream::Out, bytes_of("hello"));
    clock.advance(seconds(2));
    attempts.complete(Token{1}, {core::Succeeded{}, "{}"});
    attempts.complete(Token{1}, {core::Succeeded{}, "{}"});
    const auto ended = attempts.ended().drain();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].took, seconds(2));
    EXPECT_EQ(ended[0].ended_at - ended[0].started_at, seconds(2));
    ASSERT_TRUE(ended[0].output);
    EXPECT_EQ(ended[0].output->head[0].bytes, "hello");
    EXPECT_TRUE(attempts.idle());
}

TEST_F(AttemptsTest, TheAttemptTellsTheRunnerWhenItsTimeIsUp) {
    add(1, seconds(3));
    const auto attempt = attempts.begin(Token{1}, "node");
    ASSERT_TRUE(attempt);
    EXPECT_EQ(attempt->node, "node");
    EXPECT_EQ(attempt->deadline, clock.now() + seconds(3));
}

TEST_F(AttemptsTest, WhatIsTooLateIsOverWithoutHavingBegun) {
    store::ClaimedJob job = claimed(1);
    job.standing.end_time = clock.now();
    attempts.add(job, runner);
    job.token = Token{2};
    attempts.add(job, runner);
    EXPECT_TRUE(attempts.begin(Token{1}, "node")) << "it is not later than that";
    clock.advance(milliseconds(1));
    EXPECT_FALSE(attempts.begin(Token{2}, "node"));
    const auto ended = attempts.ended().drain();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].job.token, Token{2});
    EXPECT_TRUE(std::holds_alternative<core::Expired>(ended[0].outcome.end));
    EXPECT_EQ(attempts.load().blocking, 1);
}

TEST_F(AttemptsTest, AnAttemptOverItsLimitIsAskedToStopOnce) {
    add(1, milliseconds(300));
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    EXPECT_EQ(attempts.watch_limits(), clock.steady() + milliseconds(300));
    clock.advance(milliseconds(300));
    static_cast<void>(attempts.watch_limits());
    static_cast<void>(attempts.watch_limits());
    ASSERT_EQ(runner->cancels().size(), 1U);
    EXPECT_EQ(runner->cancels()[0].second, CancelReason::Deadline);
    EXPECT_EQ(attempts.cancel_reason(Token{1}), CancelReason::Deadline);
}

TEST_F(AttemptsTest, ALimitDoesNotRunBeforeTheAttemptBegins) {
    add(1, seconds(3));
    clock.advance(seconds(60));
    EXPECT_EQ(attempts.watch_limits(), clock.steady() + seconds(1)) << "it only looks now and then";
    EXPECT_TRUE(runner->cancels().empty());
}

TEST_F(AttemptsTest, ALimitThatIsDueBeforeTheNextLookEndsTheWaitForIt) {
    add(1, milliseconds(300));
    const Steady next = attempts.watch_limits();
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    const Steady far = Steady::max();
    attempts.wait_for_limits({}, far);
    EXPECT_LT(attempts.watch_limits(), next);
}

TEST_F(AttemptsTest, WhatDoesNotStopInItsGracePeriodIsStuckAndKeepsItsPlace) {
    add(1);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.cancel(Token{1}, CancelReason::User);
    clock.advance(options.cancel_grace);
    static_cast<void>(attempts.watch_limits());
    EXPECT_EQ(attempts.load().stuck, 1);
    EXPECT_EQ(attempts.load().lost_workers, 1);
    EXPECT_EQ(attempts.load().blocking, 1);
    attempts.complete(Token{1}, {core::Cancelled{}, {}});
    EXPECT_EQ(attempts.load().stuck, 0);
    EXPECT_EQ(attempts.load().lost_workers, 0);
    EXPECT_EQ(attempts.load().blocking, 0);
}

TEST_F(AttemptsTest, AStartThatDoesNotReturnIsStuckUntilItDoes) {
    attempts.add(claimed(1, "test.wait"), waiting);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    clock.advance(options.cancel_grace);
    static_cast<void>(attempts.watch_limits());
    static_cast<void>(attempts.watch_limits());
    EXPECT_EQ(attempts.load().stuck, 1);
    EXPECT_EQ(attempts.load().lost_workers, 0);
    attempts.returned(Token{1});
    EXPECT_EQ(attempts.load().stuck, 0);
    clock.advance(seconds(60));
    static_cast<void>(attempts.watch_limits());
    EXPECT_EQ(attempts.load().stuck, 0) << "an attempt may last, once its start has returned";
}

TEST_F(AttemptsTest, AnAttemptThatIsStuckForTwoReasonsIsCountedOnce) {
    attempts.add(claimed(1, "test.wait"), waiting);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.cancel(Token{1}, CancelReason::User);
    clock.advance(options.cancel_grace);
    static_cast<void>(attempts.watch_limits());
    EXPECT_EQ(attempts.load().stuck, 1);
    attempts.returned(Token{1});
    EXPECT_EQ(attempts.load().stuck, 1) << "it still does not stop";
    attempts.complete(Token{1}, {core::Cancelled{}, {}});
    EXPECT_EQ(attempts.load().stuck, 0);
}

TEST_F(AttemptsTest, AnAttemptThatIsOverIsLeftWhileItsStartDoesNotReturn) {
    attempts.add(claimed(1, "test.wait"), waiting);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    EXPECT_EQ(attempts.left(), 1);
    attempts.complete(Token{1}, {core::Succeeded{}, {}});
    EXPECT_EQ(attempts.left(), 1);
    EXPECT_EQ(attempts.load().waiting, 0);
    attempts.returned(Token{1});
    EXPECT_TRUE(attempts.idle());
}

TEST_F(AttemptsTest, TheFirstReasonToStopStays) {
    add(1);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.cancel(Token{1}, CancelReason::User);
    attempts.cancel(Token{1}, CancelReason::Drain);
    ASSERT_EQ(runner->cancels().size(), 1U);
    attempts.complete(Token{1}, {core::Cancelled{}, {}});
    EXPECT_EQ(attempts.ended().drain().at(0).cancelled, CancelReason::User);
}

TEST_F(AttemptsTest, AnAttemptCancelledBeforeItBeginsIsOverAtOnce) {
    add(1);
    attempts.cancel(Token{1}, CancelReason::User);
    const auto ended = attempts.ended().drain();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(ended[0].outcome.end));
    EXPECT_EQ(ended[0].cancelled, CancelReason::User);
    EXPECT_EQ(ended[0].took, core::Duration::zero());
    EXPECT_TRUE(runner->cancels().empty()) << "it was never told of the attempt";
    EXPECT_FALSE(attempts.begin(Token{1}, "node"));
    clock.advance(options.cancel_grace);
    static_cast<void>(attempts.watch_limits());
    EXPECT_EQ(attempts.load().stuck, 0);
    EXPECT_TRUE(attempts.idle());
}

TEST_F(AttemptsTest, WhatHasNotBegunCanBeTakenOut) {
    add(1);
    add(2);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    EXPECT_EQ(attempts.take_unbegun(), std::vector{Token{2}});
    EXPECT_FALSE(attempts.begin(Token{2}, "node"));
    EXPECT_EQ(attempts.load().blocking, 1);
    EXPECT_EQ(attempts.ended().size(), 0U);
}

TEST_F(AttemptsTest, RunningAttemptsShowThemselvesAtMostOnceASecond) {
    add(1);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.output(Token{1}, core::Stream::Out, bytes_of("a"));
    attempts.progress(Token{1}, 5000, "half");
    EXPECT_TRUE(attempts.take_updates().empty());
    clock.advance(seconds(1));
    const auto updates = attempts.take_updates();
    ASSERT_EQ(updates.size(), 1U);
    EXPECT_EQ(updates[0].progress, 5000);
    EXPECT_EQ(updates[0].note, "half");
    EXPECT_TRUE(updates[0].output);
    clock.advance(seconds(10));
    EXPECT_TRUE(attempts.take_updates().empty()) << "nothing changed since";
}

TEST_F(AttemptsTest, LoadCountsByKindAndType) {
    add(1);
    add(2);
    attempts.add(claimed(3, "test.wait"), waiting);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    const Load load = attempts.load();
    EXPECT_EQ(load.blocking, 2);
    EXPECT_EQ(load.waiting, 1);
    EXPECT_EQ(load.by_type.at("test.run").held, 2);
    EXPECT_EQ(load.by_type.at("test.run").unbegun, 1);
    EXPECT_EQ(load.by_type.at("test.wait").held, 1);
    EXPECT_EQ(load.by_type.at("test.wait").unbegun, 1);
}

TEST_F(AttemptsTest, ALineThatGetsShortAsksForMore) {
    for (std::int64_t token = 1; token <= kReadAhead; ++token) {
        attempts.add(claimed(token, "test.wait"), waiting);
    }
    for (std::int64_t token = 1; token <= kReadAhead / 2; ++token) {
        ASSERT_TRUE(attempts.begin(Token{token}, "node"));
    }
    freed.wait_until({}, Steady::max());
}

TEST_F(AttemptsTest, WhatIsSaidOfUnknownAttemptsIsIgnored) {
    attempts.output(Token{9}, core::Stream::Out, bytes_of("late"));
    attempts.progress(Token{9}, 1, "late");
    attempts.cancel(Token{9}, CancelReason::User);
    attempts.complete(Token{9}, {core::Succeeded{}, {}});
    EXPECT_EQ(attempts.ended().size(), 0U);
    EXPECT_EQ(attempts.cancel_reason(Token{9}), CancelReason::None);
}

TEST_F(AttemptsTest, CancelAllReachesEveryAttempt) {
    add(1);
    add(2);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    ASSERT_TRUE(attempts.begin(Token{2}, "node"));
    attempts.cancel_all(CancelReason::Drain);
    EXPECT_EQ(runner->cancels().size(), 2U);
}

}  // namespace
}  // namespace jobhost::run
