#include <thread>

#include <gtest/gtest.h>

#include "border_harness.hpp"
#include "sample_plugin.hpp"

namespace jobhost::sdk_test {
namespace {

class Attempts : public ::testing::Test {
protected:
    Loaded plugin_{*jobhost_plugin_v1(nullptr)};

    /// Runs a blocking attempt and cancels it as soon as it says that it waits.
    Told run_and_cancel(const std::string& type, core::CancelReason reason) {
        const core::Token token = plugin_.next_token();
        std::jthread canceller([this, token, type, reason] {
            plugin_.sink().wait_for_progress(token);
            plugin_.cancel(token, type, reason);
        });
        return plugin_.run(type);
    }
};

TEST_F(Attempts, ArgumentsHaveTheirTypes) {
    const auto told = plugin_.run(
        "sample.arguments", R"({"text":"hi","int":3,"number":1.5,"bool":false,"list":[1,2]})");
    EXPECT_EQ(told.out, "hi 3 150 no [1,2] absent");
}

TEST_F(Attempts, ArgumentsThatWereNotGivenHaveTheirFallback) {
    EXPECT_EQ(plugin_.run("sample.arguments").out, "a \"quoted\"\ntext 7 25 yes none absent");
}

TEST_F(Attempts, AMissingArgumentIsAFailureThatNamesIt) {
    const auto failure = failure_of(plugin_.run("sample.miss"));
    EXPECT_EQ(failure.category, core::ErrorCategory::Business);
    EXPECT_EQ(failure.type, "argument");
    EXPECT_EQ(failure.message, "argument absent is missing");
}

TEST_F(Attempts, AnArgumentOfAnotherTypeIsAFailureThatNamesIt) {
    EXPECT_EQ(failure_of(plugin_.run("sample.mistake")).message,
              "argument text is of another type");
}

TEST_F(Attempts, OutputProgressAndResultReachTheHost) {
    const auto told = plugin_.run("sample.tell");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
    EXPECT_EQ(told.out, "to stdout");
    EXPECT_EQ(told.err, "to stderr");
    EXPECT_EQ(told.progress, (std::vector<std::optional<int>>{5000, 0, 10'000, std::nullopt}));
    EXPECT_EQ(told.note, "somewhere");
    EXPECT_EQ(told.outcome.result_json, "[1]");
}

TEST_F(Attempts, ASleepEndsWhenACancellationIsAskedFor) {
    const auto told = run_and_cancel("sample.wait", core::CancelReason::User);
    EXPECT_EQ(told.out, "1");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Attempts, TheReasonOfACancellationIsTold) {
    const auto told = run_and_cancel("sample.wait", core::CancelReason::Drain);
    EXPECT_EQ(told.out, "3");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(Attempts, ASleepEndsWhenItsTimeIsOver) {
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(plugin_.run("sample.doze").outcome.end));
}

TEST_F(Attempts, ACallbackHearsOfACancellation) {
    const auto told = run_and_cancel("sample.callback", core::CancelReason::User);
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
    EXPECT_EQ(plugin_.broken_rules(), 0);
}

TEST_F(Attempts, ACallbackHearsOfACancellationFromBefore) {
    plugin_.sink().cancel_from_the_beginning(core::CancelReason::User);
    const auto told = plugin_.run("sample.callback");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

}  // namespace
}  // namespace jobhost::sdk_test
