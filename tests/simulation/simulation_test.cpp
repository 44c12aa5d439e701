#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "simulation/cluster.hpp"
#include "simulation/long_form.hpp"
#include "simulation/silence.hpp"

namespace jobhost::simulation {

namespace {

constexpr std::uint64_t kShortForm = 300;

struct Planted {
    const char* name;
    Bug bug;
    const char* invariant;  ///< that it breaks
    std::uint64_t most_seeds;

    friend std::ostream& operator<<(std::ostream& out, const Planted& planted) {
        return out << planted.name;
    }
};

class PlantedBug : public testing::TestWithParam<Planted> {};

[[maybe_unused]] const auto* const kSilence = testing::AddGlobalTestEnvironment(new Silence);

}  // namespace

TEST(Simulation, NoSeedBreaksAPromise) {
    FaultCounts counts;
    std::map<core::Operation, std::uint64_t> accepted;
    for (std::uint64_t seed = 1; seed <= kShortForm; ++seed) {
        const Report report = simulate(seed);
        ASSERT_FALSE(report.violation) << report.text();
        counts.add(report.counts);
        for (const auto& [operation, times] : report.accepted) {
            accepted[operation] += times;
        }
    }
    for (const core::Operation operation : core::all_operations()) {
        const bool is_asked =
            operation != core::Operation::Update && operation != core::Operation::Copy;
        std::cout << core::name(operation) << ": " << accepted[operation] << "\n";
        EXPECT_TRUE(accepted[operation] > 0 || !is_asked) << core::name(operation);
    }
    for (std::size_t i = 0; i < counts.times.size(); ++i) {
        std::cout << kFaultNames[i] << ": " << counts.times[i] << "\n";
        EXPECT_GT(counts.times[i], 0U) << "never happened: " << kFaultNames[i];
    }
}

/// Jobs and schedules run while nothing but the clocks goes wrong: of one node, and of all at once.
/// What is waited for by a wall clock would be late or early by hours (I9, I11, I13).
TEST(Simulation, ClocksMovedByHoursUnderLoadDoubleNothingAndHoldNothingUp) {
    FaultCounts counts;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const Report report = simulate_clocks(seed);
        ASSERT_FALSE(report.violation) << report.text();
        EXPECT_GT(report.jobs, 0U);
        counts.add(report.counts);
    }
    for (const Fault fault : {Fault::ClockForward, Fault::ClockBack, Fault::AllClocks}) {
        EXPECT_GT(counts.times[static_cast<std::size_t>(fault)], 0U);
    }
    for (const Fault fault : {Fault::Crash, Fault::Freeze, Fault::Delay, Fault::Outage}) {
        EXPECT_EQ(counts.times[static_cast<std::size_t>(fault)], 0U);
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

TEST(Simulation, WhatHappenedCountsLetterByLetter) {
    const auto sum_of = [](const char* what) {
        Dice dice(1);
        Scheduler scheduler(dice);
        Trace trace(scheduler);
        trace.add(what, kNobody);
        return trace.sum();
    };
    EXPECT_EQ(sum_of("claims"), sum_of("claims"));
    EXPECT_NE(sum_of("claims"), sum_of("crashes"));
}

TEST(Simulation, OtherSeedsAreOtherRuns) { EXPECT_NE(simulate(1).sum, simulate(2).sum); }

int long_form_of(std::string seeds, Kinds kinds) {
    std::string program = "simulate";
    std::array arguments{program.data(), seeds.data()};
    return long_form(
        2, arguments.data(), [](std::uint64_t seed) { return Report{.seed = seed}; }, kinds);
}

TEST(LongForm, AKindOfFaultIsMissedFromAHundredSeedsOn) {
    EXPECT_EQ(long_form_of("1", Kinds::All), EXIT_SUCCESS);
    EXPECT_EQ(long_form_of("99", Kinds::All), EXIT_SUCCESS);
    EXPECT_EQ(long_form_of("100", Kinds::All), EXIT_FAILURE);
    EXPECT_EQ(long_form_of("100", Kinds::Some), EXIT_SUCCESS);
}

TEST_P(PlantedBug, IsFound) {
    const Planted& planted = GetParam();
    std::string others;
    for (std::uint64_t seed = 1; seed <= planted.most_seeds; ++seed) {
        const Report report = simulate(seed, planted.bug);
        if (!report.violation) {
            continue;
        }
        const std::string found = "seed " + std::to_string(seed) + ": " +
                                  report.violation->invariant + ": " + report.violation->what +
                                  "\n";
        if (report.violation->invariant == planted.invariant) {
            std::cout << planted.name << ": " << found;
            return;
        }
        others += found;
    }
    FAIL() << planted.name << " broke no " << planted.invariant << " within " << planted.most_seeds
           << " seeds, but\n"
           << others;
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
