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

}  // namespace
}  // namespace jobhost::core
