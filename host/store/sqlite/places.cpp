#include "store/sqlite/places.hpp"

#include "base/assert.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

struct Parking {
    Why why = Why::Time;
    std::optional<core::Instant> until;
    core::Instant since;
    bool abandoned = false;
    std::string_view reason;
};

void park(Turn& turn, const Luggage& job, const Parking& parking) {
    turn.db.run(kPark, job.job, parking.why, parking.until, job.lane, job.rank, job.tries,
                job.crashes, job.attempts, parking.since, parking.abandoned, parking.reason);
}

/// A row that was read in this transaction.
void expect(Turn& turn, bool found, const char* what) {
    if (!found) {
        turn.db.refuse({base::ErrorKind::Internal, "store_inconsistent",
                        std::string("the database lacks a row that must be there: ") + what});
    }
}

core::Status status_of(Why why, int tries) {
    switch (why) {
        case Why::Time:
        case Why::Gate:
            return core::Status::Queuing;
        case Why::Retry:
            return core::Status::FailedRetry;
        case Why::Paused:
            return core::Status::Paused;
        case Why::Stopped:
            return core::Status::Stopped;
        case Why::Disabled:
            return waiting_status(tries);
    }
    return core::Status::None;
}

}  // namespace

std::optional<Order> order_of(Connection& connection, JobKey job) {
    auto row = connection.query(kOrder, job);
    if (!row.next()) {
        return std::nullopt;
    }
    return Order{.lane = row.column<LaneId>(0),
                 .kind = row.column<core::Kind>(1),
                 .source = row.column<core::Source>(2),
                 .priority = row.column<core::Priority>(3),
                 .max_tries = row.column<int>(4),
                 .version = row.column<std::int64_t>(5),
                 .enabled = row.column<bool>(6),
                 .begin_time = row.column<std::optional<core::Instant>>(7),
                 .created_at = row.column<core::Instant>(8),
                 .parent = row.column<std::optional<JobKey>>(9),
                 .is_occurrence = row.column<bool>(10),
                 .end_time = row.column<std::optional<core::Instant>>(11)};
}

core::Status waiting_status(int tries) {
    return tries > 0 ? core::Status::FailedRetry : core::Status::Queuing;
}

Rank rank_of(Connection& connection, JobKey job, int tries) {
    auto row = connection.query(kPriority, job);
    return row.next() ? Rank::of(row.column<core::Priority>(0), tries, row.column<int>(1)) : Rank{};
}

std::optional<Standing> standing_of(Connection& connection, JobKey job) {
    auto row = connection.query(kStanding, job);
    if (!row.next()) {
        return std::nullopt;
    }
    Standing standing;
    standing.luggage = {.job = job,
                        .lane = row.column<LaneId>(6),
                        .rank = row.column<Rank>(7),
                        .tries = row.column<int>(9),
                        .crashes = row.column<int>(10),
                        .attempts = row.column<int>(11),
                        .enabled = row.column<bool>(18)};
    if (const auto planned = row.column<std::optional<core::Status>>(12)) {
        standing.recurs = true;
        standing.status = *planned;
        standing.due = row.column<std::optional<core::Instant>>(13);
        standing.reason = row.column<std::string>(14);
        standing.abandoned = row.column<bool>(15);
        standing.luggage.tries = row.column<int>(16);
        if (core::is_final(standing.status)) {
            standing.ended_at = row.column<core::Instant>(17);
        }
    } else if (const auto ready_due = row.column<std::optional<core::Instant>>(8)) {
        standing.in_ready = true;
        standing.status = waiting_status(standing.luggage.tries);
        standing.due = ready_due;
    } else if (const auto why = row.column<std::optional<Why>>(0)) {
        standing.gated = why == Why::Gate;
        standing.status = status_of(*why, standing.luggage.tries);
        standing.due = row.column<std::optional<core::Instant>>(1);
        standing.abandoned = row.column<bool>(3);
        standing.reason = row.column<std::string>(4);
        if (why == Why::Stopped) {
            standing.ended_at = row.column<core::Instant>(2);
        }
    } else {
        standing.status = core::Status::Completed;
        standing.ended_at = row.column<core::Instant>(5);
    }
    return standing;
}

void put_in_queue(Turn& turn, const Luggage& job, core::Instant due) {
    turn.count(waiting_status(job.tries), 1);
    if (!job.enabled) {
        park(turn, job, {.why = Why::Disabled, .until = {}, .since = turn.now, .reason = {}});
        return;
    }
    if (due > turn.now) {
        const Why why = job.tries > 0 ? Why::Retry : Why::Time;
        park(turn, job, {.why = why, .until = due, .since = turn.now, .reason = {}});
        return;
    }
    turn.db.run(kAddReady, job.lane, job.rank, due, job.job, job.tries, job.crashes, job.attempts);
    turn.add_ready({job.lane, job.rank, {due, job.job}});
}

bool take_from_ready(Turn& turn, const ReadyKey& row, int tries) {
    turn.count(waiting_status(tries), -1);
    return turn.db.run(kDropReady, row.lane, row.rank, row.position.due, row.position.job) == 1;
}

void put_behind_gate(Turn& turn, const Luggage& job) {
    turn.count(core::Status::Queuing, 1);
    park(turn, job, {.why = Why::Gate, .until = {}, .since = turn.now, .reason = {}});
}

void take_from_gate(Turn& turn, JobKey job, core::Instant due) {
    const auto standing = standing_of(turn.db, job);
    if (!standing) {
        return;
    }
    turn.count(standing->status, -1);
    expect(turn, turn.db.run(kUnpark, job) == 1, "a parked job");
    put_in_queue(turn, standing->luggage, due);
}

void take_up(Turn& turn, const Standing& standing) {
    if (standing.gated) {
        turn.db.run(kOpenGate, standing.luggage.job);
    }
    if (standing.in_ready) {
        expect(turn, take_from_ready(turn, standing.ready_key(), standing.luggage.tries),
               "a queue entry");
    } else {
        turn.count(standing.status, -1);
        expect(turn, turn.db.run(kUnpark, standing.luggage.job) == 1, "a parked job");
    }
}

void set_aside(Turn& turn, const Standing& standing, Why why, std::string_view reason) {
    if (standing.in_ready) {
        take_up(turn, standing);
        park(turn, standing.luggage,
             {.why = why, .until = {}, .since = turn.now, .reason = reason});
    } else {
        if (standing.gated) {
            turn.db.run(kOpenGate, standing.luggage.job);
        }
        turn.count(standing.status, -1);
        expect(turn, turn.db.run(kSetAsideParked, standing.luggage.job, why, turn.now, reason) == 1,
               "a parked job");
    }
    turn.count(status_of(why, standing.luggage.tries), 1);
    if (why == Why::Stopped) {
        left_life(turn, standing.luggage.job,
                  {.to = core::Status::Stopped, .reason = std::string(reason)});
    }
}

void land(Turn& turn, const Luggage& job, const core::Transition& transition, core::Instant at) {
    Luggage landed = job;
    landed.tries = transition.tries;
    landed.crashes = transition.crashes;
    if (transition.to != core::Status::Completed) {
        landed.rank = rank_of(turn.db, job.job, transition.tries);
    }
    switch (transition.to) {
        case core::Status::Completed:
            turn.db.run(kFinish, job.job, at);
            turn.completed(job.job, at);
            turn.count(core::Status::Completed, 1);
            left_life(turn, job.job, transition);
            return;
        case core::Status::Queuing:
        case core::Status::FailedRetry:
            put_in_queue(turn, landed, transition.due.value_or(turn.now));
            return;
        case core::Status::Paused:
        case core::Status::Stopped:
            park(turn, landed,
                 {.why = transition.to == core::Status::Paused ? Why::Paused : Why::Stopped,
                  .until = {},
                  .since = at,
                  .abandoned = transition.abandoned,
                  .reason = transition.reason});
            turn.count(transition.to, 1);
            if (transition.to == core::Status::Stopped) {
                left_life(turn, job.job, transition);
            }
            return;
        case core::Status::Running:
        case core::Status::None:
            break;
    }
    turn.db.refuse({base::ErrorKind::Internal, "bad_transition", "an attempt cannot end there"});
}

}  // namespace jobhost::store::sqlite
