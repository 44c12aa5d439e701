#include "core/planning.hpp"

#include <algorithm>
#include <limits>

#include "core/name_table.hpp"

namespace jobhost::core {

namespace {

/// So many occurrences are looked at one by one. Who was away for longer than that gets the latest
/// ones and one record for all the others.
constexpr std::size_t kMostCounted = 1'000;

/// So many stretches of excluded time are gone through for all walks of one plan together.
constexpr int kMostStepsOfPlan = 10 * kMostSteps;

/// So far ahead it is looked for an occurrence that is not excluded.
constexpr Duration kLookAhead = std::chrono::years(1);

constexpr NameTable<NotRun, 4> kVerdicts{{
    {NotRun::Missed, "missed"},
    {NotRun::Overlapped, "overlapped"},
    {NotRun::Paused, "paused"},
    {NotRun::BlackedOut, "blacked_out"},
}};

using Occurrences = std::vector<Instant>;

/// The occurrences of a job, those that are excluded and those that may run.
struct Course {
    const schedule::Timetable& timetable;
    const Blackout& blackout;
    int steps_left = kMostStepsOfPlan;  ///< for all walks together

    /// The first one after `after` and up to `to` that may run. Each stretch of excluded time costs
    /// one of `steps`; below 0 there were too many.
    [[nodiscard]] std::optional<Instant> next(Instant after, Instant to, int& steps) const {
        auto at = timetable.next(after);
        while (at && *at <= to && !blackout.empty()) {
            const auto free = blackout.allowed_from(*at, to + Duration{1}, steps);
            if (free == at) {
                return at;
            }
            if (!free) {
                return std::nullopt;
            }
            at = timetable.next(*free - Duration{1});
        }
        return at && *at <= to ? at : std::nullopt;
    }
};

struct Walk {
    Occurrences found = {};
    bool gave_up = false;  ///< too much is excluded to be gone through: more may follow
};

/// The occurrences that may run after `from`, up to `to`, at most `most`.
Walk walk(Course& course, Instant from, Instant to, std::size_t most) {
    Walk walked;
    const int given = std::min(kMostSteps, course.steps_left);
    int steps = given;
    for (auto next = course.next(from, to, steps); next && walked.found.size() < most;
         next = course.next(*next, to, steps)) {
        walked.found.push_back(*next);
    }
    walked.gave_up = steps < 0;
    course.steps_left -= given - std::max(steps, 0);
    return walked;
}

/// At least the latest `wanted` occurrences that may run between `from` and `to`, or all there are.
/// Looks back twice as far each time, and then for a window that holds not many more, so that the
/// work is that of what it finds. When too much is excluded to find as many, it is those that the
/// longest window holds that it could look through.
Occurrences latest(Course& course, Instant from, Instant to, std::size_t wanted) {
    const std::size_t many = 4 * wanted;
    Duration too_short{0};
    Occurrences too_few;
    Duration back = std::chrono::seconds(1);
    Walk walked = walk(course, to - back, to, many);
    while (walked.found.size() < wanted && !walked.gave_up && to - back > from) {
        too_short = back;
        too_few = std::move(walked.found);
        back = std::min(back * 2, std::chrono::ceil<Duration>(to - from));
        walked = walk(course, to - back, to, many);
    }
    while ((walked.found.size() == many || walked.gave_up) && back - too_short > Duration{1}) {
        const Duration middle = too_short + (back - too_short) / 2;
        auto shorter = walk(course, to - middle, to, many);
        if (shorter.found.size() < wanted && !shorter.gave_up) {
            too_short = middle;
            too_few = std::move(shorter.found);
        } else {
            back = middle;
            walked = std::move(shorter);
        }
    }
    return walked.gave_up ? too_few : walked.found;
}

/// Builds the step from the occurrences in their order.
class Planning {
public:
    Planning(Course& course,
             const Recurrence& recurrence,
             const PlanPoint& point,
             Instant now,
             Duration grace)
        : course_(course),
          recurrence_(recurrence),
          point_(point),
          now_(now),
          on_time_(now - grace) {
        step_.last = point.last;
    }

    /// There are too many to look at each: leaves the latest of them in `due`, and records the rest
    /// as one.
    void keep_latest(Occurrences& due) {
        const auto late = recurrence_.misfire == Misfire::RunAll ? recurrence_.misfire_limit : 1;
        const auto on_time = walk(course_, on_time_ - Duration{1}, now_, kMostCounted).found.size();
        auto newest = latest(course_, point_.last, now_, on_time + static_cast<std::size_t>(late));
        const Instant rest_from = newest.empty() ? now_ + Duration{1} : newest.front();
        const bool none_may_run = due.empty() ? newest.empty() : due.front() >= rest_from;
        skip_unseen(rest_from - Duration{1}, none_may_run);
        due = std::move(newest);
    }

    void take(const Occurrences& due) {
        const std::size_t runs_from = first_that_runs(due);
        for (std::size_t i = 0; i < due.size(); ++i) {
            const Instant at = due[i];
            black_out(at);
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
        black_out(now_ + Duration{1});
    }

    PlanStep finish() && {
        step_.next = course_.timetable.next(step_.last);
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

    /// All that happened up to `before` and will not be looked at.
    void skip_unseen(Instant before, bool is_excluded) {
        Instant first = course_.timetable.next(point_.last).value_or(before);
        if (first > before) {
            return;
        }
        if (is_excluded) {
            unseen({NotRun::BlackedOut, rule_at(first), first, before});
            return;
        }
        if (is_paused(first)) {
            const Instant until = std::min(*point_.resumed_at, before);
            unseen({NotRun::Paused, "paused", first, until});
            first = course_.timetable.next(until).value_or(before);
        }
        if (first < before) {
            unseen({NotRun::Missed, late_rule(), first, before});
        }
    }

    /// Records what is excluded between the last occurrence and `before`; the first few are
    /// counted.
    void black_out(Instant before) {
        if (course_.blackout.empty() || may_be_used_up()) {
            return;
        }
        for (auto at = course_.timetable.next(step_.last); at && *at < before;
             at = course_.timetable.next(*at)) {
            skip(*at, NotRun::BlackedOut, rule_at(*at));
            if (++excluded_ > kMostCounted) {
                step_.last = before - Duration{1};
                step_.gaps.back().last = step_.last;
                step_.gaps.back().is_counted = false;
                return;
            }
        }
    }

    [[nodiscard]] std::string rule_at(Instant at) const {
        return course_.blackout.rule_at(at).value_or("calendar");
    }

    void unseen(Gap gap) {
        gap.count = static_cast<int>(kMostCounted);
        gap.is_counted = false;
        step_.last = gap.last;
        step_.gaps.push_back(std::move(gap));
    }

    Course& course_;
    const Recurrence& recurrence_;
    const PlanPoint& point_;
    Instant now_;
    Instant on_time_;           ///< what is due from here on is not late
    std::size_t excluded_ = 0;  ///< occurrences that were counted so far
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
              const Blackout& blackout,
              const PlanPoint& point,
              Instant now,
              Duration grace) {
    if (point.last > now + kSmallStepBack) {
        return {.last = now, .next = timetable.next(now), .went_back = true};
    }
    Course course{timetable, blackout};
    Planning planning(course, recurrence, point, now, grace);
    auto due = walk(course, point.last, now, kMostCounted + 1);
    if (due.found.size() > kMostCounted || due.gave_up) {
        planning.keep_latest(due.found);
    }
    planning.take(due.found);
    return std::move(planning).finish();
}

std::optional<Instant> next_run(const Recurrence& recurrence,
                                const Blackout& blackout,
                                Instant begin,
                                Instant due,
                                int& steps) {
    if (blackout.empty()) {
        return due;
    }
    const auto timetable = timetable_of(recurrence, begin);
    if (!timetable) {
        return std::nullopt;
    }
    const int given = std::min(kMostSteps, steps);
    int left = given;
    const auto next = Course{*timetable, blackout}.next(due - Duration{1}, due + kLookAhead, left);
    steps -= given - std::max(left, 0);
    return next;
}

}  // namespace jobhost::core
