#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobhost::schedule {

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

    /// RFC 3339 with milliseconds and the offset of the zone: `2026-03-01T13:00:00.000+01:00`. Of
    /// an offset with seconds, as local mean times have, the seconds are cut.
    [[nodiscard]] std::string format(base::Instant instant) const;

private:
    struct State;
    explicit TimeZone(std::shared_ptr<const State> state);

    std::shared_ptr<const State> state_;  // shared by the copies; it never changes
};

}  // namespace jobhost::schedule
