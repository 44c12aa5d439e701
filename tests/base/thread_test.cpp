#include "base/thread.hpp"

#include <csignal>
#include <pthread.h>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

std::string name_inside(const std::string& name) {
    std::string seen(16, '\0');
    std::thread([&] {
        run_thread(name, [&] {
            EXPECT_EQ(::pthread_getname_np(::pthread_self(), seen.data(), seen.size()), 0);
        });
    }).join();
    return seen.c_str();
}

void run_and_throw(const std::function<void()>& body) {
    std::thread([&] { run_thread("rescuer", body); }).join();
}

TEST(Thread, HasItsNameWhileItRuns) {
    EXPECT_EQ(name_inside("rescuer"), "rescuer");
    EXPECT_EQ(name_inside("a-name-beyond-15-letters"), "a-name-beyond-1");
}

TEST(ThreadDeathTest, AnExceptionIsLoggedWithTheThreadAndEndsTheProcess) {
    EXPECT_EXIT(run_and_throw([] { throw std::runtime_error("out of luck"); }),
                testing::KilledBySignal(SIGABRT), "process ends.*rescuer.*out of luck");
}

TEST(ThreadDeathTest, WhateverIsThrownEndsTheProcess) {
    EXPECT_EXIT(run_and_throw([] { throw 42; }), testing::KilledBySignal(SIGABRT),
                "process ends.*rescuer.*says nothing");
}

}  // namespace
}  // namespace jobhost::base
