#include "core/backfill.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace jobhost::core {

namespace {

/// So many occurrences of a record are counted anew when it is cut.
constexpr std::size_t kMostRecounted = 20'000;

/// So many are counted to say how many are too many.
constexpr int kMostTold = 10'000;

base::Error too_many(int count, int most) {
    const std::string sentence =
        (count > kMostTold ? "more than " + std::to_string(kMostTold) : std::to_string(count)) +
        " occurrences lie between them, and at most " + std::to_string(most) + " are made at once";
    return {base::ErrorKind::Invalid,
            "too_many",
            "Too many: " + sentence + ".",
            {{"to", "out_of_range", sentence}}};
}

/// The occurrences of the record, when they are what it counted.
std::vector<Instant> recounted(const Gap& gap, const schedule::Timetable& timetable) {
    const auto count = static_cast<std::size_t>(gap.count);
    std::vector<Instant> found;
    if (!gap.is_counted || count > kMostRecounted) {
        return found;
    }
    for (auto at = timetable.next(gap.first - Duration{1});
         at && *at <= gap.last && found.size() <= count; at = timetable.next(*at)) {
        found.push_back(*at);
    }
    const bool same =
        found.size() == count && found.front() == gap.first && found.back() == gap.last;
    return same ? found : std::vector<Instant>();
}

/// The part of the record between two others; nothing when there is none.
void add_uncounted(const Gap& gap,
                   std::optional<Instant> first,
                   Instant last,
                   std::vector<Gap>& to) {
    if (first && *first <= last) {
        to.push_back({gap.verdict, gap.rule, *first, last, 0, false});
    }
}

/// May the record, which cannot be counted, be one of this timetable?
bool may_be_of(const Gap& gap, const schedule::Timetable& timetable) {
    const bool is_another = gap.is_counted && static_cast<std::size_t>(gap.count) <= kMostRecounted;
    return !is_another && timetable.next(gap.first - Duration{1}) == gap.first;
}

std::vector<Gap> cut_uncounted(const Gap& gap,
                               const schedule::Timetable& timetable,
                               std::span<const Instant> made) {
    const bool leaps = may_be_of(gap, timetable);
    std::vector<Gap> left;
    std::optional<Instant> first = gap.first;
    for (const Instant at : made) {
        add_uncounted(gap, first, at - Duration{1}, left);
        first = leaps ? timetable.next(at) : at + Duration{1};
    }
    add_uncounted(gap, first, gap.last, left);
    return left;
}

}  // namespace

base::Result<Backfill> occurrences_in(const Period& period,
                                      const Recurrence& recurrence,
                                      const Blackout& blackout,
                                      std::optional<Instant> begin_time,
                                      Instant begin,
                                      int most) {
    auto timetable = timetable_of(recurrence, begin);
    if (!timetable) {
        return std::move(timetable).error();
    }
    timetable->begin = begin_time;
    Backfill found;
    int count = 0;
    for (auto at = timetable->next(period.from - Duration{1});
         at && *at <= period.to && count <= kMostTold; at = timetable->next(*at)) {
        ++count;
        if (count > most) {
            continue;
        }
        if (blackout.rule_at(*at)) {
            ++found.excluded;
        } else {
            found.nominals.push_back(*at);
        }
    }
    if (count > most) {
        return too_many(count, most);
    }
    return found;
}

std::vector<Gap> without(const Gap& gap,
                         const schedule::Timetable& timetable,
                         std::span<const Instant> made) {
    const auto begin = std::ranges::lower_bound(made, gap.first);
    const auto end = std::ranges::upper_bound(made, gap.last);
    if (begin == end) {
        return {gap};
    }
    const std::span inside(begin, end);
    const auto all = recounted(gap, timetable);
    if (all.empty()) {
        return cut_uncounted(gap, timetable, inside);
    }
    std::vector<Gap> left;
    bool continues = false;
    for (const Instant at : all) {
        if (std::ranges::binary_search(inside, at)) {
            continues = false;
        } else if (continues) {
            left.back().last = at;
            ++left.back().count;
        } else {
            left.push_back({gap.verdict, gap.rule, at, at});
            continues = true;
        }
    }
    return left;
}

}  // namespace jobhost::core
