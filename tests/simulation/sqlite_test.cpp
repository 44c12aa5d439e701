#include <gtest/gtest.h>

#include "simulation/silence.hpp"
#include "simulation/sqlite_backend.hpp"

namespace jobhost::simulation {

namespace {

[[maybe_unused]] const auto* const kSilence = testing::AddGlobalTestEnvironment(new Silence);

}  // namespace

TEST(SqliteSimulation, NoSeedBreaksAPromise) {
    FaultCounts counts;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Report report = simulate_sqlite(seed);
        ASSERT_FALSE(report.violation) << report.text();
        EXPECT_GT(report.jobs, 0U);
        counts.add(report.counts);
    }
    EXPECT_GT(counts.times[static_cast<std::size_t>(Fault::Crash)], 0U);
    EXPECT_GT(counts.times[static_cast<std::size_t>(Fault::OrderlyStop)], 0U);
    EXPECT_GT(counts.times[static_cast<std::size_t>(Fault::ClockBack)], 0U);
}

TEST(SqliteSimulation, ClocksMovedByHoursUnderLoadDoubleNothingAndHoldNothingUp) {
    FaultCounts counts;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Report report = simulate_sqlite(seed, Trouble::Clocks);
        ASSERT_FALSE(report.violation) << report.text();
        EXPECT_GT(report.jobs, 0U);
        counts.add(report.counts);
    }
    EXPECT_GT(counts.times[static_cast<std::size_t>(Fault::ClockForward)], 0U);
    EXPECT_GT(counts.times[static_cast<std::size_t>(Fault::ClockBack)], 0U);
    EXPECT_EQ(counts.times[static_cast<std::size_t>(Fault::Crash)], 0U);
}

}  // namespace jobhost::simulation
