#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobhost::schedule {

/// A stretch of time in which the wall clock was not changed.
struct ClockPeriod {
    std::chrono::sys_seconds begin;  ///< the lowest value when there was no change before
    std::chrono::sys_seconds end;    ///< the first second behind; the highest when there is none
    std::chrono::seconds offset;     ///< of the wall clock, ahead of UTC
    std::chrono::seconds offset_before;  ///< of the period before; `offset` when there is none
};

/// The moment when a wall clock is put forward or back.
struct ClockChange {
    std::chrono::sys_seconds at;
    std::chrono::seconds before;  ///< the offset until `at`
    std::chrono::seconds after;   ///< the offset from `at` on
};

/// The wall clock of a place, by the time zone data of this machine (or of the folder that the
/// environment's TZDIR names). A value: cheap to copy, never changes. [any thread]
class TimeZone {
public:
    /// Takes the names of the time zone database: "Europe/Berlin", "UTC". Anything else, a path
    /// above all, is `Invalid`, and the message has the nearest name.
    [[nodiscard]] static base::Result<TimeZone> load(std::string_view name);

    /// The name of this machine's zone: from the environment's TZ, else from /etc/localtime; UTC
    /// when neither names one that can be loaded.
    [[nodiscard]] static std::string local();

    [[nodiscard]] const std::string& name() const;

    /// How far the wall clock is ahead of UTC at `instant`.
    [[nodiscard]] std::chrono::seconds offset(base::Instant instant) const;

    /// The period that `second` is in. The rules of a zone go on for ever. Allocates nothing.
    [[nodiscard]] ClockPeriod period_at(std::chrono::sys_seconds second) const;

    /// The first change of the offset later than `instant`, and the last one not later than it.
    [[nodiscard]] std::optional<ClockChange> next_change(base::Instant instant) const;
    [[nodiscard]] std::optional<ClockChange> previous_change(base::Instant instant) const;

    /// The instant at which the wall clock shows `wall`: the earlier one when it shows it twice,
    /// and the moment of the change when it skips it.
    [[nodiscard]] std::chrono::sys_seconds first_instant(std::chrono::local_seconds wall) const;

    /// RFC 3339 with milliseconds and the offset of the zone: `2026-03-01T13:00:00.000+01:00`. Of
    /// an offset with seconds, as local mean times have, the seconds are cut.
    [[nodiscard]] std::string format(base::Instant instant) const;

private:
    struct State;
    explicit TimeZone(std::shared_ptr<const State> state);

    std::shared_ptr<const State> state_;  // shared by the copies; it never changes
};

}  // namespace jobhost::schedule
