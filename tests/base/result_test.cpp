#include "base/result.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

Error missing() { return {ErrorKind::NotFound, "missing", "it is not there"}; }

TEST(Result, AValueIsAValue) {
    Result<int> result = 5;
    EXPECT_TRUE(result.has_value());
    EXPECT_TRUE(result);
    EXPECT_EQ(*result, 5);
    EXPECT_EQ(result.value_or(1), 5);
    *result = 6;
    EXPECT_EQ(result.value(), 6);
}

TEST(Result, AnErrorIsAnError) {
    const Result<int> result = missing();
    EXPECT_FALSE(result.has_value());
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::NotFound);
    EXPECT_EQ(result.error().code, "missing");
    EXPECT_EQ(result.value_or(1), 1);
}

TEST(Result, WhatCanOnlyBeMovedIsMovedOut) {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
    const std::unique_ptr<int> value = *std::move(result);
    EXPECT_EQ(*value, 3);
}

TEST(Result, AnErrorCanBeHandedOn) {
    const auto inner = []() -> Result<int> { return missing(); };
    const auto outer = [&]() -> Result<std::string> {
        auto result = inner();
        if (!result) {
            return std::move(result).error();
        }
        return std::string("found");
    };
    EXPECT_EQ(outer().error().code, "missing");
}

TEST(Result, DoneIsASuccessWithoutAValue) { EXPECT_TRUE(done()); }

TEST(ResultDeathTest, TakingWhatIsNotThereEndsTheProcess) {
    const Result<int> failed = missing();
    EXPECT_DEATH(static_cast<void>(*failed), "broken promise: has_value");
    const Result<int> good = 1;
    EXPECT_DEATH(static_cast<void>(good.error()), "broken promise: !has_value");
}

}  // namespace
}  // namespace jobhost::base
