#include "store/sqlite/recovery.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// Something that may have been held when its process died.
struct Trace {
    core::Token token;
    JobKey job;
    std::optional<core::Instant> started_at;
    std::optional<Board::Slot> slot;
    bool marked = false;
};

Epoch new_epoch(Connection& connection, core::Instant now) {
    auto row = connection.query(kNewBoot, now);
    const Epoch epoch = row.next() ? row.column<Epoch>(0) : Epoch{};
    // The statement commits with its last step.
    static_cast<void>(row.next());
    return epoch;
}

void read_nodes(Connection& connection, Live& live) {
    auto rows = connection.query(kAllBoots);
    while (rows.next()) {
        live.know(rows.column<Epoch>(0),
                  {rows.column<core::NodeId>(1), rows.column<std::string>(2)});
    }
}

std::int64_t read_counters(Connection& connection, Live& live) {
    std::int64_t last_key = 0;
    auto rows = connection.query(kAllCounters);
    while (rows.next()) {
        const auto name = rows.column<std::string>(0);
        const auto value = rows.column<std::int64_t>(1);
        if (const auto status = core::status_from(name)) {
            live.count(*status, value);
        } else {
            last_key = value;
        }
    }
    return last_key;
}

/// Steps from one pair of lane and rank to the next: the work is that of the pairs, not of the
/// rows.
void read_pairs(Connection& connection, Live& live) {
    LaneId lane{-1};
    Rank rank;
    for (;;) {
        auto row = connection.query(kReadyPairAfter, lane, rank);
        if (!row.next()) {
            return;
        }
        lane = row.column<LaneId>(0);
        rank = row.column<Rank>(1);
        live.add_ready({lane, rank, {core::Instant::min(), JobKey{}}});
    }
}

std::vector<Trace> read_running(Connection& connection) {
    std::vector<Trace> traces;
    auto rows = connection.query(kAllRunning);
    while (rows.next()) {
        traces.push_back({.token = rows.column<core::Token>(1),
                          .job = rows.column<JobKey>(0),
                          .started_at = rows.column<core::Instant>(2),
                          .slot = std::nullopt,
                          .marked = true});
    }
    return traces;
}

bool has_newer_attempt(Connection& connection, const Trace& trace) {
    auto row = connection.query(kLastToken, trace.job);
    return row.next() && row.column<core::Token>(0) >= trace.token;
}

std::optional<core::JobId> id_of(Connection& connection, JobKey job) {
    auto row = connection.query(kClaimedJob, job);
    return row.next() ? std::optional(row.column<core::JobId>(0)) : std::nullopt;
}

std::optional<Held> believe(Connection& connection, const Live& live, const Trace& trace) {
    if (live.node_of(trace.token) == nullptr || has_newer_attempt(connection, trace)) {
        return std::nullopt;
    }
    const auto id = id_of(connection, trace.job);
    auto row = connection.query(kReadyOfJob, trace.job);
    if (!id || !row.next()) {
        return std::nullopt;
    }
    return Held{.token = trace.token,
                .id = *id,
                .place = {row.column<LaneId>(0),
                          row.column<Rank>(1),
                          {row.column<core::Instant>(2), trace.job}},
                .tries = row.column<int>(3),
                .crashes = row.column<int>(4),
                .attempt = row.column<int>(5) + 1,
                .slot = trace.slot,
                .marked = trace.marked,
                .started_at = trace.started_at};
}

/// The newest trace of each job; both places may speak of the same attempt.
std::map<JobKey, Trace> gather(Connection& connection, const Board& board) {
    std::map<JobKey, Trace> newest;
    for (const Trace& trace : read_running(connection)) {
        newest.emplace(trace.job, trace);
    }
    for (const Board::Entry& entry : board.entries()) {
        const Trace trace{entry.token, entry.job, entry.started_at, entry.slot, false};
        const auto [known, is_new] = newest.try_emplace(entry.job, trace);
        if (is_new) {
            continue;
        }
        if (known->second.token == entry.token) {
            known->second.slot = entry.slot;
        } else if (!known->second.marked && known->second.token < entry.token) {
            known->second = trace;
        }
    }
    return newest;
}

/// Enters what dead processes held and keeps on the board only what is believed.
void read_dead(Connection& connection, Live& live) {
    std::set<Board::Slot> kept;
    for (const auto& [job, trace] : gather(connection, live.board())) {
        if (auto held = believe(connection, live, trace)) {
            if (held->slot) {
                kept.insert(*held->slot);
            }
            live.adopt(*std::move(held));
        }
    }
    for (const Board::Entry& entry : live.board().entries()) {
        if (!kept.contains(entry.slot)) {
            live.board().clear(entry.slot);
        }
    }
}

/// What was asked of the dead attempts, for their landing.
void read_wants(Connection& connection, Live& live) {
    auto rows = connection.query(kAllIntents);
    while (rows.next()) {
        if (const Held* const held = live.find(rows.column<JobKey>(0))) {
            live.want(held->token, rows.column<core::Want>(1));
        }
    }
}

}  // namespace

base::Result<Recovered> recover(Connection& connection, Board board, core::Instant now) {
    const Epoch epoch = new_epoch(connection, now);
    Live live(std::move(board));
    read_nodes(connection, live);
    const std::int64_t last_key = read_counters(connection, live);
    auto lanes = read_lanes(connection);
    for (const Lane& lane : lanes) {
        live.frontier().learn(lane);
    }
    read_pairs(connection, live);
    read_dead(connection, live);
    read_wants(connection, live);
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return Recovered{std::move(live), std::move(lanes), epoch, last_key};
}

}  // namespace jobhost::store::sqlite
