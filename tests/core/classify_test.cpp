#include "core/classify.hpp"

#include <array>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "core/settle.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::core {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

Failure failure(std::string type,
                std::int64_t code = 0,
                ErrorCategory category = ErrorCategory::System) {
    return {.category = category, .type = std::move(type), .code = code};
}

ErrorCategory category_of(const Failure& told, const std::vector<ClassifyRule>& rules = {}) {
    return classify(told, "test.job", rules).category;
}

TEST(Classify, StatusesOfHttpAreSortedWithoutAnyRule) {
    for (const std::int64_t code : {408, 429, 500, 502, 503, 599, 999}) {
        EXPECT_EQ(category_of(failure("http.status", code)), ErrorCategory::Network) << code;
    }
    for (const std::int64_t code : {100, 301, 400, 404, 407, 409, 422, 430, 499}) {
        EXPECT_EQ(category_of(failure("http.status", code)), ErrorCategory::Application) << code;
    }
    EXPECT_EQ(category_of(failure("http.status", kMost)), ErrorCategory::Network);
}

TEST(Classify, WhatCameWithoutAStatusKeepsItsCategory) {
    for (const std::int64_t code : {0, 7, 99}) {
        EXPECT_EQ(category_of(failure("http.connect", code, ErrorCategory::Network)),
                  ErrorCategory::Network);
    }
}

TEST(Classify, OtherTypesKeepWhatTheRunnerSaid) {
    EXPECT_EQ(category_of(failure("shell.exit", 404)), ErrorCategory::System);
    EXPECT_EQ(category_of(failure("https.status", 404)), ErrorCategory::System);
    EXPECT_EQ(category_of(failure("", 404)), ErrorCategory::System);
}

TEST(Classify, ARuleStandsAboveTheBuiltInOnes) {
    EXPECT_EQ(category_of(failure("http.status", 503),
                          {{.type = "http.status", .category = ErrorCategory::Business}}),
              ErrorCategory::Business);
}

TEST(Classify, TheFirstRuleThatMatchesCounts) {
    const std::vector<ClassifyRule> rules{
        {.type = "a.b", .category = ErrorCategory::Network},
        {.type = "a.*", .category = ErrorCategory::Business},
        {.type = "a.c", .category = ErrorCategory::Network},
    };
    EXPECT_EQ(category_of(failure("a.b"), rules), ErrorCategory::Network);
    EXPECT_EQ(category_of(failure("a.c"), rules), ErrorCategory::Business);
    EXPECT_EQ(category_of(failure("ab"), rules), ErrorCategory::System);
}

TEST(Classify, CategoryAndRetryMayComeFromTwoRules) {
    const std::vector<ClassifyRule> rules{
        {.type = "http.*", .first_code = 409, .last_code = 409, .retry = RetryHint::Retryable}};
    const Failure told = classify(failure("http.status", 409), "test.job", rules);
    EXPECT_EQ(told.hint, RetryHint::Retryable);
    EXPECT_EQ(told.category, ErrorCategory::Application);
}

TEST(Classify, ARuleMayTakeBackWhatTheRunnerSaidAboutTryingAgain) {
    Failure hopeless = failure("a.b");
    hopeless.hint = RetryHint::Permanent;
    const std::vector<ClassifyRule> rules{{.type = "a.b", .retry = RetryHint::Default}};
    EXPECT_EQ(classify(hopeless, "test.job", rules).hint, RetryHint::Default);
}

struct Match {
    ClassifyRule rule;
    Failure failure;
    bool matches;
};

TEST(Classify, MatchesTypesCodesAndJobTypes) {
    const std::array table{
        Match{{}, failure("any", 1), true},
        Match{{.type = "a.b"}, failure("a.b"), true},
        Match{{.type = "a.b"}, failure("a.bc"), false},
        Match{{.type = "a.b"}, failure("a"), false},
        Match{{.type = "a.*"}, failure("a."), true},
        Match{{.type = "a.*"}, failure("a"), false},
        Match{{.type = "*"}, failure(""), true},
        Match{{.type = "a.b"}, failure(""), false},
        Match{{.first_code = 5, .last_code = 5}, failure("x", 5), true},
        Match{{.first_code = 5, .last_code = 5}, failure("x", 4), false},
        Match{{.first_code = 5, .last_code = 5}, failure("x", 6), false},
        Match{{.first_code = 5}, failure("x", kMost), true},
        Match{{.first_code = 5}, failure("x", 4), false},
        Match{{.last_code = 5}, failure("x", -1), true},
        Match{{.first_code = 0, .last_code = 0}, failure("x"), true},
        Match{{.job_type = "test.job"}, failure("x"), true},
        Match{{.job_type = "test.*"}, failure("x"), true},
        Match{{.job_type = "other.*"}, failure("x"), false},
        Match{{.type = "a", .job_type = "other"}, failure("a"), false},
        Match{{.type = "a", .job_type = "test.job", .first_code = 1, .last_code = 2},
              failure("a", 2),
              true},
    };
    for (std::size_t i = 0; i < table.size(); ++i) {
        EXPECT_EQ(matches(table[i].rule, table[i].failure, "test.job"), table[i].matches)
            << "row " << i;
    }
}

TEST(Classify, EverythingElseOfTheFailureStays) {
    Failure told = failure("http.status", 503);
    told.retry_after = std::chrono::seconds(3);
    told.message = "busy";
    told.details_json = "{}";
    Failure expected = told;
    expected.category = ErrorCategory::Network;
    EXPECT_EQ(classify(told, "test.job", {}), expected);
}

TEST(Classify, OnlyWhatARunnerSaysIsClassified) {
    const std::vector<ClassifyRule> rules{{.type = "*", .category = ErrorCategory::Network}};
    const auto category = [&](Outcome outcome) {
        return failure_of(classify(std::move(outcome), "test.job", rules))->category;
    };
    EXPECT_EQ(category({.end = Failed{failure("x")}, .result_json = {}}), ErrorCategory::Network);
    EXPECT_EQ(category({.end = Crashed{failure("x")}, .result_json = {}}), ErrorCategory::Network);
    EXPECT_EQ(category({.end = TimedOut{"late"}, .result_json = {}}), ErrorCategory::Application);
    EXPECT_EQ(category({.end = Lost{"gone"}, .result_json = {}}), ErrorCategory::System);
}

TEST(Classify, WhatARuleSaysDecidesAboutTheNextTry) {
    const auto settled = [](const std::vector<ClassifyRule>& rules) {
        const Outcome outcome{.end = Failed{failure("a.b")}, .result_json = {}};
        return settle({}, classify(outcome, "test.job", rules), {}, support::ManualClock::kStart,
                      0);
    };
    EXPECT_EQ(settled({}).to, Status::FailedRetry);
    EXPECT_EQ(settled({{.type = "a.b", .retry = RetryHint::Permanent}}).reason, "permanent");
    EXPECT_EQ(settled({{.type = "a.b", .category = ErrorCategory::Business}}).reason, "permanent");
    EXPECT_EQ(
        settled(
            {{.type = "a.b", .category = ErrorCategory::Business, .retry = RetryHint::Retryable}})
            .to,
        Status::FailedRetry);
}

}  // namespace
}  // namespace jobhost::core
