#include "store/sqlite/arrivals.hpp"

#include <algorithm>
#include <optional>

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/plan_row.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

LaneId find_or_add_lane(Turn& turn, const Arrival& arrival) {
    if (auto found = turn.db.query(kFindLane, arrival.spec.type, arrival.labels); found.next()) {
        return found.column<LaneId>(0);
    }
    auto added = turn.db.query(kAddLane, arrival.spec.type, arrival.labels);
    return added.next() ? added.column<LaneId>(0) : LaneId{};
}

bool take_name(Turn& turn, const core::JobSpec& spec, JobKey key) {
    return !spec.name || turn.db.run(kTakeName, *spec.name, spec.group, key) == 1 ||
           turn.db.failure();
}

base::Error name_taken(const core::JobSpec& spec) {
    const std::string sentence =
        "the name '" + *spec.name + "' is taken in group '" + spec.group + "'";
    return {base::ErrorKind::Conflict, "name_taken", sentence, {{"name", "taken", sentence}}};
}

std::optional<core::JobId> holder_of(Turn& turn, const std::optional<std::string>& unique_key) {
    if (!unique_key) {
        return std::nullopt;
    }
    auto found = turn.db.query(kKeyHolder, *unique_key);
    return found.next() ? std::optional(found.column<core::JobId>(0)) : std::nullopt;
}

/// The beginning of a recurring job.
struct FirstTime {
    core::Instant last;  ///< what lies before the job was stored did not run and was not missed
    core::Instant next;
};

base::Result<FirstTime> first_time(const Turn& turn, const core::JobSpec& spec) {
    const auto timetable = core::timetable_of(*spec.recurrence, spec.begin_time.value_or(turn.now));
    if (!timetable) {
        return timetable.error();
    }
    const core::Instant last = turn.now - core::Duration{1};
    if (const auto next = timetable->next(last)) {
        return FirstTime{last, *next};
    }
    const bool ends = spec.recurrence->end_time.has_value();
    const std::string sentence = ends ? "no occurrence is left between now and end_time"
                                      : "no time of its schedule is still to come";
    return base::Error{base::ErrorKind::Invalid,
                       "never_fires",
                       sentence,
                       {{ends ? "end_time" : "cron", "never", sentence}}};
}

Enqueued refusal(base::Error why) { return {.id = {}, .is_new = false, .refused = std::move(why)}; }

Enqueued store_one(Turn& turn, LaneBook& book, const Arrival& arrival) {
    const core::JobSpec& spec = arrival.spec;
    if (const auto holder = holder_of(turn, spec.unique_key)) {
        return {.id = *holder, .is_new = false, .refused = std::nullopt};
    }
    std::optional<FirstTime> first;
    if (spec.end_time && *spec.end_time < turn.now) {
        return refusal(end_is_over());
    }
    if (spec.recurrence) {
        auto found = first_time(turn, spec);
        if (!found) {
            return refusal(std::move(found).error());
        }
        first = *found;
    }
    const JobKey key = turn.new_key();
    if (!take_name(turn, spec, key)) {
        return refusal(name_taken(spec));
    }
    const auto id = core::JobId::make(turn.now);
    const LaneId lane = lane_of(turn, book, arrival);
    turn.db.run(kAddJob, key, id, lane, spec.kind, spec.source, spec.priority, spec.max_tries,
                turn.now, spec.begin_time, spec.end_time, spec.timeout, arrival.retry, spec.name,
                spec.group, spec.description, spec.creator, spec.unique_key, spec.args,
                spec.enabled, spec.preset);
    if (spec.declared) {
        keep_declaration(turn, key, *spec.declared);
    }
    if (first) {
        arm(turn, key, *spec.recurrence, first->last, first->next);
        if (!spec.enabled) {
            turn.db.run(kSetNextDue, key, std::nullopt, std::nullopt);
        }
        return {.id = id, .is_new = true, .refused = std::nullopt};
    }
    // A begin in the past must not jump the queue.
    put_in_queue(turn,
                 {.job = key,
                  .lane = lane,
                  .rank = Rank::of(spec.priority, 0, spec.max_tries),
                  .enabled = spec.enabled},
                 std::max(spec.begin_time.value_or(turn.now), turn.now));
    return {.id = id, .is_new = true, .refused = std::nullopt};
}

}  // namespace

std::vector<Arrival> prepare(std::span<const core::JobSpec> specs) {
    std::vector<Arrival> arrivals;
    arrivals.reserve(specs.size());
    for (const core::JobSpec& spec : specs) {
        auto retry = spec.retry.empty()
                         ? std::nullopt
                         : std::optional(base::to_text(core::retry_json(spec.retry)));
        arrivals.push_back({spec, labels_to_text(spec.labels), std::move(retry)});
    }
    return arrivals;
}

base::Error end_is_over() {
    const std::string sentence = "end_time is over";
    return {base::ErrorKind::Invalid, "never_fires", sentence, {{"end_time", "never", sentence}}};
}

LaneId lane_of(Turn& turn, LaneBook& book, const Arrival& arrival) {
    const LaneId known = book.find(arrival.spec.type, arrival.labels);
    if (known != LaneId{}) {
        return known;
    }
    const LaneId id = find_or_add_lane(turn, arrival);
    turn.after_commit([&book, lane = Lane{id, arrival.spec.type, arrival.spec.labels}](Live& live) {
        book.learn(lane);
        live.frontier().learn(lane);
    });
    return id;
}

std::vector<Enqueued> store_arrivals(Turn& turn,
                                     LaneBook& book,
                                     std::span<const Arrival> arrivals) {
    std::vector<Enqueued> results;
    results.reserve(arrivals.size());
    for (const Arrival& arrival : arrivals) {
        results.push_back(store_one(turn, book, arrival));
    }
    return results;
}

}  // namespace jobhost::store::sqlite
