#include "plugin/bounded_call.hpp"

#include <csignal>
#include <latch>
#include <memory>
#include <pthread.h>
#include <string>

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

using namespace std::chrono_literals;

TEST(BoundedCall, WaitsForWhatReturns) {
    int calls = 0;
    EXPECT_TRUE(call_within(60s, "jh-test", [&] { ++calls; }));
    EXPECT_EQ(calls, 1);
}

TEST(BoundedCall, LeavesBehindWhatDoesNotReturn) {
    struct Latches {
        std::latch go_on{1};
        std::latch over{1};
    };
    const auto latches = std::make_shared<Latches>();
    EXPECT_FALSE(call_within(10ms, "jh-test", [latches] {
        latches->go_on.wait();
        latches->over.count_down();
    }));
    latches->go_on.count_down();
    latches->over.wait();
}

TEST(BoundedCall, RunsOnANamedThreadOfItsOwn) {
    const auto here = ::pthread_self();
    std::array<char, 16> name{};
    bool same = true;
    EXPECT_TRUE(call_within(60s, "jh-test", [&] {
        same = ::pthread_equal(here, ::pthread_self()) != 0;
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    }));
    EXPECT_FALSE(same);
    EXPECT_EQ(std::string(name.data()), "jh-test");
}

TEST(BoundedCall, RunsWithAsynchronousSignalsBlocked) {
    sigset_t inside{};
    EXPECT_TRUE(
        call_within(60s, "jh-test", [&] { ::pthread_sigmask(SIG_BLOCK, nullptr, &inside); }));
    EXPECT_TRUE(sigismember(&inside, SIGTERM));
    EXPECT_TRUE(sigismember(&inside, SIGCHLD));
    EXPECT_FALSE(sigismember(&inside, SIGSEGV));
    sigset_t here{};
    ::pthread_sigmask(SIG_BLOCK, nullptr, &here);
    EXPECT_FALSE(sigismember(&here, SIGTERM));
}

TEST(BoundedCall, WhatTheWorkOwnsIsGoneWhenItIsOver) {
    auto owned = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = owned;
    EXPECT_TRUE(call_within(60s, "jh-test", [owned = std::move(owned)] {}));
    EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace jobhost::plugin
