#pragma once

#include <mutex>

#include "base/clock.hpp"

namespace jobhost::support {

/// A clock that stands still until a test turns it; wall clock and steady clock move together.
/// [any thread]
class ManualClock final : public base::Clock {
public:
    /// 2026-03-01T12:00:00Z unless told otherwise.
    static constexpr base::Instant kStart{std::chrono::milliseconds(1'772'366'400'000)};

    explicit ManualClock(base::Instant start = kStart) : now_(start) {}

    [[nodiscard]] base::Instant now() const override {
        const std::scoped_lock lock(mutex_);
        return now_;
    }

    [[nodiscard]] base::Steady steady() const override {
        const std::scoped_lock lock(mutex_);
        return steady_;
    }

    void advance(base::Duration by) {
        const std::scoped_lock lock(mutex_);
        now_ += by;
        steady_ += by;
    }

    /// Moves the wall clock alone, forward or back, as an administrator does.
    void set(base::Instant now) {
        const std::scoped_lock lock(mutex_);
        now_ = now;
    }

private:
    mutable std::mutex mutex_;
    base::Instant now_;
    base::Steady steady_{std::chrono::hours(1)};
};

}  // namespace jobhost::support
