#include "simulation/long_form.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"

namespace jobhost::simulation {

namespace {

/// So many seeds meet every kind of fault; fewer need not.
constexpr std::uint64_t kEnoughForEachKind = 100;

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

int replay(const RunSeed& run_seed, std::uint64_t seed) {
    const Report report = run_seed(seed);
    std::cout << report.text() << "\nturns " << report.turns << ", sum " << std::hex << report.sum
              << "\n";
    return report.violation ? EXIT_FAILURE : EXIT_SUCCESS;
}

int run(const RunSeed& run_seed, std::uint64_t seeds, std::uint64_t first, Kinds kinds) {
    const auto begin = std::chrono::steady_clock::now();
    FaultCounts counts;
    std::uint64_t turns = 0;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const Report report = run_seed(seed);
        counts.add(report.counts);
        turns += report.turns;
        if (report.violation) {
            std::cout << report.text() << "again: --seed " << seed << "\n";
            return EXIT_FAILURE;
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    bool all_happened = true;
    for (std::size_t i = 0; i < counts.times.size(); ++i) {
        std::cout << std::setw(22) << kFaultNames[i] << std::setw(12) << counts.times[i] << "\n";
        all_happened = all_happened && counts.times[i] > 0;
    }
    std::cout << seeds << " seeds, " << turns << " turns, " << std::fixed << std::setprecision(1)
              << took.count() << " s\n";
    if (kinds == Kinds::Some || seeds < kEnoughForEachKind) {
        return EXIT_SUCCESS;
    }
    if (!all_happened) {
        std::cout << "some kind of fault never happened\n";
    }
    return all_happened ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int long_form(int argc, char** argv, const RunSeed& run_seed, Kinds kinds) {
    if (!base::start_log({.level = base::LogLevel::Error, .target = "file:/dev/null"})) {
        return EXIT_FAILURE;
    }
    const bool again = argc == 3 && std::string_view(argv[1]) == "--seed";
    const auto first = number_in(argc > 2 ? argv[2] : "1");
    const auto seeds = number_in(argc > 1 && !again ? argv[1] : "1");
    if (argc < 2 || argc > 3 || !first || !seeds) {
        std::cerr << "simulate SEEDS [FIRST] | simulate --seed N\n";
        return EXIT_FAILURE;
    }
    return again ? replay(run_seed, *first) : run(run_seed, *seeds, *first, kinds);
}

}  // namespace jobhost::simulation
