#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendars.hpp"
#include "core/recurrence.hpp"
#include "core/settle.hpp"

namespace jobhost::core {

/// Why an occurrence did not run. The numbers are those kept in the database.
enum class NotRun : int { Missed = 1, Overlapped = 2, Paused = 3, BlackedOut = 4 };

[[nodiscard]] std::string_view name(NotRun verdict);

/// A clock that was set back by less than this is waited for.
inline constexpr Duration kSmallStepBack = std::chrono::minutes(1);

/// How far the occurrences of a recurring job are dealt with.
struct PlanPoint {
    Instant last;                            ///< everything up to and including this is
    std::optional<Instant> resumed_at = {};  ///< what was due before did not run: it was paused
    std::int64_t ran = 0;                    ///< occurrences that became children
};

/// An occurrence that becomes a child.
struct Firing {
    Instant nominal;
    bool is_late = false;  ///< it runs because the misfire policy says so
    Duration delay{0};     ///< it starts so much later than its time

    friend bool operator==(const Firing&, const Firing&) = default;
};

/// Occurrences in a row that did not run, for one reason.
struct Gap {
    NotRun verdict = NotRun::Missed;
    /// What decided: the setting `misfire`, `misfire_limit`, `catch_up`, …, or a calendar.
    std::string rule = {};
    Instant first;
    Instant last;
    int count = 1;
    bool is_counted = true;  ///< false: there were more, and `last` is a bound

    friend bool operator==(const Gap&, const Gap&) = default;
};

/// What is to be done about a recurring job now.
struct PlanStep {
    std::vector<Firing> firings = {};  ///< in order
    std::vector<Gap> gaps = {};        ///< in order
    Instant last;                      ///< the new end of what is dealt with
    std::optional<Instant> next = {};  ///< when the next occurrence is due; nothing: there is none
    bool went_back = false;            ///< the clock was turned back: records after `last` are void
};

/// What is to be done with an occurrence that is due.
enum class Start { Now, AfterOthers, AfterCancellingOthers, NotAtAll };

/// True when so many occurrences ran that none may follow.
[[nodiscard]] bool is_used_up(const Recurrence& recurrence, std::int64_t ran);

/// The overlap rule: `any_alive`, a child of the same job is not over; `any_waits`, one of them
/// waits for the others.
[[nodiscard]] Start start_of(const Recurrence& recurrence,
                             const Firing& firing,
                             bool any_alive,
                             bool any_waits);

/// The reason of a child that waited for another when its recurring job gave up.
inline constexpr std::string_view kParentStopped = "parent_stopped";

/// What the end of an occurrence means for its recurring job.
struct AfterChild {
    int failures = 0;  ///< tries that failed since the last success
    bool gives_up = false;
};

[[nodiscard]] AfterChild after_child(int failures, int max_tries, const Transition& child);

/// How much later than its time an occurrence starts: less than `jitter`, spread over the jobs by
/// `seed`, and the same whenever it is asked.
[[nodiscard]] Duration jitter_of(Duration jitter, Instant nominal, std::uint64_t seed);

/// Deals with every occurrence from `point.last` to `now`, or to the one with which the job would
/// be used up. What is due for less than `grace` is on time, and what `blackout` excludes never
/// runs, late or not. Pure; its work is bounded however long nobody looked.
[[nodiscard]] PlanStep plan(const schedule::Timetable& timetable,
                            const Recurrence& recurrence,
                            const Blackout& blackout,
                            const PlanPoint& point,
                            Instant now,
                            Duration grace);

/// So many stretches of excluded time are gone through for one answer.
inline constexpr int kMostSteps = 2'000;

/// When a job really runs whose next occurrence is due at `due`: then, or at the first one after it
/// that `blackout` lets run; nothing when there is none within a year, or it is not found within
/// `kMostSteps` and within `steps`, of which it takes those that it needs. `begin` as of
/// `timetable_of`.
[[nodiscard]] std::optional<Instant> next_run(const Recurrence& recurrence,
                                              const Blackout& blackout,
                                              Instant begin,
                                              Instant due,
                                              int& steps);

}  // namespace jobhost::core
