#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "base/guarded.hpp"

namespace jobhost::plugin {

/// Keeps one plugin from flooding the log: so many lines a second are let through, the rest is
/// counted. [any thread]
class LogGate {
public:
    explicit LogGate(int lines_per_second) : limit_(lines_per_second) {}

    struct Answer {
        bool write = false;
        std::uint64_t dropped_before = 0;  ///< lines kept back since the last one that was written
    };

    /// May a line be written at `now`?
    [[nodiscard]] Answer ask(base::Steady now) {
        return window_.with([&](Window& window) -> Answer {
            if (now - window.begin >= std::chrono::seconds(1)) {
                window.begin = now;
                window.written = 0;
            }
            if (window.written >= limit_) {
                ++window.dropped;
                return {};
            }
            ++window.written;
            return {true, std::exchange(window.dropped, 0)};
        });
    }

private:
    struct Window {
        base::Steady begin{};
        int written = 0;
        std::uint64_t dropped = 0;
    };

    int limit_;
    base::Guarded<Window> window_;
};

}  // namespace jobhost::plugin
