#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/assert.hpp"

namespace jobhost::simulation {

/// Everything that is left to chance in one run comes from here, so that a seed is a run.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}

    std::uint64_t next() {
        std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

    /// From 0 to `count` - 1.
    std::size_t below(std::size_t count) {
        JOBHOST_ASSERT(count > 0);
        return static_cast<std::size_t>(next() % count);
    }

    /// Both ends count.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        JOBHOST_ASSERT(low <= high && high - low < std::numeric_limits<std::int64_t>::max());
        return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
    }

    /// True so often in a thousand throws.
    bool in_thousand(int times) { return static_cast<int>(next() % 1000) < times; }

    template <typename T>
    T one_of(const std::vector<T>& choices) {
        return choices[below(choices.size())];
    }

    /// Each as often as its `weight` says.
    template <typename T>
    const T& one_by_weight(const std::vector<T>& choices) {
        std::int64_t all = 0;
        for (const T& choice : choices) {
            all += choice.weight;
        }
        auto left = between(0, all - 1);
        std::size_t i = 0;
        while ((left -= choices[i].weight) >= 0) {
            ++i;
        }
        return choices[i];
    }

private:
    std::uint64_t state_;
};

}  // namespace jobhost::simulation
