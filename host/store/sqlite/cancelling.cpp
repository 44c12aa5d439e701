#include "store/sqlite/cancelling.hpp"

#include <optional>
#include <string_view>

#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr std::string_view kCancelled = "cancelled";

/// Who holds the job; when nobody does, no claim will take it until this transaction is over.
std::optional<Held> holder_or_block(Turn& turn, const Standing& standing) {
    if (!standing.in_ready) {
        return std::nullopt;
    }
    const JobKey job = standing.luggage.job;
    auto held = turn.live.with([&](Live& live) -> std::optional<Held> {
        if (const Held* const found = live.holder(job)) {
            return *found;
        }
        live.block(job);
        return std::nullopt;
    });
    if (!held) {
        turn.after_commit([job](Live& live) { live.unblock(job); });
        turn.after_rollback([row = standing.ready_key()](Live& live) {
            live.unblock(row.position.job);
            live.add_ready(row);
        });
    }
    return held;
}

CancelVerdict mark(Turn& turn, const Held& held) {
    turn.db.run(kAddIntent, held.key(), core::Want::Cancel, turn.now);
    turn.after_commit([token = held.token](Live& live) { live.want(token, core::Want::Cancel); });
    const bool runs = held.started_at && !held.dead;
    return {.status = runs ? core::Status::Running : waiting_status(held.tries), .accepted = true};
}

/// A recurring job goes on; what it brought forth does not.
CancelVerdict cancel_children(Turn& turn, const Standing& standing) {
    for (const JobKey child : live_children(turn, standing.luggage.job)) {
        cancel(turn, child);
    }
    return {.status = standing.status, .accepted = true};
}

}  // namespace

CancelVerdict cancel(Turn& turn, JobKey job) {
    const auto standing = standing_of(turn.db, job);
    if (!standing) {
        return {};
    }
    if (!core::allows(standing->status, core::Operation::Cancel)) {
        return {.status = standing->status, .accepted = false};
    }
    if (standing->recurs) {
        return cancel_children(turn, *standing);
    }
    if (const auto held = holder_or_block(turn, *standing)) {
        return mark(turn, *held);
    }
    stop(turn, *standing, kCancelled);
    return {.status = standing->status, .accepted = true};
}

std::vector<CancelVerdict> cancel(Turn& turn, std::span<const core::JobId> jobs) {
    std::vector<CancelVerdict> verdicts;
    for (const core::JobId id : jobs) {
        const auto job = key_of(turn.db, id);
        verdicts.push_back(job ? cancel(turn, *job) : CancelVerdict{});
    }
    return verdicts;
}

void fulfil_orphaned_intents(Turn& turn) {
    std::vector<JobKey> wanted;
    {
        auto rows = turn.db.query(kAllIntents);
        while (rows.next()) {
            wanted.push_back(rows.column<JobKey>(0));
        }
    }
    for (const JobKey job : wanted) {
        if (turn.live.with([&](const Live& live) { return live.holder(job) == nullptr; })) {
            turn.db.run(kDropIntent, job);
            cancel(turn, job);
        }
    }
}

}  // namespace jobhost::store::sqlite
