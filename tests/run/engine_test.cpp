#include "run/engine.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"

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
        return inner.with([&](support::FakeClaims& claims) {
            if (request.limit == 0) {
                return base::Result<store::Claim>(store::Claim{});
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

    base::Guarded<support::FakeClaims> inner;
    base::Channel<store::Settlement> settled;
};

class EngineTest : public testing::Test {
protected:
    std::unique_ptr<Engine> engine(Options options = {.workers = 2,
                                                      .max_waiting = 10,
                                                      .cancel_grace = seconds(10)}) {
        return std::make_unique<Engine>(options,
                                        Surroundings{.claims = claims,
                                                     .runners = runners,
                                                     .bus = bus,
                                                     .metrics = metrics,
                                                     .clock = clock,
                                                     .node = core::NodeId::make(clock.now()),
                                                     .node_name = "node"});
    }
    void wake() { bus.publish({}); }

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
    // Handing back is the step before the wait, so once it is seen the stop waits for the other
    // job.
    while (
        claims.inner.with([](support::FakeClaims& inner) { return inner.handed_back.empty(); })) {
        std::this_thread::yield();
    }
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

TEST_F(EngineTest, HurrySkipsTheFirstWait) {
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

TEST_F(EngineTest, EndsThatCannotBeWrittenAreCountedWhenItStops) {
    runner->script([&](const core::Attempt&) {
        claims.inner.with([](support::FakeClaims& inner) {
            inner.failure = base::Error{base::ErrorKind::Unavailable, "disk_full", "disk full"};
        });
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
