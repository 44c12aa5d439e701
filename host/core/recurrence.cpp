#include "core/recurrence.hpp"

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

constexpr NameTable<Misfire, 3> kMisfires{{
    {Misfire::RunLatest, "run_latest"},
    {Misfire::RunAll, "run_all"},
    {Misfire::Skip, "skip"},
}};

constexpr NameTable<Overlap, 4> kOverlaps{{
    {Overlap::Skip, "skip"},
    {Overlap::BufferOne, "buffer_one"},
    {Overlap::CancelOther, "cancel_other"},
    {Overlap::Allow, "allow"},
}};

constexpr NameTable<CronDays, 2> kCronDays{{
    {CronDays::Either, "either"},
    {CronDays::Both, "both"},
}};

}  // namespace

std::string_view name(CronDays days) { return name_in(kCronDays, days); }
std::optional<CronDays> cron_days_from(std::string_view name) { return value_in(kCronDays, name); }
std::string_view name(Misfire misfire) { return name_in(kMisfires, misfire); }
std::string_view name(Overlap overlap) { return name_in(kOverlaps, overlap); }
std::optional<Misfire> misfire_from(std::string_view name) { return value_in(kMisfires, name); }
std::optional<Overlap> overlap_from(std::string_view name) { return value_in(kOverlaps, name); }

bool fires_alike(const Recurrence& one, const Recurrence& other) {
    return one.cron == other.cron && one.days == other.days && one.time_zone == other.time_zone &&
           one.interval == other.interval && one.end_time == other.end_time;
}

base::Result<schedule::Timetable> timetable_of(const Recurrence& recurrence, Instant begin) {
    auto zone = schedule::TimeZone::load(recurrence.time_zone);
    if (!zone) {
        return std::move(zone).error();
    }
    const auto with = [&](auto rule) -> base::Result<schedule::Timetable> {
        if (!rule) {
            return std::move(rule).error();
        }
        return schedule::Timetable{.rule = *std::move(rule),
                                   .zone = *std::move(zone),
                                   .begin = begin,
                                   .end = recurrence.end_time};
    };
    return recurrence.cron.empty() ? with(schedule::Interval::from(begin, recurrence.interval))
                                   : with(schedule::Cron::parse(recurrence.cron, recurrence.days));
}

}  // namespace jobhost::core
