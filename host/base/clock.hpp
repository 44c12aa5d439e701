#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::base {

using Duration = std::chrono::milliseconds;

/// A point of wall-clock time, in UTC.
using Instant = std::chrono::sys_time<Duration>;

/// A point of time that only moves forward and only means something inside this process.
using Steady = std::chrono::steady_clock::time_point;

/// Where time comes from. Waits and deadlines use `steady`, everything that is stored or shown uses
/// `now`. [any thread]
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual Steady steady() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Steady steady() const override;
};

/// RFC 3339 in UTC with milliseconds: `2026-03-01T12:00:00.000Z`.
[[nodiscard]] std::string format_instant(Instant instant);

/// Reads RFC 3339 with `Z` or an offset; fractions of a second are cut to milliseconds.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

/// Seconds as they travel in JSON: 1500 ms is 1.5.
[[nodiscard]] double to_seconds(Duration duration);

/// Reads `250ms`, `30s`, `5m`, `1h`, `2d` and sums like `1h30m`; never negative.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// The text that `parse_duration` reads back: `1h30m`, `250ms`, `0s`. A negative one, which it does
/// not take, has a minus in front.
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace jobhost::base
