#include <iostream>

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "simulation/cluster.hpp"

namespace jobhost::simulation {

namespace {

constexpr std::uint64_t kShortForm = 150;

struct Planted {
    const char* name;
    Bug bug;
    const char* invariant;  ///< the one that it breaks first
    std::uint64_t most_seeds;
};

class PlantedBug : public testing::TestWithParam<Planted> {};

/// What the actors have to say about their troubles is no news here.
class Silence final : public testing::Environment {
    void SetUp() override {
        ASSERT_TRUE(base::start_log({.level = base::LogLevel::Error, .target = "file:/dev/null"}));
    }
};
[[maybe_unused]] const auto* const kSilence = testing::AddGlobalTestEnvironment(new Silence);

}  // namespace

TEST(Simulation, NoSeedBreaksAPromise) {
    FaultCounts counts;
    for (std::uint64_t seed = 1; seed <= kShortForm; ++seed) {
        const Report report = simulate(seed);
        ASSERT_FALSE(report.violation) << report.text();
        counts.add(report.counts);
    }
    for (std::size_t i = 0; i < counts.times.size(); ++i) {
        std::cout << kFaultNames[i] << ": " << counts.times[i] << "\n";
        EXPECT_GT(counts.times[i], 0U) << "never happened: " << kFaultNames[i];
    }
}

TEST(Simulation, OneSeedIsOneRun) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Report once = simulate(seed);
        const Report again = simulate(seed);
        EXPECT_EQ(once.sum, again.sum) << "seed " << seed;
        EXPECT_EQ(once.turns, again.turns);
        EXPECT_EQ(once.counts.times, again.counts.times);
    }
}

TEST(Simulation, OtherSeedsAreOtherRuns) { EXPECT_NE(simulate(1).sum, simulate(2).sum); }

TEST_P(PlantedBug, IsFound) {
    const Planted& planted = GetParam();
    for (std::uint64_t seed = 1; seed <= planted.most_seeds; ++seed) {
        const Report report = simulate(seed, planted.bug);
        if (report.violation) {
            std::cout << planted.name << ": seed " << seed << ": " << report.violation->invariant
                      << ": " << report.violation->what << "\n";
            EXPECT_EQ(report.violation->invariant, planted.invariant) << report.text();
            return;
        }
    }
    FAIL() << planted.name << " was not found by " << planted.most_seeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(
    Simulation,
    PlantedBug,
    testing::Values(Planted{"RescueWithoutToken", Bug::RescueWithoutToken, "I4", 500},
                    Planted{"SettleOverCancel", Bug::SettleOverCancel, "I8", 400},
                    Planted{"PlanFromNow", Bug::PlanFromNow, "occurrences", 20},
                    Planted{"LeaseByWallClock", Bug::LeaseByWallClock, "I2", 200},
                    Planted{"AdvanceApart", Bug::AdvanceApart, "occurrences", 20}),
    [](const auto& planted) { return planted.param.name; });

}  // namespace jobhost::simulation
