#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>

#include "core/job.hpp"

namespace jobhost::store::sqlite {

/// The number of a job inside this file; grows with every job, never given twice.
struct JobKey {
    std::int64_t value = 0;

    friend auto operator<=>(const JobKey&, const JobKey&) = default;
};

/// A class of jobs that the same nodes can run.
struct LaneId {
    std::int64_t value = 0;

    friend auto operator<=>(const LaneId&, const LaneId&) = default;
};

/// Priority and tries as one number: less runs first.
struct Rank {
    int value = 0;

    static constexpr int kSteps = 64;  ///< ranks of one priority; more tries than that are one

    /// Of a job that was asked for with this priority and has failed so often.
    [[nodiscard]] static Rank of(core::Priority priority, int tries, int max_tries) {
        const core::Priority counts = core::effective_priority(priority, tries, max_tries);
        const int below_highest =
            (static_cast<int>(core::Priority::High) - static_cast<int>(counts)) / 5;
        return {below_highest * kSteps + std::clamp(tries, 0, kSteps - 1)};
    }

    friend auto operator<=>(const Rank&, const Rank&) = default;
};

/// Where a row stands among those of its lane and rank.
struct Position {
    core::Instant due;
    JobKey job;

    friend auto operator<=>(const Position&, const Position&) = default;
};

/// The key of a row of `ready`.
struct ReadyKey {
    LaneId lane;
    Rank rank;
    Position position;
};

/// The number of the start of a host to which a token belongs.
struct Epoch {
    std::int64_t value = 0;

    static constexpr int kTokenBits = 40;  ///< of a token's counter, below the epoch

    [[nodiscard]] static Epoch of(core::Token token) { return {token.value >> kTokenBits}; }
    [[nodiscard]] core::Token token(std::int64_t counter) const {
        return {(value << kTokenBits) | counter};
    }

    friend auto operator<=>(const Epoch&, const Epoch&) = default;
};

}  // namespace jobhost::store::sqlite

template <>
struct std::hash<jobhost::store::sqlite::JobKey> {
    std::size_t operator()(jobhost::store::sqlite::JobKey key) const noexcept {
        return std::hash<std::int64_t>{}(key.value);
    }
};

template <>
struct std::hash<jobhost::store::sqlite::LaneId> {
    std::size_t operator()(jobhost::store::sqlite::LaneId lane) const noexcept {
        return std::hash<std::int64_t>{}(lane.value);
    }
};
