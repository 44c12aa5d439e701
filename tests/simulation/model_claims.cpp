#include <algorithm>
#include <map>

#include "simulation/model.hpp"

namespace jobhost::simulation {

namespace {

base::Error not_in() {
    return {base::ErrorKind::Conflict, "not_joined", "this node is not among the living"};
}

}  // namespace

/// The mark of a text that no store takes.
constexpr std::string_view kUnwritable = "unwritable";

base::Result<store::Claim> ModelClaims::claim(const store::ClaimRequest& request) {
    auto claimed =
        model_.transact(caller_.owner, Cause::Claim, caller_.node, [&](Transaction& transaction) {
            stay_in(transaction);
            store::Claim claim;
            if (answer_lost_) {
                return_unknown(transaction);
            }
            if (request.limit > 0) {
                promote(transaction);
                take(transaction, request, claim);
            }
            const Statement seen = model_.statement(transaction);
            const Instant now = model_.now();
            model_.parked.select(seen, [&](const JobId&, const ParkedRow& row) {
                if (row.until && *row.until > now &&
                    (!claim.next_due || *row.until < *claim.next_due)) {
                    claim.next_due = row.until;
                }
                return false;
            });
            model_.running.select(seen, [&](const Token& token, const RunningRow& row) {
                if (row.node == caller_.node && model_.intents.read(seen, row.job) != nullptr) {
                    claim.wants.push_back({token, *model_.intents.read(seen, row.job)});
                }
                return false;
            });
            return claim;
        });
    if (claimed) {
        for (const store::ClaimedJob& job : claimed->jobs) {
            known_.insert(job.token);
        }
    }
    answer_lost_ = !claimed;
    return claimed;
}

/// Nobody can be declared dead while he claims, and who was claims nothing.
void ModelClaims::stay_in(Transaction& transaction) {
    const Statement seen = model_.statement(transaction);
    const NodeRow* const self = model_.nodes.lock(seen, caller_.node);
    if (self == nullptr || !self->alive) {
        expelled_ = self != nullptr;
        throw Failure{not_in()};
    }
}

/// What an earlier claim took, whose answer was lost: nobody here knows of it.
void ModelClaims::return_unknown(Transaction& transaction) {
    std::vector<Token> unknown;
    std::set<JobId> jobs;
    {
        const Statement seen = model_.statement(transaction);
        model_.running.select(seen, [&](const Token& token, const RunningRow& row) {
            if (row.node == caller_.node && !known_.contains(token)) {
                unknown.push_back(token);
                jobs.insert(row.job);
            }
            return false;
        });
        model_.lock_parents(seen, jobs);
    }
    for (const Token token : unknown) {
        put_back(transaction, token);
    }
}

void ModelClaims::promote(Transaction& transaction) {
    const Statement seen = model_.statement(transaction);
    const Instant now = model_.now();
    const auto due = model_.parked.select(
        seen, [&](const JobId&, const ParkedRow& row) { return row.until && *row.until <= now; });
    for (const auto& [job, old] : due) {
        const ParkedRow* const row = model_.parked.try_lock(seen, job);
        if (row != nullptr && row->until && *row->until <= now) {
            const ReadyRow moved{*row->until, row->luggage};
            model_.parked.erase(seen, job);
            model_.ready.insert(seen, job, moved);
        }
    }
}

void ModelClaims::take(Transaction& transaction,
                       const store::ClaimRequest& request,
                       store::Claim& claim) {
    const Statement seen = model_.statement(transaction);
    std::map<std::string, int, std::less<>> budgets;
    for (const store::TypeBudget& budget : request.types) {
        budgets[budget.type] = budget.most;
    }
    auto queue = model_.ready.select(seen, [](const JobId&, const ReadyRow&) { return true; });
    std::ranges::stable_sort(queue, [&](const auto& one, const auto& other) {
        const auto key = [&](const auto& entry) {
            const JobRow* const job = model_.jobs.read(seen, entry.first);
            return std::tuple(-static_cast<int>(job->priority), entry.second.luggage.tries,
                              entry.second.due);
        };
        return key(one) < key(other);
    });
    for (const auto& [job, old] : queue) {
        int& left = budgets[model_.jobs.read(seen, job)->type];
        if (static_cast<int>(claim.jobs.size()) >= request.limit || left <= 0) {
            continue;
        }
        const ReadyRow* const row = model_.ready.try_lock(seen, job);
        if (row == nullptr) {
            continue;
        }
        const RunningRow runs{.job = job,
                              .node = caller_.node,
                              .due = row->due,
                              .started_at = std::nullopt,
                              .luggage = row->luggage};
        model_.ready.erase(seen, job);
        const Token token = model_.new_token();
        model_.running.insert(seen, token, runs);
        claim.jobs.push_back(claimed_job(seen, token, runs));
        --left;
    }
}

store::ClaimedJob ModelClaims::claimed_job(const Statement& statement,
                                           Token token,
                                           const RunningRow& row) const {
    const JobRow& job = *model_.jobs.read(statement, row.job);
    store::ClaimedJob claimed;
    claimed.id = row.job;
    claimed.token = token;
    claimed.standing = {
        .tries = row.luggage.tries, .crashes = row.luggage.crashes, .max_tries = job.max_tries};
    claimed.attempt = row.luggage.attempts + 1;
    claimed.type = job.type;
    claimed.args = "{}";
    claimed.created_at = job.created_at;
    claimed.due = row.due;
    claimed.timeout = job.timeout;
    return claimed;
}

void ModelClaims::started(std::span<const Token> tokens) {
    static_cast<void>(
        model_.transact(caller_.owner, Cause::Start, caller_.node, [&](Transaction& transaction) {
            const Statement statement = model_.statement(transaction);
            for (const Token token : tokens) {
                const RunningRow* const row = model_.running.lock(statement, token);
                if (row != nullptr && row->node == caller_.node) {
                    RunningRow begun = *row;
                    begun.started_at = model_.now();
                    model_.running.update(statement, token, begun);
                }
            }
            return base::Unit{};
        }));
}

base::Result<std::vector<store::Settled>> ModelClaims::settle(
    std::span<const store::Settlement> settlements) {
    return model_.transact(
        caller_.owner, Cause::Settle, caller_.node, [&](Transaction& transaction) {
            std::vector<Held> held(settlements.size());
            lock_held(transaction, settlements, held);
            std::vector<store::Settled> settled;
            for (std::size_t i = 0; i < settlements.size(); ++i) {
                settled.push_back(settle_one(transaction, settlements[i], held[i]));
            }
            return settled;
        });
}

/// In the order of their ids and tokens, so that two of these do not wait for each other.
void ModelClaims::lock_held(Transaction& transaction,
                            std::span<const store::Settlement> settlements,
                            std::vector<Held>& held) {
    std::map<Token, std::size_t> order;
    std::set<JobId> jobs;
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        if (settlements[i].result_json == kUnwritable) {
            throw Failure{{base::ErrorKind::Internal, "refused", "a row is refused"}};
        }
        order.emplace(settlements[i].token, i);
        jobs.insert(settlements[i].job);
    }
    {
        const Statement statement = model_.statement(transaction);
        model_.lock_parents(statement, jobs);
    }
    const Statement lock = model_.statement(transaction);
    for (const auto& [token, i] : order) {
        held[i].token = token_of(lock, settlements[i]);
        static_cast<void>(model_.running.lock(lock, held[i].token));
        if (model_.settings.bug == Bug::SettleOverCancel) {
            const auto* const want = model_.intents.read(lock, settlements[i].job);
            held[i].old_want = want != nullptr ? *want : core::Want::Nothing;
        }
    }
}

Token ModelClaims::token_of(const Statement& statement, const store::Settlement& settlement) {
    if (model_.settings.bug == Bug::RescueWithoutToken && settlement.node != caller_.node) {
        const auto runs = model_.running.select(
            statement,
            [&](const Token&, const RunningRow& row) { return row.job == settlement.job; });
        return runs.empty() ? settlement.token : runs.front().first;
    }
    return settlement.token;
}

store::Settled ModelClaims::settle_one(Transaction& transaction,
                                       const store::Settlement& settlement,
                                       const Held& locked) {
    const Token token = locked.token;
    const Statement decide = model_.statement(transaction);
    const RunningRow* const row = model_.running.read(decide, token);
    const bool held = row != nullptr && row->job == settlement.job &&
                      (row->node == settlement.node || token != settlement.token);
    if (!held) {
        const AttemptRecord* const record = model_.attempts.read(decide, settlement.token);
        if (record == nullptr || record->node != settlement.node) {
            return {.verdict = store::SettleVerdict::Fenced, .landed = {}};
        }
        core::Transition landed;
        landed.to = model_.status(settlement.job).value_or(core::Status::None);
        landed.outcome = record->outcome;
        return {.verdict = store::SettleVerdict::Repeated, .landed = landed};
    }
    const core::Want newest = model_.take_want(decide, settlement.job);
    const core::Want want = locked.old_want.value_or(newest);
    const core::Transition landed = core::land(settlement.transition, want, model_.now());
    Luggage luggage = row->luggage;
    ++luggage.attempts;
    model_.attempts.insert(decide, settlement.token,
                           {.job = settlement.job,
                            .node = settlement.node,
                            .number = luggage.attempts,
                            .outcome = landed.outcome});
    model_.running.erase(decide, token);
    model_.land(transaction, decide, settlement.job, luggage, landed);
    return {.verdict = store::SettleVerdict::Applied, .landed = landed};
}

base::Result<base::Unit> ModelClaims::hand_back(std::span<const Token> tokens) {
    return model_.transact(caller_.owner, Cause::HandBack, caller_.node,
                           [&](Transaction& transaction) {
                               {
                                   const Statement statement = model_.statement(transaction);
                                   model_.lock_parents(statement, jobs_of(statement, tokens));
                               }
                               std::vector<Token> sorted(tokens.begin(), tokens.end());
                               std::ranges::sort(sorted);
                               for (const Token token : sorted) {
                                   put_back(transaction, token);
                               }
                               return base::Unit{};
                           });
}

std::set<JobId> ModelClaims::jobs_of(const Statement& statement,
                                     std::span<const Token> tokens) const {
    std::set<JobId> jobs;
    for (const Token token : tokens) {
        if (const RunningRow* const row = model_.running.read(statement, token)) {
            jobs.insert(row->job);
        }
    }
    return jobs;
}

void ModelClaims::put_back(Transaction& transaction, Token token) {
    {
        const Statement lock = model_.statement(transaction);
        if (model_.running.lock(lock, token) == nullptr) {
            return;
        }
    }
    const Statement decide = model_.statement(transaction);
    const RunningRow row = *model_.running.read(decide, token);
    if (row.started_at || row.node != caller_.node) {
        return;
    }
    model_.running.erase(decide, token);
    const core::Want want = model_.take_want(decide, row.job);
    core::Transition back;
    back.to = waiting_status(row.luggage.tries);
    back.due = row.due;
    back.tries = row.luggage.tries;
    back.crashes = row.luggage.crashes;
    back.outcome = core::AttemptOutcome::Interrupted;
    model_.land(transaction, decide, row.job, row.luggage, core::land(back, want, model_.now()));
}

base::Result<base::Unit> ModelClaims::update(std::span<const store::AttemptUpdate>) {
    return base::done();
}

Time ModelClaims::silence_of(NodeId node) const {
    const Time beat = model_.last_beat(node);
    if (model_.settings.bug == Bug::LeaseByWallClock) {
        return caller_.clock.now() - (model_.settings.start + beat);
    }
    return model_.scheduler.now() - beat;
}

void ModelClaims::declare_dead(Transaction& transaction) {
    const Statement seen = model_.statement(transaction);
    const auto silent = model_.nodes.select(seen, [&](const NodeId& id, const NodeRow& row) {
        return row.alive && id != caller_.node && silence_of(id) >= model_.settings.lease;
    });
    for (const auto& [id, old] : silent) {
        // What a frozen process holds open would block everybody.
        const std::vector<Transaction*> open(model_.engine.open.begin(), model_.engine.open.end());
        for (Transaction* const other : open) {
            if (other->owner == old.owner) {
                other->terminate();
            }
        }
        const NodeRow* const row = model_.nodes.lock(seen, id);
        if (row != nullptr && row->alive && silence_of(id) >= model_.settings.lease) {
            model_.nodes.update(seen, id, {.alive = false, .owner = row->owner});
        }
    }
}

base::Result<std::vector<store::DeadClaim>> ModelClaims::dead_claims(int limit) {
    return model_.transact(
        caller_.owner, Cause::Declare, caller_.node, [&](Transaction& transaction) {
            declare_dead(transaction);
            const Statement seen = model_.statement(transaction);
            const auto held = model_.running.select(seen, [&](const Token&, const RunningRow& row) {
                const NodeRow* const node = model_.nodes.read(seen, row.node);
                return node != nullptr && !node->alive;
            });
            std::vector<store::DeadClaim> dead;
            for (const auto& [token, row] : held) {
                if (static_cast<int>(dead.size()) < limit) {
                    dead.push_back({.job = claimed_job(seen, token, row),
                                    .node = row.node,
                                    .started = row.started_at.has_value(),
                                    .started_at = row.started_at.value_or(Instant{})});
                }
            }
            return dead;
        });
}

base::Result<base::Unit> ModelNodes::join(const store::Node& node) {
    return caller_.model.transact(
        caller_.owner, Cause::Join, caller_.node, [&](Transaction& transaction) {
            const Statement statement = caller_.model.statement(transaction);
            caller_.model.nodes.insert(statement, node.id, {.alive = true, .owner = caller_.owner});
            return base::Unit{};
        });
}

base::Result<base::Unit> ModelNodes::leave() {
    return caller_.model.transact(
        caller_.owner, Cause::Join, caller_.node, [&](Transaction& transaction) {
            const Statement statement = caller_.model.statement(transaction);
            if (caller_.model.nodes.lock(statement, caller_.node) != nullptr) {
                caller_.model.nodes.update(statement, caller_.node,
                                           {.alive = false, .owner = caller_.owner});
            }
            return base::Unit{};
        });
}

}  // namespace jobhost::simulation
