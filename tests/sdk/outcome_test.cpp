#include <gtest/gtest.h>

#include "border_harness.hpp"
#include "sample_plugin.hpp"

namespace jobhost::sdk_test {
namespace {

class Outcomes : public ::testing::Test {
protected:
    Loaded plugin_{*jobhost_plugin_v1(nullptr)};

    Told run(const std::string& type) { return plugin_.run("sample." + type); }
};

TEST_F(Outcomes, DoneIsASuccess) {
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(run("succeed").outcome.end));
}

TEST_F(Outcomes, DoneMayBringAResult) {
    EXPECT_EQ(run("result").outcome.result_json, R"({"answer":42})");
}

TEST_F(Outcomes, AResultThatIsNoJsonIsAFailureAndNoSuccess) {
    const auto told = run("bad-result");
    EXPECT_EQ(failure_of(told).type, "result");
    EXPECT_TRUE(told.outcome.result_json.empty());
}

TEST_F(Outcomes, CancelledThatNobodyAskedForIsTheHostsToJudge) {
    EXPECT_EQ(failure_of(run("cancelled")).type, "unspecified");
}

TEST_F(Outcomes, ASnoozeBringsItsDelayAndItsReason) {
    const auto told = run("snooze");
    const auto& snoozed = std::get<core::Snoozed>(told.outcome.end);
    EXPECT_EQ(snoozed.delay, std::chrono::seconds(90));
    EXPECT_EQ(snoozed.reason, "the shop is closed");
}

TEST_F(Outcomes, AFailureBringsAllItWasGiven) {
    const auto failure = failure_of(run("return-failure"));
    EXPECT_EQ(failure.category, core::ErrorCategory::Network);
    EXPECT_EQ(failure.type, "sample.net");
    EXPECT_EQ(failure.message, "nobody answers");
    EXPECT_EQ(failure.hint, core::RetryHint::Retryable);
    EXPECT_EQ(failure.retry_after, std::chrono::milliseconds(2));  // rounded up
    EXPECT_EQ(failure.code, 111);
    EXPECT_EQ(failure.details_json, R"({"host":"here"})");
}

TEST_F(Outcomes, AFailureMayBeThrown) {
    const auto failure = failure_of(run("throw-failure"));
    EXPECT_EQ(failure.category, core::ErrorCategory::Business);
    EXPECT_EQ(failure.hint, core::RetryHint::Permanent);
    EXPECT_EQ(failure.message, "not on Sundays");
}

TEST_F(Outcomes, AnExceptionIsAFailureWithItsText) {
    const auto failure = failure_of(run("throw-exception"));
    EXPECT_EQ(failure.category, core::ErrorCategory::Application);
    EXPECT_EQ(failure.type, "exception");
    EXPECT_EQ(failure.message, "it broke");
}

TEST_F(Outcomes, TheInnermostExceptionIsTheFailure) {
    const auto failure = failure_of(run("throw-nested"));
    EXPECT_EQ(failure.category, core::ErrorCategory::Network);
    EXPECT_EQ(failure.type, "sample.net");
    EXPECT_EQ(failure.message, "nobody answers");
}

TEST_F(Outcomes, RunningOutOfMemoryIsTheMachinesFault) {
    EXPECT_EQ(failure_of(run("throw-memory")).category, core::ErrorCategory::System);
}

TEST_F(Outcomes, WhateverElseIsThrownIsAFailureToo) {
    EXPECT_EQ(failure_of(run("throw-number")).type, "exception");
}

TEST_F(Outcomes, NothingThatIsThrownGetsAcrossTheBorder) {
    for (const char* type : {"throw-failure", "throw-exception", "throw-memory", "throw-number"}) {
        run(type);
    }
    EXPECT_EQ(plugin_.broken_rules(), 0);
}

}  // namespace
}  // namespace jobhost::sdk_test
