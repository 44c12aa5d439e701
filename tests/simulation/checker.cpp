#include "simulation/checker.hpp"

#include <algorithm>

namespace jobhost::simulation {

namespace {

using core::Status;

bool waits(Status status) { return status == Status::Queuing || status == Status::FailedRetry; }

bool is_one_of(Cause cause, std::initializer_list<Cause> causes) {
    return std::ranges::find(causes, cause) != causes.end();
}

/// May this call move a once-job from one status to another?
bool is_legal(Status from, Status to, Cause cause) {
    if (from == to) {
        return true;
    }
    if (waits(from) && to == Status::Running) {
        return cause == Cause::Claim;
    }
    if (waits(from) && to == Status::Stopped) {
        return core::allows(from, core::Operation::Cancel) &&
               is_one_of(cause, {Cause::Cancel, Cause::Advance, Cause::Settle, Cause::HandBack,
                                 Cause::Claim});
    }
    if (from == Status::Running) {
        return cause == Cause::Settle ||
               (to != Status::Completed && is_one_of(cause, {Cause::HandBack, Cause::Claim}));
    }
    return false;
}

/// An occurrence may be cancelled by the next one in the step that brings forth both.
bool may_begin(Status status, Cause cause) {
    return waits(status) || (status == Status::Stopped && cause == Cause::Advance);
}

bool uses_a_try(core::AttemptOutcome outcome) {
    return outcome == core::AttemptOutcome::Failed || outcome == core::AttemptOutcome::TimedOut ||
           outcome == core::AttemptOutcome::Lost || outcome == core::AttemptOutcome::Crashed;
}

}  // namespace

Owner Checker::owner_of(NodeId node) const {
    const auto found = owners.find(node);
    return found == owners.end() ? kNobody : found->second;
}

void Checker::note(const char* what, const Diff& diff, std::int64_t one, std::int64_t other) {
    trace_.add(what, owner_of(diff.node), one, other);
}

void Checker::on_commit(const Diff& diff) {
    check_births(diff);
    check_claims(diff);
    check_ends(diff);
    check_moves(diff);
    for (const Diff::Plan& plan : diff.plans) {
        check_plan(plan);
    }
}

void Checker::check_births(const Diff& diff) {
    for (const auto& [id, job] : diff.born) {
        note("is stored: job, parent", diff, witness_.number_of(id),
             job.parent ? witness_.number_of(*job.parent) : 0);
        if (job.parent && !born_.emplace(*job.parent, *job.nominal).second) {
            witness_.violated("I5",
                              "two children of one occurrence of " + witness_.name_of(*job.parent));
        }
    }
    for (const JobId id : diff.wished) {
        note("is wished to end: job", diff, witness_.number_of(id));
        wished_.insert(id);
    }
}

void Checker::check_claims(const Diff& diff) {
    // What was given back and claimed anew in one transaction has left first.
    for (const auto& [token, row] : diff.left) {
        running_.erase(row.job);
    }
    for (const auto& [token, row] : diff.claimed) {
        note("claims: token, job", diff, token.value, witness_.number_of(row.job));
        Token& newest = newest_[row.job];
        if (token <= newest) {
            witness_.violated("I3", "the token of " + witness_.name_of(row.job) + " did not grow");
        }
        newest = token;
        if (!running_.emplace(row.job, token).second) {
            witness_.violated("I2", witness_.name_of(row.job) + " is held twice");
        }
    }
}

void Checker::check_ends(const Diff& diff) {
    const auto recorded = [&](Token token) {
        return std::ranges::any_of(diff.attempts,
                                   [&](const auto& attempt) { return attempt.first == token; });
    };
    for (const auto& [token, row] : diff.left) {
        note("leaves: token, job", diff, token.value, witness_.number_of(row.job));
        const bool handed_back = is_one_of(diff.cause, {Cause::HandBack, Cause::Claim}) &&
                                 row.node == diff.node && !row.started_at;
        if (!recorded(token) && !handed_back) {
            witness_.violated("I4", witness_.name_of(row.job) + " was taken from token " +
                                        std::to_string(token.value) + " by somebody else");
        }
        if (wished_.erase(row.job) > 0 && model_.status(row.job) != Status::Stopped) {
            witness_.violated(
                "I8", "the wish that " + witness_.name_of(row.job) + " ends was overlooked");
        }
    }
    for (const auto& [token, attempt] : diff.attempts) {
        note("is recorded: token, outcome", diff, token.value,
             static_cast<std::int64_t>(attempt.outcome));
        const bool held = std::ranges::any_of(diff.left, [&](const auto& left) {
            return left.first == token && left.second.node == attempt.node;
        });
        if (!held) {
            witness_.violated("I4", "an end was recorded under token " +
                                        std::to_string(token.value) + ", which holds nothing");
        }
        if (witness_.is_alive(token)) {
            witness_.violated("I2", "the attempt of token " + std::to_string(token.value) +
                                        " was ended while it runs, and its lease is valid");
        }
        if (attempt.number != ++attempts_[attempt.job]) {
            witness_.violated(
                "I7", "attempt numbers of " + witness_.name_of(attempt.job) + " have a gap");
        }
        tries_[attempt.job] += uses_a_try(attempt.outcome) ? 1 : 0;
        ++recorded_[{attempt.node, attempt.job}];
    }
}

void Checker::check_moves(const Diff& diff) {
    for (const JobId id : diff.jobs) {
        if (model_.plans.committed(id) != nullptr) {
            continue;
        }
        const ReadyRow* const ready = model_.ready.committed(id);
        const ParkedRow* const parked = model_.parked.committed(id);
        const int places = (ready ? 1 : 0) + (parked ? 1 : 0) +
                           (model_.finished.committed(id) ? 1 : 0) +
                           (running_.contains(id) ? 1 : 0);
        if (places != 1) {
            witness_.violated(
                "I1", witness_.name_of(id) + " stands in " + std::to_string(places) + " places");
            return;
        }
        const Status now = *model_.status(id);
        const auto [known, is_new] = status_.try_emplace(id, now);
        if (!is_new && core::is_final(known->second) && now != known->second) {
            witness_.violated("I8", witness_.name_of(id) + " came back from its end");
        } else if (is_new ? !may_begin(now, diff.cause)
                          : !is_legal(known->second, now, diff.cause)) {
            witness_.violated("I6", witness_.name_of(id) + " went from " +
                                        std::string(core::name(known->second)) + " to " +
                                        std::string(core::name(now)));
        }
        known->second = now;
        const Luggage* const luggage = ready    ? &ready->luggage
                                       : parked ? &parked->luggage
                                                : nullptr;
        if (luggage != nullptr &&
            (luggage->tries != tries_[id] || luggage->attempts != attempts_[id])) {
            witness_.violated("I7",
                              "the counters of " + witness_.name_of(id) + " are not its history");
        }
    }
}

void Checker::check_plan(const Diff::Plan& plan) {
    trace_.add("plan: job, dealt with up to", kNobody, witness_.number_of(plan.id),
               (plan.after.last - model_.settings.start).count());
    std::int64_t ran = 0;
    model_.occurrences.each([&](const auto& key, const JobId&) { ran += key.first == plan.id; });
    if (ran != plan.after.ran) {
        witness_.violated("I7", witness_.name_of(plan.id) + " counts " +
                                    std::to_string(plan.after.ran) + " occurrences and has " +
                                    std::to_string(ran));
    }
    if (plan.before && core::is_final(plan.before->status) &&
        plan.after.status != plan.before->status) {
        witness_.violated("I8", witness_.name_of(plan.id) + " came back from its end");
    }
    if (plan.before && plan.after.last > plan.before->last) {
        check_occurrences(plan.id, plan.after, plan.before->last);
    }
}

/// Each one has exactly one child or lies in one record.
void Checker::check_occurrences(JobId parent, const PlanRow& plan, Instant after) {
    const auto timetable = core::timetable_of(plan.recurrence, plan.begin);
    std::vector<core::Gap> gaps;
    model_.not_run.each([&](const auto& key, const core::Gap& gap) {
        if (key.first == parent && gap.last > after) {
            gaps.push_back(gap);
        }
    });
    for (auto at = timetable->next(after); at && *at <= plan.last; at = timetable->next(*at)) {
        const bool ran = model_.occurrences.committed({parent, *at}) != nullptr;
        const auto records = std::ranges::count_if(
            gaps, [&](const core::Gap& gap) { return gap.first <= *at && *at <= gap.last; });
        if (records + (ran ? 1 : 0) != 1) {
            witness_.violated("occurrences",
                              "an occurrence of " + witness_.name_of(parent) + " at " +
                                  std::to_string((*at - model_.settings.start).count()) + " has " +
                                  (ran ? "a child" : "no child") + " and lies in " +
                                  std::to_string(records) + " records");
            return;
        }
    }
}

void Checker::at_the_end() {
    for (const JobId id : witness_.acknowledged()) {
        if (model_.jobs.committed(id) == nullptr) {
            witness_.violated("I1", witness_.name_of(id) + " was acknowledged and is gone");
        }
    }
    model_.plans.each([&](const JobId& id, const PlanRow& plan) {
        check_occurrences(id, plan, plan.created_at - core::Duration{1});
    });
    for (const auto& [key, times] : recorded_) {
        const Owner owner = owner_of(key.first);
        const int told = witness_.announcements(owner, key.second);
        const NodeRow* const node = model_.nodes.committed(key.first);
        const bool lives = node != nullptr && node->alive && !witness_.is_expired(owner);
        if (told > times || (lives && told != times)) {
            witness_.violated("I10", std::to_string(times) + " ends of " +
                                         witness_.name_of(key.second) + " were announced " +
                                         std::to_string(told) + " times");
        }
    }
}

}  // namespace jobhost::simulation
