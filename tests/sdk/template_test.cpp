// The templates as they were built in this tree, behind the real border.
#include <chrono>
#include <stdexcept>
#include <thread>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "border_harness.hpp"

namespace jobhost::sdk_test {
namespace {

/// Maps a library for good, as the host does, and asks it who it is.
const jh_plugin& load(const std::string& file) {
    void* library = dlopen((TEMPLATES_DIR "/" + file).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error(dlerror());
    }
    using Entry = const jh_plugin*(const jh_host*);
    const auto entry = reinterpret_cast<Entry*>(dlsym(library, "jobhost_plugin_v1"));
    const jh_host host{};
    return *entry(&host);
}

class Templates : public ::testing::Test {
protected:
    Loaded c_{load("example-c.so")};
    Loaded cpp_{load("example-cpp.so")};

    void TearDown() override {
        cpp_.stop();
        EXPECT_EQ(c_.broken_rules(), 0);
        EXPECT_EQ(cpp_.broken_rules(), 0);
    }
};

TEST_F(Templates, PrintWritesIntoTheOutputAndTellsHowMuch) {
    const auto told = c_.run("example.print", R"({"text":"hällo"})");
    EXPECT_EQ(told.out, "hällo\n");
    EXPECT_EQ(told.outcome.result_json, R"({"bytes":7})");
}

TEST_F(Templates, PrintMayWriteToTheOtherStream) {
    EXPECT_EQ(c_.run("example.print", R"({"text":"x","to_stderr":true})").err, "x\n");
}

TEST_F(Templates, PrintWithoutTextFails) {
    EXPECT_EQ(failure_of(c_.run("example.print")).message, "text is missing");
}

TEST_F(Templates, SleepSleepsAndTellsHowLong) {
    const auto before = std::chrono::steady_clock::now();
    const auto told = c_.run("example.sleep", R"({"seconds":0.25})");
    EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(250));
    EXPECT_EQ(told.outcome.result_json, R"({"slept_ms":250})");
    EXPECT_EQ(told.progress.size(), 100U);
    EXPECT_EQ(told.progress.back(), 9900);
}

TEST_F(Templates, SleepEndsWhenItIsCancelled) {
    const core::Token token = c_.next_token();
    std::jthread canceller([this, token] {
        c_.sink().wait_for_progress(token);
        c_.cancel(token, "example.sleep");
    });
    const auto told = c_.run("example.sleep", R"({"seconds":300})");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Templates, GreetGreets) {
    const auto told = cpp_.run("example.greet", R"({"name":"Ada","times":2})");
    EXPECT_EQ(told.out, "Hello, Ada!\nHello, Ada!\n");
    EXPECT_EQ(told.outcome.result_json, R"({"greetings":2})");
}

TEST_F(Templates, GreetGreetsOnceUnlessToldOtherwise) {
    EXPECT_EQ(cpp_.run("example.greet", R"({"name":"Ada"})").out, "Hello, Ada!\n");
}

TEST_F(Templates, GreetStopsWhenItIsCancelled) {
    cpp_.sink().cancel_from_the_beginning(core::CancelReason::User);
    const auto told = cpp_.run("example.greet", R"({"name":"Ada"})");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Templates, NobodyCannotBeGreeted) {
    EXPECT_EQ(cpp_.validate("example.greet", R"({"name":"Ada"})"), std::nullopt);
    EXPECT_NE(cpp_.validate("example.greet", R"({"name":"nobody"})"), std::nullopt);
}

TEST_F(Templates, LaterEndsLaterForManyAtOnce) {
    std::vector<core::Token> tokens;
    for (int i = 0; i < 1000; ++i) {
        tokens.push_back(cpp_.start("example.later", R"({"seconds":0.05})"));
    }
    for (const auto token : tokens) {
        EXPECT_TRUE(std::holds_alternative<core::Succeeded>(cpp_.sink().wait(token).outcome.end));
    }
}

TEST_F(Templates, LaterEndsWhenItIsCancelled) {
    const auto other = cpp_.start("example.later", R"({"seconds":0.2})");
    const auto token = cpp_.start("example.later", R"({"seconds":3600})");
    cpp_.cancel(token, "example.later");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(cpp_.sink().wait(token).outcome.end));
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(cpp_.sink().wait(other).outcome.end));
}

TEST_F(Templates, LaterDoesNotBeginWhenItIsCancelledAlready) {
    cpp_.sink().cancel_from_the_beginning(core::CancelReason::Drain);
    const auto told = cpp_.run("example.later", R"({"seconds":3600})");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Templates, WhatWaitsWhenThePluginStopsEnds) {
    const auto token = cpp_.start("example.later", R"({"seconds":3600})");
    cpp_.cancel(token, "example.later", core::CancelReason::Drain);
    cpp_.stop();
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(cpp_.sink().wait(token).outcome.end));
}

}  // namespace
}  // namespace jobhost::sdk_test
