#include "store/sqlite/checking.hpp"

#include <limits>
#include <string>

#include "store/sqlite/family.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// Where the rows of one job are.
struct Places {
    bool job = false;
    bool recurs = false;
    std::optional<ReadyKey> ready;
    bool parked = false;
    bool finished = false;
    bool plan = false;

    [[nodiscard]] int count() const {
        return (ready ? 1 : 0) + (parked ? 1 : 0) + (finished ? 1 : 0) + (plan ? 1 : 0);
    }
};

Places places_of(Turn& turn, JobKey job) {
    Places places;
    {
        auto row = turn.db.query(kPlaces, job);
        if (row.next()) {
            places.job = row.column<bool>(0);
            places.parked = row.column<bool>(1);
            places.finished = row.column<bool>(2);
            places.plan = row.column<bool>(3);
            places.recurs = row.column<bool>(4);
        }
    }
    auto row = turn.db.query(kReadyOfJob, job);
    if (row.next()) {
        places.ready = {
            row.column<LaneId>(0), row.column<Rank>(1), {row.column<core::Instant>(2), job}};
    }
    return places;
}

struct LastAttempt {
    int number = 0;
    bool succeeded = false;
    core::Instant ended_at;
};

LastAttempt last_attempt(Turn& turn, JobKey job) {
    auto row = turn.db.query(kLastEnd, job);
    if (!row.next()) {
        return {};
    }
    return {row.column<int>(0),
            row.column<core::AttemptOutcome>(1) == core::AttemptOutcome::Succeeded,
            row.column<core::Instant>(2)};
}

/// False when somebody holds the job; otherwise no claim takes it until this transaction is over.
bool keep_from_claims(Turn& turn, const ReadyKey& row) {
    const JobKey job = row.position.job;
    const bool free = turn.live.with([&](Live& live) {
        if (live.holder(job) != nullptr) {
            return false;
        }
        live.block(job);
        return true;
    });
    if (free) {
        turn.after_commit([job](Live& live) { live.unblock(job); });
        turn.after_rollback([job, row](Live& live) {
            live.unblock(job);
            live.add_ready(row);
        });
    }
    return free;
}

/// Gives a job that stands nowhere a place. A recurring one cannot be armed without its plan.
bool place(Turn& turn, JobKey job, bool recurs) {
    if (recurs) {
        return false;
    }
    const LastAttempt last = last_attempt(turn, job);
    if (last.succeeded) {
        turn.db.run(kFinish, job, last.ended_at);
        turn.completed(job, last.ended_at);
        left_life(turn, job, {.to = core::Status::Completed});
        return true;
    }
    // Only a lane that was put in by hand is not known.
    const auto order = order_of(turn.db, job);
    const bool known = order && turn.live.with([&](const Live& live) {
        return live.frontier().knows(order->lane);
    });
    if (!known) {
        return false;
    }
    put_in_queue(turn,
                 {.job = job,
                  .lane = order->lane,
                  .rank = Rank::of(order->priority, 0, order->max_tries),
                  .attempts = last.number,
                  .enabled = order->enabled},
                 turn.now);
    turn.count(core::Status::Queuing, -1);  // it never left the counters
    turn.db.run(kKeepAlive, job);
    return true;
}

enum class Place { None, Ready, Parked, Finished, Plan };

/// The place that loses nothing.
Place kept(const Places& places, const LastAttempt& last) {
    if (!places.job) {
        return Place::None;
    }
    if (places.plan) {
        return Place::Plan;
    }
    if (places.finished && last.succeeded) {
        return Place::Finished;
    }
    return places.ready ? Place::Ready : places.parked ? Place::Parked : Place::Finished;
}

/// Takes the job out of every place but the one that is kept. False when somebody holds it.
bool displace(Turn& turn, JobKey job, const Places& places) {
    const LastAttempt last = last_attempt(turn, job);
    const Place keep = kept(places, last);
    if (places.ready && keep != Place::Ready) {
        if (!keep_from_claims(turn, *places.ready)) {
            return false;
        }
        const auto& [lane, rank, position] = *places.ready;
        turn.db.run(kDropReady, lane, rank, position.due, position.job);
    }
    if (places.parked && keep != Place::Parked) {
        turn.db.run(kUnpark, job);
    }
    if (places.finished && keep != Place::Finished) {
        turn.db.run(kUnfinish, job);
    }
    if (places.plan && keep != Place::Plan) {
        turn.db.run(kForgetPlan, job);
    }
    if (keep == Place::Finished) {
        turn.completed(job, last.ended_at);
        left_life(turn, job, {.to = core::Status::Completed});
    } else if (keep == Place::Ready) {
        turn.db.run(kKeepAlive, job);
    }
    return true;
}

}  // namespace

LookedAt look_at_places(Connection& connection, JobKey from, int limit) {
    LookedAt seen;
    {
        auto row = connection.query(kPageEnd, from, limit);
        if (row.next()) {
            seen.to = row.column<std::optional<JobKey>>(0);
        }
    }
    const JobKey to = seen.to.value_or(JobKey{std::numeric_limits<std::int64_t>::max()});
    for (const Query* query : {&kMisplaced, &kHomeless}) {
        auto rows = connection.query(*query, from, to);
        while (rows.next()) {
            seen.misplaced.push_back(rows.column<JobKey>(0));
        }
    }
    return seen;
}

std::map<core::Status, std::int64_t> counter_errors(Connection& connection) {
    std::map<core::Status, std::int64_t> errors;
    auto rows = connection.query(kCounterErrors);
    while (rows.next()) {
        if (const auto status = core::status_from(rows.column<std::string>(0))) {
            errors[*status] = rows.column<std::int64_t>(1);
        }
    }
    return errors;
}

void put_right(Turn& turn, JobKey job, Checked& checked) {
    const Places places = places_of(turn, job);
    if (places.job && places.count() == 1) {
        return;
    }
    if (places.job && places.count() == 0) {
        ++(place(turn, job, places.recurs) ? checked.placed : checked.left);
    } else if (places.count() > 0) {
        ++(displace(turn, job, places) ? checked.displaced : checked.left);
    }
}

}  // namespace jobhost::store::sqlite
