#include "base/assert.hpp"

#include <string>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

TEST(Assert, WhatHoldsGoesOn) {
    int asked = 0;
    JOBHOST_ASSERT(++asked == 1);
    EXPECT_EQ(asked, 1);
}

TEST(AssertDeathTest, ABrokenPromiseIsNamedAndEndsTheProcess) {
    EXPECT_DEATH(JOBHOST_ASSERT(1 + 1 == 3), "broken promise: 1 \\+ 1 == 3 \\(.*assert_test.cpp:");
}

TEST(AssertDeathTest, AnExpressionLongerThanTheBufferStillEndsTheProcess) {
    const std::string expression(5000, 'x');
    EXPECT_DEATH(assertion_failed(expression.c_str(), "file.cpp", 1), "broken promise: xxxx");
}

}  // namespace
}  // namespace jobhost::base
