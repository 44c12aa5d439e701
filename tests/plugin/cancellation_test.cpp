#include "plugin/cancellation.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

using core::CancelReason;
using Answer = Cancellation::Answer;
using namespace std::chrono_literals;

constexpr auto kLong = 60s;  // never waited for to the end

void ask(Cancellation& cancellation, CancelReason reason) {
    if (cancellation.ask(reason)) {
        cancellation.deliver();
    }
}

TEST(Cancellation, NobodyAskedAtFirst) {
    const Cancellation cancellation;
    EXPECT_EQ(cancellation.reason(), CancelReason::None);
}

TEST(Cancellation, FirstReasonStays) {
    Cancellation cancellation;
    ask(cancellation, CancelReason::Deadline);
    ask(cancellation, CancelReason::User);
    EXPECT_EQ(cancellation.reason(), CancelReason::Deadline);
}

TEST(Cancellation, NoReasonIsNoRequest) {
    Cancellation cancellation;
    int calls = 0;
    cancellation.set_callback([&] { ++calls; });
    ask(cancellation, CancelReason::None);
    EXPECT_EQ(calls, 0);
}

TEST(Cancellation, CallbackRunsOnceForManyRequests) {
    Cancellation cancellation;
    int calls = 0;
    EXPECT_EQ(cancellation.set_callback([&] { ++calls; }), Answer::Done);
    ask(cancellation, CancelReason::User);
    ask(cancellation, CancelReason::Drain);
    EXPECT_EQ(calls, 1);
}

TEST(Cancellation, CallbackThatComesLateRunsAtOnce) {
    Cancellation cancellation;
    ask(cancellation, CancelReason::User);
    int calls = 0;
    EXPECT_EQ(cancellation.set_callback([&] { ++calls; }), Answer::Done);
    EXPECT_EQ(calls, 1);
}

TEST(Cancellation, CallbackIsDueWhenItWasSetBefore) {
    Cancellation cancellation;
    cancellation.set_callback([] {});
    EXPECT_TRUE(cancellation.ask(CancelReason::User));
    EXPECT_FALSE(cancellation.ask(CancelReason::User));
}

TEST(Cancellation, CallbackThatIsTakenBackWhileItIsDueDoesNotRun) {
    Cancellation cancellation;
    int calls = 0;
    cancellation.set_callback([&] { ++calls; });
    EXPECT_TRUE(cancellation.ask(CancelReason::User));
    cancellation.clear_callback();
    cancellation.deliver();
    EXPECT_EQ(calls, 0);
}

TEST(Cancellation, SecondCallbackIsRefused) {
    Cancellation cancellation;
    cancellation.set_callback([] {});
    EXPECT_EQ(cancellation.set_callback([] {}), Answer::WrongState);
}

TEST(Cancellation, CallbackThatWasTakenBackDoesNotRun) {
    Cancellation cancellation;
    int calls = 0;
    cancellation.set_callback([&] { ++calls; });
    EXPECT_EQ(cancellation.clear_callback(), Answer::Done);
    ask(cancellation, CancelReason::User);
    EXPECT_EQ(calls, 0);
}

TEST(Cancellation, TakingBackWithoutACallbackIsFine) {
    Cancellation cancellation;
    EXPECT_EQ(cancellation.clear_callback(), Answer::Done);
}

TEST(Cancellation, CallbackMaySeeTheReason) {
    Cancellation cancellation;
    auto seen = CancelReason::None;
    cancellation.set_callback([&] { seen = cancellation.reason(); });
    ask(cancellation, CancelReason::LeaseLost);
    EXPECT_EQ(seen, CancelReason::LeaseLost);
}

TEST(Cancellation, TakingBackFromInsideIsRefused) {
    Cancellation cancellation;
    auto answer = Answer::Done;
    cancellation.set_callback([&] { answer = cancellation.clear_callback(); });
    ask(cancellation, CancelReason::User);
    EXPECT_EQ(answer, Answer::WrongState);
}

TEST(Cancellation, ClosingFromInsideDoesNotWait) {
    Cancellation cancellation;
    cancellation.set_callback([&] { cancellation.close(); });
    ask(cancellation, CancelReason::User);
    EXPECT_EQ(cancellation.set_callback([] {}), Answer::WrongState);
}

TEST(Cancellation, AfterTheEndNoCallbackIsTakenOrRun) {
    Cancellation cancellation;
    int calls = 0;
    cancellation.set_callback([&] { ++calls; });
    cancellation.close();
    ask(cancellation, CancelReason::User);
    EXPECT_EQ(calls, 0);
}

/// A callback that runs on another thread until it is told to go on.
class RunningCallback {
public:
    explicit RunningCallback(Cancellation& cancellation) {
        cancellation.set_callback([this] {
            inside_.count_down();
            go_on_.wait();
            returned_ = true;
        });
        thread_ = std::jthread([&cancellation] { ask(cancellation, CancelReason::User); });
        inside_.wait();
    }
    void go_on() { go_on_.count_down(); }
    [[nodiscard]] bool returned() const { return returned_; }

private:
    std::latch inside_{1};
    std::latch go_on_{1};
    std::atomic<bool> returned_{false};
    std::jthread thread_;
};

TEST(Cancellation, TakingBackWaitsForTheRunningCallback) {
    Cancellation cancellation;
    RunningCallback callback(cancellation);
    auto cleared = std::async(std::launch::async, [&] {
        EXPECT_EQ(cancellation.clear_callback(), Answer::Done);
        return callback.returned();
    });
    EXPECT_NE(cleared.wait_for(20ms), std::future_status::ready);
    callback.go_on();
    EXPECT_TRUE(cleared.get());
}

TEST(Cancellation, ClosingWaitsForTheRunningCallback) {
    Cancellation cancellation;
    RunningCallback callback(cancellation);
    auto closed = std::async(std::launch::async, [&] {
        cancellation.close();
        return callback.returned();
    });
    EXPECT_NE(closed.wait_for(20ms), std::future_status::ready);
    callback.go_on();
    EXPECT_TRUE(closed.get());
}

TEST(Cancellation, WaitEndsWithTheReason) {
    Cancellation cancellation;
    auto reason = std::async(std::launch::async, [&] { return cancellation.wait(kLong); });
    ask(cancellation, CancelReason::Drain);
    EXPECT_EQ(reason.get(), CancelReason::Drain);
}

TEST(Cancellation, WaitEndsWithItsTime) {
    Cancellation cancellation;
    EXPECT_EQ(cancellation.wait(0ms), CancelReason::None);
    EXPECT_EQ(cancellation.wait(5ms), CancelReason::None);
}

TEST(Cancellation, WaitEndsWithTheAttempt) {
    Cancellation cancellation;
    auto reason = std::async(std::launch::async, [&] { return cancellation.wait(kLong); });
    cancellation.close();
    EXPECT_EQ(reason.get(), std::nullopt);
}

TEST(Cancellation, RequestsAndTheEndMayRace) {
    for (int round = 0; round < 2000; ++round) {
        Cancellation cancellation;
        std::atomic<int> running{0};
        bool closed = false;
        std::jthread asker([&] { ask(cancellation, CancelReason::User); });
        cancellation.set_callback([&] {
            ++running;
            EXPECT_FALSE(closed);
            --running;
        });
        cancellation.close();
        EXPECT_EQ(running, 0);
        closed = true;
    }
}

}  // namespace
}  // namespace jobhost::plugin
