#include "core/mistakes.hpp"

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

TEST(Mistakes, NoneIsEmpty) { EXPECT_TRUE(Mistakes().empty()); }

TEST(Mistakes, OneErrorHoldsThemAllAndItsSentenceTheFirstThree) {
    Mistakes mistakes;
    for (const auto* path : {"a", "b", "c", "d", "e"}) {
        mistakes.add(path, "required", "is missing");
    }
    const auto error = std::move(mistakes).error("invalid_job", "the job");
    EXPECT_EQ(error.kind, base::ErrorKind::Invalid);
    EXPECT_EQ(error.code, "invalid_job");
    EXPECT_EQ(
        error.message,
        "the job cannot be accepted: a: is missing; b: is missing; c: is missing; and 2 more");
    ASSERT_EQ(error.fields.size(), 5U);
    EXPECT_EQ(error.fields[4].path, "e");
}

TEST(Mistakes, WhatIsBeyondAHundredIsOnlyCounted) {
    Mistakes mistakes;
    for (int i = 0; i < 99; ++i) {
        mistakes.add("a" + std::to_string(i), "unknown", "is unknown");
    }
    EXPECT_FALSE(mistakes.full());
    mistakes.add("b", "unknown", "is unknown");
    EXPECT_TRUE(mistakes.full());
    for (int i = 0; i < 900; ++i) {
        mistakes.add("c" + std::to_string(i), "unknown", "is unknown");
    }
    const auto error = std::move(mistakes).error("invalid_job", "the job");
    EXPECT_EQ(error.fields.size(), 100U);
    EXPECT_TRUE(error.message.ends_with("; and 997 more")) << error.message;
}

}  // namespace
}  // namespace jobhost::core
