#include "core/seconds.hpp"

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

using std::chrono::milliseconds;

TEST(FromSeconds, GivesBackEveryMillisecond) {
    for (std::int64_t count = 0; count < 700'000; count += 7) {
        EXPECT_EQ(from_seconds(base::to_seconds(milliseconds(count))), milliseconds(count));
    }
    EXPECT_EQ(from_seconds(2.007), milliseconds(2007));
    EXPECT_EQ(from_seconds(1e9), std::chrono::seconds(1'000'000'000));
}

TEST(FromSeconds, ALittleIsNeverNothing) {
    EXPECT_EQ(from_seconds(0.0001), milliseconds(1));
    EXPECT_EQ(from_seconds(2.0071), milliseconds(2008));
    EXPECT_EQ(from_seconds(0), milliseconds(0));
}

}  // namespace
}  // namespace jobhost::core
