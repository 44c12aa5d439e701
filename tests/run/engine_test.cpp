#include "run/engine.hpp"

#include <atomic>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::run {
namespace {

using core::Token;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::claimed;

/// Claims come from the test's thread while the engine's threads ask, so each call is guarded.
class GuardedClaims final : public store::ClaimStore {
public:
    base::Result<store::Claim> claim(const store::ClaimRequest& request) override {
        if (hangs) {
            hanging = true;
            hanging.notify_all();
            hangs.wait(true);
        }
        return inner.with([&](support::FakeClaims& claims) {
            if (request.limit == 0) {
                ++listened;
                return base::Result<store::Claim>(
                    store::Claim{.wants = std::exchange(claims.next.wants, {})});
            }
            return claims.claim(request);
        });
    }
    void started(std::span<const Token> tokens) override {
        inner.with([&](support::FakeClaims& claims) { claims.started(tokens); });
    }
    base::Result<std::vector<store::Settled>> settle(
        std::span<const store::Settlement> settlements) override {
        auto verdicts =
            inner.with([&](support::FakeClaims& claims) { return claims.settle(settlements); });
        for (std::size_t i = 0; i < settlements.size(); ++i) {
            settled.push(settlements[i]);
        }
        return verdicts;
    }
    base::Result<base::Unit> hand_back(std::span<const Token> tokens) override {
        if (refuse_hand_backs > 0) {
            --refuse_hand_backs;
            return base::Error{base::ErrorKind::Unavailable, "disk_full", "disk full"};
        }
        return inner.with([&](support::FakeClaims& claims) { return claims.hand_back(tokens); });
    }
    base::Result<base::Unit> update(std::span<const store::AttemptUpdate>) override {
        return base::done();
    }
    base::Result<std::vector<store::DeadClaim>> dead_claims(int) override {
        return std::vector<store::DeadClaim>{};
    }

    void offer(std::vector<store::ClaimedJob> jobs) {
        inner.with([&](support::FakeClaims& claims) { claims.next.jobs = std::move(jobs); });
    }
    void want_cancelled(Token token) {
        inner.with([&](support::FakeClaims& claims) {
            claims.next.wants = {{token, core::Want::Cancel}};
        });
    }
    void fail() {
        inner.with([](support::FakeClaims& claims) {
            claims.failure = base::Error{base::ErrorKind::Unavailable, "disk_full", "disk full"};
        });
    }
    std::vector<std::size_t> batches() {
        return inner.with([](support::FakeClaims& claims) { return claims.batches; });
    }
    /// The step of a stop before it waits for what runs.
    void wait_handed_back() {
        while (inner.with([](support::FakeClaims& claims) { return claims.handed_back.empty(); })) {
            std::this_thread::yield();
        }
    }
    void answer_again() {
        hangs = false;
        hangs.notify_all();
    }

    base::Guarded<support::FakeClaims> inner;
    base::Channel<store::Settlement> settled;
    std::atomic<int> listened{0};  ///< claims that took nothing
    std::atomic<int> refuse_hand_backs{0};
    std::atomic<bool> hangs{false};    ///< claims do not answer
    std::atomic<bool> hanging{false};  ///< one does not
};

class EngineTest : public testing::Test {
protected:
    std::unique_ptr<Engine> engine(Options options = {.workers = 2,
                                                      .max_waiting = 100,
                                                      .cancel_grace = seconds(10)}) {
        return engine(options, clock);
    }
    std::unique_ptr<Engine> engine(Options options, const base::Clock& engine_clock) {
        return std::make_unique<Engine>(options,
                                        Surroundings{.claims = claims,
                                                     .runners = runners,
                                                     .bus = bus,
                                                     .metrics = metrics,
                                                     .clock = engine_clock,
                                                     .node = core::NodeId::make(clock.now()),
                                                     .node_name = "node"});
    }
    void wake() { bus.publish({}); }
    bool is_offered() {
        return claims.inner.with([](support::FakeClaims& now) { return !now.next.jobs.empty(); });
    }

    base::SystemClock clock;
    GuardedClaims claims;
    events::Bus bus;
    base::Metrics metrics;
    support::FakeRunners runners;
    std::shared_ptr<support::FakeRunner> runner =
        runners.add(std::make_shared<support::FakeRunner>("test.run", true));
};

TEST_F(EngineTest, AnEnqueueWakesItAndTheJobRunsToItsEnd) {
    runner->script([](const core::Attempt&) { return core::Outcome{core::Succeeded{}, "42"}; });
    auto running = engine();
    running->start();
    claims.offer({claimed(1)});
    wake();
    const auto settled = claims.settled.pop({});
    EXPECT_EQ(settled->result_json, "42");
    const Stopped stopped = running->stop(seconds(10), {});
    EXPECT_EQ(stopped.interrupted, 0);
    EXPECT_EQ(stopped.stuck, 0);
    EXPECT_EQ(stopped.unsettled, 0U);
}

TEST_F(EngineTest, OnStandbyItTakesNothingUntilItIsResumed) {
    runner->script([](const core::Attempt&) { return core::Outcome{core::Succeeded{}, {}}; });
    auto running =
        engine({.workers = 2, .max_waiting = 100, .standby = true, .cancel_grace = seconds(10)});
    EXPECT_TRUE(running->is_on_standby());
    running->start();
    claims.offer({claimed(1)});
    for (const int before = claims.listened; claims.listened < before + 2;) {
        wake();
        std::this_thread::yield();
    }
    EXPECT_TRUE(is_offered());

    running->standby(false);
    EXPECT_EQ(claims.settled.pop({})->token, Token{1});

    running->standby(true);
    EXPECT_TRUE(running->is_on_standby());
    running->stop(seconds(10), {});
}

TEST_F(EngineTest, StandbyHandsBackWhatHasNotBegunAsSoonAsItCan) {
    auto running = engine({.workers = 1, .max_waiting = 1, .cancel_grace = seconds(10)});
    running->start();
    claims.offer({claimed(1), claimed(2)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    claims.refuse_hand_backs = 2;
    running->standby(true);
    while (claims.refuse_hand_backs > 0) {
        wake();
        std::this_thread::yield();
    }
    wake();
    claims.wait_handed_back();
    claims.inner.with(
        [](support::FakeClaims& inner) { EXPECT_EQ(inner.handed_back, std::vector{Token{2}}); });
    runner->end(Token{1}, {core::Succeeded{}, {}});
    EXPECT_EQ(running->stop(seconds(10), {}).interrupted, 0);
}

TEST_F(EngineTest, StopWaitsForWhatRunsAndHandsBackWhatHasNotBegun) {
    auto running = engine({.workers = 1, .max_waiting = 1, .cancel_grace = seconds(10)});
    running->start();
    claims.offer({claimed(1), claimed(2)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    std::jthread stopper([&] {
        const Stopped stopped = running->stop(seconds(60), {});
        EXPECT_EQ(stopped.interrupted, 0);
    });
    claims.wait_handed_back();
    runner->end(Token{1}, {core::Succeeded{}, {}});
    stopper.join();
    EXPECT_EQ(claims.settled.pop({})->token, Token{1});
    claims.inner.with(
        [](support::FakeClaims& inner) { EXPECT_EQ(inner.handed_back, std::vector{Token{2}}); });
}

TEST_F(EngineTest, WhatDoesNotFinishInTimeIsAskedToStopAndInterrupted) {
    runner->obey_cancels();
    auto running = engine();
    running->start();
    claims.offer({claimed(1)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    const Stopped stopped = running->stop(milliseconds(20), {});
    EXPECT_EQ(stopped.interrupted, 1);
    EXPECT_EQ(stopped.stuck, 0);
    EXPECT_EQ(claims.settled.pop({})->transition.outcome, core::AttemptOutcome::Interrupted);
}

TEST_F(EngineTest, InAHurryWhatGivesInAtOnceIsStillInterrupted) {
    runner->obey_cancels();
    auto running = engine();
    running->start();
    claims.offer({claimed(1)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    std::stop_source hurry;
    hurry.request_stop();
    const Stopped stopped = running->stop(std::chrono::hours(1), hurry.get_token());
    EXPECT_EQ(stopped.interrupted, 1);
}

TEST_F(EngineTest, HurryEndsTheWaitForWhatDoesNotStop) {
    const auto waiting = runners.add(std::make_shared<support::FakeRunner>("test.wait", false));
    auto running = engine({.workers = 1, .max_waiting = 1, .cancel_grace = std::chrono::hours(1)});
    running->start();
    claims.offer({claimed(1, "test.wait")});
    wake();
    ASSERT_TRUE(waiting->wait_started(1));
    std::stop_source hurry;
    Stopped stopped;
    {
        const std::jthread stopper(
            [&] { stopped = running->stop(milliseconds(1), hurry.get_token()); });
        ASSERT_TRUE(waiting->wait_cancels(1));
        hurry.request_stop();
    }
    EXPECT_EQ(stopped.interrupted, 1);
    EXPECT_EQ(stopped.stuck, 1);
    // Its threads are let go, so it must not end before the process.
    static auto* const left_behind = new std::vector<std::unique_ptr<Engine>>();
    left_behind->push_back(std::move(running));
}

TEST_F(EngineTest, TimeLimitsAreKeptWhileTheHostStops) {
    auto running = engine({.workers = 1, .max_waiting = 1, .cancel_grace = seconds(10)});
    running->start();
    store::ClaimedJob job = claimed(1);
    job.timeout = milliseconds(300);
    claims.offer({job, claimed(2)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    const std::jthread stopper([&] { static_cast<void>(running->stop(seconds(60), {})); });
    claims.wait_handed_back();
    EXPECT_TRUE(runner->wait_cancels(1));
    runner->end(Token{1}, {core::Cancelled{}, {}});
    EXPECT_EQ(claims.settled.pop({})->transition.outcome, core::AttemptOutcome::TimedOut);
}

TEST_F(EngineTest, ACancelIsToldWhileTheHostStops) {
    runner->obey_cancels();
    auto running = engine({.workers = 1, .max_waiting = 1, .cancel_grace = seconds(10)});
    running->start();
    claims.offer({claimed(1), claimed(2)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    const std::jthread stopper([&] { static_cast<void>(running->stop(seconds(60), {})); });
    claims.wait_handed_back();
    claims.want_cancelled(Token{1});
    wake();
    EXPECT_EQ(claims.settled.pop({})->transition.outcome, core::AttemptOutcome::Cancelled);
}

TEST_F(EngineTest, TimeLimitsAreKeptWhileTheStoreDoesNotAnswer) {
    auto running = engine();
    running->start();
    store::ClaimedJob job = claimed(1);
    job.timeout = milliseconds(300);
    claims.offer({job});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    claims.hangs = true;
    wake();
    claims.hanging.wait(false);
    EXPECT_TRUE(runner->wait_cancels(1));
    claims.answer_again();
    runner->end(Token{1}, {core::Cancelled{}, {}});
    EXPECT_EQ(running->stop(seconds(10), {}).stuck, 0);
}

TEST_F(EngineTest, AStartThatDoesNotReturnHoldsUpItsOwnTypeAlone) {
    std::latch released(1);
    const auto hanging = runners.add(std::make_shared<support::FakeRunner>("test.hanging", false));
    hanging->script([&](const core::Attempt&) {
        released.wait();
        return core::Outcome{core::Succeeded{}, {}};
    });
    const auto other = runners.add(std::make_shared<support::FakeRunner>("test.other", false));
    auto running = engine();
    running->start();
    claims.offer({claimed(1, "test.hanging"), claimed(2, "test.hanging"),
                  claimed(3, "test.hanging"), claimed(4, "test.other")});
    wake();
    EXPECT_TRUE(hanging->wait_started(1));
    EXPECT_TRUE(other->wait_started(1));
    claims.want_cancelled(Token{3});
    wake();
    const auto settled = claims.settled.pop({});
    EXPECT_EQ(settled->token, Token{3}) << "who waits in line can be cancelled";
    EXPECT_EQ(settled->transition.outcome, core::AttemptOutcome::Cancelled);
    released.count_down();
    EXPECT_TRUE(hanging->wait_started(2));
    other->end(Token{4}, {core::Succeeded{}, {}});
    EXPECT_EQ(running->stop(seconds(10), {}).interrupted, 0);
}

TEST_F(EngineTest, EndsThatComeWhileOthersCannotBeWrittenDoNotHurryTheNextTry) {
    support::ManualClock far_ahead;  // so that no wait of the engine ends by itself
    far_ahead.advance(std::chrono::hours(24 * 3650));
    const auto waiting = runners.add(std::make_shared<support::FakeRunner>("test.wait", false));
    auto running = engine({}, far_ahead);
    running->start();
    std::vector<store::ClaimedJob> jobs;
    for (std::int64_t token = 1; token <= 50; ++token) {
        jobs.push_back(claimed(token, "test.wait"));
    }
    claims.offer(std::move(jobs));
    wake();
    ASSERT_TRUE(waiting->wait_started(50));
    claims.fail();
    for (std::int64_t token = 1; token <= 50; ++token) {
        waiting->end(Token{token}, {core::Succeeded{}, {}});
        while (claims.batches().empty()) {
            std::this_thread::yield();
        }
    }
    std::stop_source hurry;
    hurry.request_stop();
    EXPECT_EQ(running->stop(seconds(1), hurry.get_token()).unsettled, 50U);
    EXPECT_EQ(claims.batches(), (std::vector<std::size_t>{1, 50}));
}

TEST_F(EngineTest, EndsThatCannotBeWrittenAreCountedWhenItStops) {
    runner->script([&](const core::Attempt&) {
        claims.fail();
        return core::Outcome{core::Succeeded{}, {}};
    });
    auto running = engine();
    running->start();
    claims.offer({claimed(1)});
    wake();
    ASSERT_TRUE(runner->wait_started(1));
    std::stop_source hurry;
    hurry.request_stop();
    EXPECT_EQ(running->stop(seconds(1), hurry.get_token()).unsettled, 1U);
}

}  // namespace
}  // namespace jobhost::run
