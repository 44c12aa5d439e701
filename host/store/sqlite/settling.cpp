#include "store/sqlite/settling.hpp"

#include <optional>

#include "base/log.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/outputs.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

Luggage luggage_of(const Held& held) {
    return {.job = held.key(),
            .lane = held.place.lane,
            .rank = held.place.rank,
            .tries = held.tries,
            .crashes = held.crashes,
            .attempts = held.attempt - 1};
}

/// Ends the holding for everything that follows in this transaction, if it is what `may_leave`
/// says.
template <typename Predicate>
std::optional<Held> leave(Turn& turn, core::Token token, Predicate may_leave) {
    return turn.live.with([&](Live& live) -> std::optional<Held> {
        const Held* const held = live.holder(token);
        if (held == nullptr || !may_leave(live, *held)) {
            return std::nullopt;
        }
        live.set_leaving(token, true);
        return *held;
    });
}

void stay_after_rollback(Turn& turn, std::vector<core::Token> tokens) {
    turn.after_rollback([tokens = std::move(tokens)](Live& live) {
        for (const core::Token token : tokens) {
            live.set_leaving(token, false);
        }
    });
}

/// What somebody wants of a held job, or `Nothing` when it was only changed; no value when nobody
/// touched it.
std::optional<core::Want> take_want(Turn& turn, JobKey job) {
    auto row = turn.db.query(kIntent, job);
    if (!row.next()) {
        return std::nullopt;
    }
    const auto want = row.column<core::Want>(0);
    turn.db.run(kDropIntent, job);
    return want;
}

/// The token is not held by that node: was this end recorded before?
Settled answer_to_stranger(Turn& turn, const Settlement& settlement) {
    const bool same_node = turn.live.with([&](const Live& live) {
        const KnownNode* const node = live.node_of(settlement.token);
        return node != nullptr && node->id == settlement.node;
    });
    const auto job = key_of(turn.db, settlement.job);
    const auto standing = job && same_node ? standing_of(turn.db, *job) : std::nullopt;
    if (!standing) {
        return {.verdict = SettleVerdict::Fenced, .landed = {}};
    }
    auto recorded = turn.db.query(kAttemptOutcome, *job, settlement.token);
    if (!recorded.next()) {
        return {.verdict = SettleVerdict::Fenced, .landed = {}};
    }
    return {.verdict = SettleVerdict::Repeated,
            .landed = {.to = standing->status,
                       .due = standing->due,
                       .tries = standing->luggage.tries,
                       .crashes = standing->luggage.crashes,
                       .abandoned = standing->abandoned,
                       .reason = standing->reason,
                       .outcome = recorded.column<core::AttemptOutcome>(0)}};
}

void record_text(Turn& turn, const Held& held, const Settlement& settlement) {
    const auto& failure = settlement.failure;
    if (!failure && settlement.result_json.empty()) {
        return;
    }
    const core::Failure none;
    const core::Failure& said = failure ? *failure : none;
    const auto if_failed = [&](const auto& value) {
        return failure ? std::optional(value) : std::nullopt;
    };
    turn.db.run(kAddAttemptText, held.key(), held.token, if_failed(said.category),
                if_failed(said.hint), said.retry_after, if_failed(std::string_view(said.type)),
                if_failed(said.code), if_failed(std::string_view(said.message)),
                if_failed(std::string_view(said.details_json)), settlement.result_json);
}

void record(Turn& turn,
            const Held& held,
            const Settlement& settlement,
            core::AttemptOutcome as,
            int last_kept) {
    record_attempt(turn,
                   {.job = held.key(),
                    .token = held.token,
                    .number = held.attempt,
                    .outcome = as,
                    .started_at = settlement.started_at,
                    .ended_at = settlement.ended_at},
                   last_kept);
    record_text(turn, held, settlement);
    if (settlement.output) {
        keep_output(turn.db, held.key(), held.token, *settlement.output, held.head_bytes);
    }
}

/// Out of the queue, with the mark. False when somebody deleted the row by hand: then there is
/// nothing left to be ended.
bool take_out(Turn& turn, const Held& held) {
    if (held.marked) {
        turn.db.run(kUnmarkRunning, held.key());
    }
    const bool found = take_from_ready(turn, held.place, held.tries);
    if (!found) {
        base::log(base::LogLevel::Warn, "sqlite",
                  "a claim is let go: the job was taken out of the database by hand",
                  {{"job_id", held.id.text()}});
    }
    return found;
}

/// Where the job goes when somebody touched it while it was held; brings `job` up to date.
core::Transition land_touched(Turn& turn,
                              Luggage& job,
                              const core::Transition& reported,
                              core::Want want) {
    const auto order = order_of(turn.db, job.job);
    if (!order) {
        return reported;
    }
    job.lane = order->lane;
    job.rank = Rank::of(order->priority, job.tries, order->max_tries);
    job.enabled = order->enabled;
    const auto limited = core::within_limit(core::within_time(reported, order->end_time),
                                            order->max_tries, turn.now);
    return core::land(core::within_time(limited, order->end_time), want, turn.now);
}

Settled settle_one(Turn& turn, const Held& held, const Settlement& settlement, int last_kept) {
    const auto want = take_want(turn, held.key());
    if (!take_out(turn, held)) {
        return {.verdict = SettleVerdict::Fenced, .landed = {}};
    }
    Luggage luggage = luggage_of(held);
    luggage.attempts = held.attempt;
    Settled settled{.verdict = SettleVerdict::Applied, .landed = settlement.transition};
    if (want) {
        settled.landed = land_touched(turn, luggage, settlement.transition, *want);
    }
    record(turn, held, settlement, settled.landed.outcome, last_kept);
    land(turn, luggage, settled.landed, settlement.ended_at);
    return settled;
}

}  // namespace

std::vector<Settled> settle(Turn& turn, std::span<const Settlement> settlements, int last_kept) {
    std::vector<Settled> settled;
    std::vector<core::Token> ended;
    for (const Settlement& settlement : settlements) {
        const auto held = leave(turn, settlement.token, [&](const Live& live, const Held& found) {
            const KnownNode* const node = live.node_of(found.token);
            return found.id == settlement.job && node != nullptr && node->id == settlement.node;
        });
        if (!held) {
            settled.push_back(answer_to_stranger(turn, settlement));
            continue;
        }
        ended.push_back(held->token);
        settled.push_back(settle_one(turn, *held, settlement, last_kept));
    }
    turn.after_commit([ended](Live& live) {
        for (const core::Token token : ended) {
            live.release(token);
        }
    });
    stay_after_rollback(turn, std::move(ended));
    return settled;
}

void hand_back(Turn& turn, std::span<const core::Token> tokens) {
    std::vector<core::Token> returned;
    std::vector<core::Token> landed;
    for (const core::Token token : tokens) {
        const auto held =
            leave(turn, token, [](const Live&, const Held& found) { return !found.started_at; });
        if (!held) {
            continue;
        }
        const auto want = take_want(turn, held->key());
        if (!want) {
            returned.push_back(token);
            continue;
        }
        landed.push_back(token);
        if (!take_out(turn, *held)) {
            continue;
        }
        const core::Transition interrupted{.to = waiting_status(held->tries),
                                           .due = held->place.position.due,
                                           .tries = held->tries,
                                           .crashes = held->crashes,
                                           .abandoned = false,
                                           .reason = {},
                                           .outcome = core::AttemptOutcome::Interrupted};
        Luggage luggage = luggage_of(*held);
        const core::Transition end = land_touched(turn, luggage, interrupted, *want);
        land(turn, luggage, end, turn.now);
    }
    turn.after_commit([returned, landed](Live& live) {
        for (const core::Token token : returned) {
            live.put_back(token);
        }
        for (const core::Token token : landed) {
            live.release(token);
        }
    });
    stay_after_rollback(turn, std::move(returned));
    stay_after_rollback(turn, std::move(landed));
}

void keep_updates(Turn& turn, std::span<const AttemptUpdate> updates) {
    for (const AttemptUpdate& update : updates) {
        const auto held = turn.live.with([&](const Live& live) -> std::optional<Held> {
            const Held* const found = live.holder(update.token);
            const bool ours = found != nullptr && !found->dead && found->id == update.job;
            return ours ? std::optional(*found) : std::nullopt;
        });
        if (!held || !update.output) {
            continue;
        }
        const std::size_t head_bytes =
            keep_output(turn.db, held->key(), held->token, *update.output, held->head_bytes);
        turn.live.with([&](Live& live) { live.set_head_bytes(update.token, head_bytes); });
        turn.after_rollback([token = update.token](Live& live) { live.set_head_bytes(token, 0); });
    }
}

}  // namespace jobhost::store::sqlite
