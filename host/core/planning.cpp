#include "core/planning.hpp"

#include <algorithm>
#include <limits>

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

/// So many occurrences are looked at one by one. Who was away for longer than that gets the latest
/// ones and one record for all the others.
constexpr std::size_t kMostCounted = 1'000;

constexpr NameTable<NotRun, 3> kVerdicts{{
    {NotRun::Missed, "missed"},
    {NotRun::Overlapped, "overlapped"},
    {NotRun::Paused, "paused"},
}};

using Occurrences = std::vector<Instant>;

/// The occurrences after `from`, up to `to`, at most `most`.
Occurrences walk(const schedule::Timetable& timetable, Instant from, Instant to, std::size_t most) {
    Occurrences found;
    for (auto next = timetable.next(from); next && *next <= to && found.size() < most;
         next = timetable.next(*next)) {
        found.push_back(*next);
    }
    return found;
}

/// At least the latest `wanted` occurrences between `from` and `to`, or all there are. Looks back
/// twice as far each time, and then for a window that holds not many more, so that the work is that
/// of what it finds.
Occurrences latest(const schedule::Timetable& timetable,
                   Instant from,
                   Instant to,
                   std::size_t wanted) {
    const std::size_t many = 4 * wanted;
    Duration too_short{0};
    Duration back = std::chrono::seconds(1);
    Occurrences found = walk(timetable, to - back, to, many);
    while (found.size() < wanted && to - back > from) {
        too_short = back;
        back = std::min(back * 2, std::chrono::ceil<Duration>(to - from));
        found = walk(timetable, to - back, to, many);
    }
    while (found.size() == many && back - too_short > Duration{1}) {
        const Duration middle = too_short + (back - too_short) / 2;
        auto fewer = walk(timetable, to - middle, to, many);
        if (fewer.size() < wanted) {
            too_short = middle;
        } else {
            back = middle;
            found = std::move(fewer);
        }
    }
    return found;
}

/// Builds the step from the occurrences in their order.
class Planning {
public:
    Planning(const Recurrence& recurrence, const PlanPoint& point, Instant now, Duration grace)
        : recurrence_(recurrence), point_(point), now_(now), on_time_(now - grace) {
        step_.last = point.last;
    }

    /// All that happened between `first` and `before` and will not be looked at.
    void skip_unseen(const schedule::Timetable& timetable, Instant first, Instant before) {
        if (is_paused(first)) {
            const Instant until = std::min(*point_.resumed_at, before);
            unseen({NotRun::Paused, "paused", first, until});
            first = timetable.next(until).value_or(before);
        }
        if (first < before) {
            unseen({NotRun::Missed, late_rule(), first, before});
        }
    }

    void take(const Occurrences& due) {
        const std::size_t runs_from = first_that_runs(due);
        for (std::size_t i = 0; i < due.size(); ++i) {
            const Instant at = due[i];
            if (is_paused(at)) {
                skip(at, NotRun::Paused, "paused");
            } else if (at >= on_time_) {
                fire({.nominal = at, .is_late = false});
            } else if (is_too_old(at)) {
                skip(at, NotRun::Missed, "catch_up");
            } else if (i < runs_from) {
                skip(at, NotRun::Missed, late_rule());
            } else {
                fire({.nominal = at, .is_late = true});
            }
        }
    }

    PlanStep finish(const schedule::Timetable& timetable) && {
        step_.next = timetable.next(step_.last);
        return std::move(step_);
    }

private:
    [[nodiscard]] bool is_paused(Instant at) const {
        return point_.resumed_at && at <= *point_.resumed_at;
    }
    [[nodiscard]] bool is_too_old(Instant at) const {
        return recurrence_.catch_up && at < now_ - *recurrence_.catch_up;
    }
    [[nodiscard]] std::string late_rule() const {
        return recurrence_.misfire == Misfire::RunAll ? "misfire_limit" : "misfire";
    }
    [[nodiscard]] bool may_be_used_up() const {
        const auto fired = static_cast<std::int64_t>(step_.firings.size());
        return is_used_up(recurrence_, point_.ran + fired);
    }

    /// The place of the first late occurrence that the misfire policy lets run.
    [[nodiscard]] std::size_t first_that_runs(const Occurrences& due) const {
        const auto late =
            static_cast<std::size_t>(std::ranges::lower_bound(due, on_time_) - due.begin());
        const auto last_few = [late](std::size_t few) { return late > few ? late - few : 0; };
        switch (recurrence_.misfire) {
            case Misfire::RunLatest:
                return late == due.size() ? last_few(1) : late;
            case Misfire::RunAll:
                return last_few(static_cast<std::size_t>(recurrence_.misfire_limit));
            case Misfire::Skip:
                break;
        }
        return late;
    }

    void fire(const Firing& firing) {
        if (!may_be_used_up()) {
            step_.firings.push_back(firing);
            step_.last = firing.nominal;
        }
    }

    void skip(Instant at, NotRun verdict, std::string_view rule) {
        if (may_be_used_up()) {
            return;
        }
        step_.last = at;
        if (!step_.gaps.empty()) {
            Gap& before = step_.gaps.back();
            const bool fired_between =
                !step_.firings.empty() && step_.firings.back().nominal > before.last;
            if (before.verdict == verdict && before.rule == rule && before.is_counted &&
                !fired_between) {
                before.last = at;
                ++before.count;
                return;
            }
        }
        step_.gaps.push_back({verdict, std::string(rule), at, at});
    }

    void unseen(Gap gap) {
        gap.count = static_cast<int>(kMostCounted);
        gap.is_counted = false;
        step_.last = gap.last;
        step_.gaps.push_back(std::move(gap));
    }

    const Recurrence& recurrence_;
    const PlanPoint& point_;
    Instant now_;
    Instant on_time_;  ///< what is due from here on is not late
    PlanStep step_;
};

}  // namespace

std::string_view name(NotRun verdict) { return name_in(kVerdicts, verdict); }

bool is_used_up(const Recurrence& recurrence, std::int64_t ran) {
    return recurrence.max_count > 0 && ran >= recurrence.max_count;
}

Start start_of(const Recurrence& recurrence, const Firing& firing, bool any_alive, bool any_waits) {
    if (!any_alive || recurrence.overlap == Overlap::Allow) {
        return Start::Now;
    }
    if (firing.is_late && recurrence.misfire == Misfire::RunAll) {
        return Start::AfterOthers;
    }
    switch (recurrence.overlap) {
        case Overlap::BufferOne:
            return any_waits ? Start::NotAtAll : Start::AfterOthers;
        case Overlap::CancelOther:
            return Start::AfterCancellingOthers;
        case Overlap::Skip:
        case Overlap::Allow:
            break;
    }
    return Start::NotAtAll;
}

AfterChild after_child(int failures, int max_tries, const Transition& child) {
    if (child.to == Status::Completed) {
        return {};
    }
    if (!child.abandoned) {
        return {.failures = failures, .gives_up = false};
    }
    const int failed = std::max(child.tries, 1);
    const int most = std::numeric_limits<int>::max();
    const int sum = failures > most - failed ? most : failures + failed;
    return {.failures = sum, .gives_up = max_tries > 0 && sum >= max_tries};
}

Duration jitter_of(Duration jitter, Instant nominal, std::uint64_t seed) {
    if (jitter <= Duration{0}) {
        return Duration{0};
    }
    // Mixes the bits well enough that neighbours in time and in id land far apart.
    auto mixed = seed ^ static_cast<std::uint64_t>(nominal.time_since_epoch().count());
    for (const std::uint64_t factor : {0xbf58476d1ce4e5b9U, 0x94d049bb133111ebU}) {
        mixed = (mixed ^ (mixed >> 30U)) * factor;
    }
    mixed ^= mixed >> 31U;
    return Duration(static_cast<Duration::rep>(mixed % static_cast<std::uint64_t>(jitter.count())));
}

PlanStep plan(const schedule::Timetable& timetable,
              const Recurrence& recurrence,
              const PlanPoint& point,
              Instant now,
              Duration grace) {
    if (point.last > now + kSmallStepBack) {
        return {.last = now, .next = timetable.next(now), .went_back = true};
    }
    Planning planning(recurrence, point, now, grace);
    auto due = walk(timetable, point.last, now, kMostCounted + 1);
    if (due.size() > kMostCounted) {
        const auto late = recurrence.misfire == Misfire::RunAll ? recurrence.misfire_limit : 1;
        const Instant on_time = std::max(due.back(), now - grace - Duration{1});
        const auto wanted =
            walk(timetable, on_time, now, kMostCounted).size() + static_cast<std::size_t>(late);
        auto newest = latest(timetable, due.back(), now, wanted);
        const Instant rest_from = newest.empty() ? due.back() : newest.front();
        planning.skip_unseen(timetable, due.front(), rest_from - Duration{1});
        due = newest.empty() ? Occurrences{due.back()} : std::move(newest);
    }
    planning.take(due);
    return std::move(planning).finish(timetable);
}

}  // namespace jobhost::core
