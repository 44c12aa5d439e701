#include "store/sqlite/claim_store.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "store/sqlite/long_runs.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/settling.hpp"

namespace jobhost::store::sqlite {

namespace {

/// So many jobs whose time has come are moved in one transaction, and so many times in one claim;
/// the rest waits for the next one.
constexpr int kDuePage = 1'000;
constexpr int kDuePages = 10;

constexpr std::uint64_t kFairEvery = 16;

/// Says whether there may be more.
bool promote(Turn& turn) {
    std::vector<std::pair<Luggage, core::Instant>> due;
    {
        auto rows = turn.db.query(kDue, turn.now, kDuePage);
        while (rows.next()) {
            due.emplace_back(Luggage{.job = rows.column<JobKey>(0),
                                     .lane = rows.column<LaneId>(1),
                                     .rank = rows.column<Rank>(2),
                                     .tries = rows.column<int>(4),
                                     .crashes = rows.column<int>(5),
                                     .attempts = rows.column<int>(6)},
                             rows.column<core::Instant>(3));
        }
    }
    for (const auto& [job, since] : due) {
        turn.db.run(kUnpark, job.job);
        turn.count(waiting_status(job.tries), -1);
        put_in_queue(turn, job, since);
    }
    return due.size() == kDuePage;
}

/// The claimed job with the texts of its row, which is always there.
ClaimedJob claimed_job(Connection& connection, const Held& held, const std::string& type) {
    ClaimedJob job{.id = held.id,
                   .token = held.token,
                   .standing = {.tries = held.tries, .crashes = held.crashes},
                   .attempt = held.attempt,
                   .type = type,
                   .name = {},
                   .group = {},
                   .args = {},
                   .created_at = {},
                   .due = held.place.position.due,
                   .timeout = {},
                   .retry = {}};
    auto row = connection.query(kClaimedJob, held.key());
    if (row.next()) {
        job.id = row.column<core::JobId>(0);
        job.name = row.column<std::string>(1);
        job.group = row.column<std::string>(2);
        job.args = row.column<std::string>(3);
        job.standing.max_tries = row.column<int>(4);
        job.created_at = row.column<core::Instant>(5);
        job.timeout = row.column<std::optional<core::Duration>>(6);
        job.retry = core::retry_from_text(row.column<std::string>(7));
        job.standing.end_time = row.column<std::optional<core::Instant>>(8);
    }
    return job;
}

base::Error not_joined() {
    return {base::ErrorKind::Conflict, "not_joined", "a node claims jobs only after it has joined"};
}

}  // namespace

SqliteClaimStore::SqliteClaimStore(std::filesystem::path file,
                                   Readers& readers,
                                   Writer& writer,
                                   base::Guarded<Live>& live,
                                   Epoch epoch,
                                   const base::Clock& clock,
                                   int attempts_kept)
    : file_(std::move(file)),
      readers_(readers),
      writer_(writer),
      live_(live),
      epoch_(epoch),
      clock_(clock),
      attempts_kept_(attempts_kept) {}

base::Result<Claim> SqliteClaimStore::claim(const ClaimRequest& request) {
    const std::scoped_lock lock(claiming_);
    if (live_.with([this](const Live& live) { return live.node_of(epoch_.token(0)) == nullptr; })) {
        return not_joined();
    }
    if (auto ready = ensure_reading(); !ready) {
        return std::move(ready).error();
    }
    const core::Instant now = clock_.now();
    bool more_due = false;
    if (request.limit > 0) {
        const auto promoted = promote_due(now);
        if (!promoted) {
            return promoted.error();
        }
        more_due = *promoted;
    }
    Claim claim;
    const std::vector<Taken> taken = read(request, now, claim);
    if (auto failure = reading_->take_failure()) {
        give_up(taken);
        return *std::move(failure);
    }
    if (more_due) {
        claim.next_due = now;
    }
    live_.with([&](Live& live) {
        for (std::size_t i = 0; i < taken.size(); ++i) {
            live.identify(taken[i].held.token, claim.jobs[i].id);
        }
        for (const Held& held : live.wanted()) {
            claim.wants.push_back({held.token, held.want});
        }
    });
    return claim;
}

/// After a disk failure nobody knows what the page cache of a connection is worth.
base::Result<base::Unit> SqliteClaimStore::ensure_reading() {
    if (reading_ && !reading_->disk_failed()) {
        return base::done();
    }
    auto opened = Connection::open(file_, Access::Read, kBusyWait);
    if (!opened) {
        return std::move(opened).error();
    }
    reading_ = *std::move(opened);
    return base::done();
}

/// Moves what has become due into the queue; says whether some of it is left.
base::Result<bool> SqliteClaimStore::promote_due(core::Instant now) {
    for (int page = 0; page < kDuePages; ++page) {
        const auto first = next_due(core::Instant::min());
        if (auto failure = reading_->take_failure()) {
            return *std::move(failure);
        }
        if (!first || *first > now) {
            return false;
        }
        const auto more = writer_.run(promote);
        if (!more) {
            return more.error();
        }
        if (!*more) {
            return false;
        }
    }
    return true;
}

/// Takes jobs and reads their texts, all in one view of the database.
std::vector<SqliteClaimStore::Taken> SqliteClaimStore::read(const ClaimRequest& request,
                                                            core::Instant now,
                                                            Claim& claim) {
    const Snapshot snapshot(*reading_);
    std::vector<Taken> taken = live_.with([&](Live& live) { return take(live, request); });
    for (const Taken& one : taken) {
        claim.jobs.push_back(claimed_job(*reading_, one.held, one.type));
    }
    claim.next_due = next_due(now);
    return taken;
}

std::vector<SqliteClaimStore::Taken> SqliteClaimStore::take(Live& live, ClaimRequest request) {
    request.limit = std::min(request.limit, static_cast<int>(live.room()));
    if (request.limit <= 0 || request.types.empty()) {
        return {};
    }
    Fairness& fairness = fairness_[request.types.front().type];
    const bool fair = ++fairness.claims % kFairEvery == 0;
    std::vector<Taken> taken;
    for (const Pick& pick : pick(*reading_, live, request, fair ? &fairness.last : nullptr)) {
        Held held{.token = epoch_.token(++last_token_),
                  .id = {},
                  .place = pick.place,
                  .tries = pick.tries,
                  .crashes = pick.crashes,
                  .attempt = pick.attempts + 1};
        const bool has_slot = live.hold(held);
        JOBHOST_ASSERT(has_slot);
        taken.push_back({std::move(held), live.frontier().type_of(pick.place.lane)});
    }
    return taken;
}

void SqliteClaimStore::give_up(const std::vector<Taken>& taken) {
    live_.with([&](Live& live) {
        for (const Taken& one : taken) {
            live.put_back(one.held.token);
        }
    });
}

std::optional<core::Instant> SqliteClaimStore::next_due(core::Instant after) {
    auto row = reading_->query(kNextDue, after);
    return row.next() ? std::optional(row.column<core::Instant>(0)) : std::nullopt;
}

void SqliteClaimStore::started(std::span<const core::Token> tokens) {
    const core::Instant now = clock_.now();
    const base::Steady steady = clock_.steady();
    const bool first = live_.with([&](Live& live) {
        const bool none_before = !live.next_long_runner(kLongRun);
        for (const core::Token token : tokens) {
            live.start(token, now, steady);
        }
        return none_before;
    });
    if (first) {
        writer_.look_again();
    }
}

base::Result<std::vector<Settled>> SqliteClaimStore::settle(
    std::span<const Settlement> settlements) {
    return writer_.run(
        [owned = std::vector(settlements.begin(), settlements.end()),
         kept = attempts_kept_](Turn& turn) { return sqlite::settle(turn, owned, kept); });
}

base::Result<base::Unit> SqliteClaimStore::hand_back(std::span<const core::Token> tokens) {
    return writer_.run([owned = std::vector(tokens.begin(), tokens.end())](Turn& turn) {
        sqlite::hand_back(turn, owned);
        return base::Unit{};
    });
}

base::Result<base::Unit> SqliteClaimStore::update(std::span<const AttemptUpdate> updates) {
    live_.with([&](Live& live) {
        for (const AttemptUpdate& update : updates) {
            const Held* const held = live.find(update.token);
            if (held != nullptr && !held->dead && held->id == update.job) {
                live.show(update.token, update.progress, update.note);
            }
        }
    });
    std::vector<AttemptUpdate> owned;
    std::ranges::copy_if(updates, std::back_inserter(owned),
                         [](const AttemptUpdate& update) { return update.output.has_value(); });
    if (owned.empty()) {
        return base::done();
    }
    return writer_.run([owned = std::move(owned)](Turn& turn) {
        keep_updates(turn, owned);
        return base::Unit{};
    });
}

base::Result<std::vector<DeadClaim>> SqliteClaimStore::dead_claims(int limit) {
    std::vector<DeadClaim> found;
    const std::vector<Taken> held_by_dead = dead(limit);
    if (held_by_dead.empty()) {
        return found;
    }
    auto loan = readers_.borrow();
    if (!loan) {
        return std::move(loan).error();
    }
    Connection& connection = loan->connection();
    for (const Taken& one : held_by_dead) {
        found.push_back({.job = claimed_job(connection, one.held, one.type),
                         .node = one.node,
                         .started = one.held.started_at.has_value(),
                         .started_at = one.held.started_at.value_or(core::Instant{})});
    }
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return found;
}

std::vector<SqliteClaimStore::Taken> SqliteClaimStore::dead(int limit) const {
    return live_.with([&](const Live& live) {
        std::vector<Taken> found;
        for (Held& held : live.dead(static_cast<std::size_t>(std::max(limit, 0)))) {
            const KnownNode* const node = live.node_of(held.token);
            std::string type = live.frontier().type_of(held.place.lane);
            found.push_back({std::move(held), std::move(type), node->id});
        }
        return found;
    });
}

}  // namespace jobhost::store::sqlite
