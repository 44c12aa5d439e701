#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/job.hpp"
#include "schedule/cron.hpp"
#include "schedule/timetable.hpp"

namespace jobhost::core {

using CronDays = schedule::Days;

/// What becomes of occurrences whose time passed while nobody planned. The numbers of both
/// enumerations are those kept in the database.
enum class Misfire : int { RunLatest = 0, RunAll = 1, Skip = 2 };

/// What becomes of an occurrence that is due while an earlier one of the same job is not over.
enum class Overlap : int { Skip = 0, BufferOne = 1, CancelOther = 2, Allow = 3 };

[[nodiscard]] std::string_view name(Misfire misfire);
[[nodiscard]] std::string_view name(Overlap overlap);
[[nodiscard]] std::string_view name(CronDays days);
[[nodiscard]] std::optional<Misfire> misfire_from(std::string_view name);
[[nodiscard]] std::optional<Overlap> overlap_from(std::string_view name);
[[nodiscard]] std::optional<CronDays> cron_days_from(std::string_view name);

inline constexpr Duration kDefaultInterval = std::chrono::seconds(300);
inline constexpr int kDefaultMisfireLimit = 100;

/// When a recurring job fires, and what it does when it could not.
struct Recurrence {
    std::string cron = {};  ///< of kind `period`; empty for `persistent`
    CronDays days = CronDays::Either;
    std::string time_zone = "UTC";
    Duration interval{0};  ///< of kind `persistent`; 0 for `period`
    std::optional<Instant> end_time = {};
    std::int64_t max_count = 0;  ///< occurrences that run; 0 = unlimited
    Misfire misfire = Misfire::RunLatest;
    int misfire_limit = kDefaultMisfireLimit;  ///< of `RunAll`: the latest so many run
    std::optional<Duration> catch_up = {};     ///< what was missed longer ago never runs
    Overlap overlap = Overlap::Skip;
    Duration lock_timeout{0};  ///< above 0: never two children at once, triggered ones included
    Duration jitter{0};        ///< each occurrence starts up to so much later
    int occurrence_tries = 1;  ///< tries of one occurrence; 0 = unlimited
    std::vector<std::string> calendars = {};  ///< nothing runs at times that they exclude

    friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

/// Do both come to the same instants, from the same beginning?
[[nodiscard]] bool fires_alike(const Recurrence& one, const Recurrence& other);

/// The instants at which the job fires. `begin` is its begin time, or that of its creation: nothing
/// comes before it, and intervals are counted from it. Fails for a recurrence that was not judged,
/// or when the machine lost its time zone data.
[[nodiscard]] base::Result<schedule::Timetable> timetable_of(const Recurrence& recurrence,
                                                             Instant begin);

}  // namespace jobhost::core
