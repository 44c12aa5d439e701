#include "core/retry.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr int kMostFailures = std::numeric_limits<int>::max();

TEST(RetryDelay, TheFirstIsTheBase) { EXPECT_EQ(retry_delay({}, 1, 0), milliseconds(50)); }

TEST(RetryDelay, EachIsLongerByTheFactorUpToTheCap) {
    EXPECT_EQ(retry_delay({}, 2, 0), milliseconds(75));
    EXPECT_EQ(retry_delay({}, 3, 0), milliseconds(113));
    EXPECT_EQ(retry_delay({}, 30, 0), hours(1));
    EXPECT_EQ(retry_delay({}, kMostFailures, 0), hours(1));
}

TEST(RetryDelay, TheSpreadMovesItByTheJitter) {
    const RetryPolicy policy{.base = milliseconds(1000), .jitter = 0.1};
    EXPECT_EQ(retry_delay(policy, 1, 1), milliseconds(1100));
    EXPECT_EQ(retry_delay(policy, 1, -1), milliseconds(900));
    EXPECT_EQ(retry_delay(policy, 1, 0.5), milliseconds(1050));
}

TEST(RetryDelay, TheJitterNeverLiftsItAboveTheCap) {
    const RetryPolicy policy{.base = hours(2), .jitter = 1};
    EXPECT_EQ(retry_delay(policy, 1, 1), hours(1));
    EXPECT_EQ(retry_delay(policy, 1, -1), milliseconds(0));
}

TEST(RetryDelay, NoFailureYetCountsAsTheFirst) {
    EXPECT_EQ(retry_delay({}, 0, 0), milliseconds(50));
    EXPECT_EQ(retry_delay({}, -5, 0), milliseconds(50));
    EXPECT_EQ(retry_delay({}, std::numeric_limits<int>::min(), 0), milliseconds(50));
}

TEST(RetryDelay, AnOddPolicyStillGivesADelay) {
    EXPECT_EQ(retry_delay({.base = milliseconds(-5)}, 3, 0), milliseconds(0));
    EXPECT_EQ(retry_delay({.cap = milliseconds(-5)}, 3, 0), milliseconds(0));
    EXPECT_EQ(retry_delay({.factor = 0.1}, 9, 0), milliseconds(50));
    EXPECT_EQ(retry_delay({.factor = std::nan("")}, 9, 0), milliseconds(50));
    EXPECT_EQ(retry_delay({.factor = HUGE_VAL}, 9, 0), hours(1));
    EXPECT_EQ(retry_delay({.base = milliseconds(0), .factor = HUGE_VAL}, 9, 0), milliseconds(0));
    EXPECT_EQ(retry_delay({.jitter = std::nan("")}, 1, 1), milliseconds(50));
    EXPECT_EQ(retry_delay({.jitter = 1e300}, 1, -1), milliseconds(0));
    EXPECT_EQ(retry_delay({}, 1, std::nan("")), milliseconds(50));
}

TEST(RetryDelay, TheLongestCapDoesNotOverflow) {
    const RetryPolicy policy{.base = Duration::max(), .factor = 2, .cap = Duration::max()};
    EXPECT_EQ(retry_delay(policy, 1000, 1), Duration::max());
    EXPECT_GE(retry_delay(policy, 1, -1), milliseconds(0));
}

/// Whatever the policy: inside its bounds, longer with each failure, longer with the spread.
TEST(RetryDelay, HoldsItsPromisesForAnyPolicy) {
    std::mt19937_64 random(20260301);
    std::uniform_real_distribution<double> unit(0, 1);
    const auto wide = [&] {
        return milliseconds(static_cast<std::int64_t>(std::pow(10, unit(random) * 18)) - 2);
    };
    for (int round = 0; round < 20'000; ++round) {
        const RetryPolicy policy{.base = wide(),
                                 .factor = 0.5 + unit(random) * 4,
                                 .cap = wide(),
                                 .jitter = unit(random) * 1.2};
        const auto failures = static_cast<int>(std::pow(10, unit(random) * 9));
        const double spread = unit(random) * 3 - 1.5;
        const auto delay = retry_delay(policy, failures, spread);
        ASSERT_GE(delay, Duration{0});
        ASSERT_LE(delay, std::max(policy.cap, Duration{0}));
        ASSERT_LE(delay, retry_delay(policy, failures + 1, spread));
        ASSERT_LE(retry_delay(policy, failures, -1), delay);
        ASSERT_GE(retry_delay(policy, failures, 1), delay);
    }
}

}  // namespace
}  // namespace jobhost::core
