#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/job.hpp"
#include "schedule/calendar.hpp"

namespace jobhost::core {

inline constexpr std::size_t kMostCalendars = 8;         ///< that one job respects
inline constexpr std::size_t kLongestCalendarName = 64;  ///< in characters

/// The calendars that the host knows. Never changes. [any thread]
class Calendars {
public:
    Calendars() = default;
    /// Their names differ.
    explicit Calendars(std::vector<schedule::Calendar> calendars)
        : calendars_(std::move(calendars)) {}

    /// Null when there is none of this name.
    [[nodiscard]] const schedule::Calendar* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> names() const;

private:
    std::vector<schedule::Calendar> calendars_;
};

/// When the occurrences of one job may not run: the calendars that it names, together. A name that
/// the host does not know excludes everything, since nobody can say what it would allow.
class Blackout {
public:
    /// Excludes nothing.
    Blackout() = default;
    /// Both must outlive this.
    Blackout(const Calendars& calendars, std::span<const std::string> names);

    /// Does it exclude nothing at all?
    [[nodiscard]] bool empty() const { return parts_.empty(); }

    /// The first name that the host does not know; empty when it knows all.
    [[nodiscard]] std::string_view unknown() const;

    /// Why nothing may run at `instant`; nothing when it may.
    [[nodiscard]] std::optional<std::string> rule_at(Instant instant) const;

    /// The first instant from `from` on that is not excluded; nothing when there is none before
    /// `limit`. Each stretch of excluded time costs one of `steps`; below 0 there were too many,
    /// and the answer is nothing.
    [[nodiscard]] std::optional<Instant> allowed_from(Instant from,
                                                      Instant limit,
                                                      int& steps) const;

private:
    struct Part {
        std::string_view name;
        const schedule::Calendar* calendar = nullptr;  ///< null: the host does not know it
    };
    std::vector<Part> parts_;
};

}  // namespace jobhost::core
