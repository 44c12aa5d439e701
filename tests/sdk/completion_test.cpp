#include <thread>

#include <gtest/gtest.h>

#include "border_harness.hpp"
#include "sample_plugin.hpp"

namespace jobhost::sdk_test {
namespace {

class Completions : public ::testing::Test {
protected:
    Loaded plugin_{*jobhost_plugin_v1(nullptr)};

    void TearDown() override {
        plugin_.stop();
        EXPECT_EQ(plugin_.broken_rules(), 0);
    }
};

TEST_F(Completions, FinishEndsTheAttemptAndOnlyTheFirstOneCounts) {
    const auto told = plugin_.run("sample.finish", R"({"a":1})");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
    EXPECT_EQ(told.outcome.result_json, R"({"a":1})");
    EXPECT_EQ(told.out, "an id");
}

TEST_F(Completions, FinishMayComeFromAnotherThread) {
    EXPECT_EQ(plugin_.run("sample.elsewhere").outcome.result_json, "1");
}

TEST_F(Completions, OneThatIsLetGoFailsAsAbandoned) {
    EXPECT_EQ(failure_of(plugin_.run("sample.let-go")).type, "abandoned");
}

TEST_F(Completions, OneThatIsOverwrittenFailsAsAbandoned) {
    EXPECT_EQ(failure_of(plugin_.run("sample.overwrite")).type, "abandoned");
}

TEST_F(Completions, AnExceptionOutOfStartIsTheReasonAndNotThatItWasLetGo) {
    const auto failure = failure_of(plugin_.run("sample.throw-in-start"));
    EXPECT_EQ(failure.type, "exception");
    EXPECT_EQ(failure.message, "could not begin");
}

TEST_F(Completions, AnExceptionAfterTheEndChangesNothing) {
    const auto told = plugin_.run("sample.throw-after-finish");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
}

TEST_F(Completions, AnExceptionAfterHandingOverEndsTheAttemptForTheNewOwnerToo) {
    EXPECT_EQ(failure_of(plugin_.run("sample.throw-after-handing-over")).message,
              "after handing over");
}

TEST_F(Completions, ACancelCallbackMayFinish) {
    const auto token = plugin_.start("sample.wait-for-cancel");
    plugin_.sink().wait_for_progress(token);
    plugin_.cancel(token, "sample.wait-for-cancel");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(plugin_.sink().wait(token).outcome.end));
}

TEST_F(Completions, ACancelCallbackMayFinishBeforeTheWorkHasBegun) {
    plugin_.sink().cancel_from_the_beginning(core::CancelReason::Deadline);
    const auto told = plugin_.run("sample.wait-for-cancel");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Completions, WhatStillWaitsWhenThePluginStopsIsAbandoned) {
    const auto token = plugin_.start("sample.wait-for-cancel");
    plugin_.stop();
    EXPECT_EQ(failure_of(plugin_.sink().wait(token)).type, "abandoned");
}

TEST_F(Completions, FinishAndCancelMayMeet) {
    for (int round = 0; round < 500; ++round) {
        const auto token = plugin_.start("sample.elsewhere");
        plugin_.cancel(token, "sample.elsewhere");
        plugin_.sink().wait(token);
    }
}

}  // namespace
}  // namespace jobhost::sdk_test
