#include "simulation/checker.hpp"

#include <algorithm>

namespace jobhost::simulation {

namespace {

using core::Status;

bool waits(Status status) { return status == Status::Queuing || status == Status::FailedRetry; }

bool is_one_of(Cause cause, std::initializer_list<Cause> causes) {
    return std::ranges::find(causes, cause) != causes.end();
}

/// May somebody's wish move a once-job that nobody holds? Its children end with what ends.
bool is_legal(Status from, Status to, core::Operation operation) {
    switch (operation) {
        case core::Operation::Start:
        case core::Operation::Resume:
            return to == Status::Queuing && core::allows(from, operation);
        case core::Operation::Pause:
            return to == Status::Paused && core::allows(from, operation);
        case core::Operation::Stop:
        case core::Operation::Cancel:
            return to == Status::Stopped && from != Status::Running &&
                   core::allows(from, core::Operation::Cancel);
        default:
            return false;
    }
}

/// May this call move a once-job from one status to another?
bool is_legal(Status from, Status to, const Diff& diff) {
    const Cause cause = diff.cause;
    if (from == to) {
        return true;
    }
    if (diff.operation) {
        return is_legal(from, to, *diff.operation);
    }
    if (waits(from) && to == Status::Running) {
        return cause == Cause::Claim;
    }
    if (to == Status::Stopped && from != Status::Running) {
        return core::allows(from, core::Operation::Cancel) &&
               is_one_of(cause, {Cause::Advance, Cause::Settle, Cause::HandBack, Cause::Claim});
    }
    if (from == Status::Running) {
        return cause == Cause::Settle ||
               (to != Status::Completed && is_one_of(cause, {Cause::HandBack, Cause::Claim}));
    }
    return false;
}

/// Where the wish that stands leads; anywhere else it was overlooked.
bool obeys(Status status, core::Want want) {
    switch (want) {
        case core::Want::Cancel:
        case core::Want::Stop:
            return status == Status::Stopped;
        case core::Want::Pause:
            return status == Status::Paused;
        case core::Want::Nothing:
        case core::Want::Resume:
            break;
    }
    return true;
}

/// Did somebody ask for this, so that what is over begins again?
bool is_begun_again(const Diff& diff, Status from) {
    const bool asked =
        diff.operation == core::Operation::Start || diff.operation == core::Operation::Resume;
    return asked && core::allows(from, *diff.operation);
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
        check_plan(diff, plan);
    }
}

void Checker::check_births(const Diff& diff) {
    for (const auto& [id, job] : diff.born) {
        note("is stored: job, parent", diff, witness_.number_of(id),
             job.parent ? witness_.number_of(*job.parent) : 0);
        if (job.nominal && !born_.emplace(*job.parent, *job.nominal).second) {
            witness_.violated("I5",
                              "two children of one occurrence of " + witness_.name_of(*job.parent));
        }
    }
    for (const auto& [id, want] : diff.wished) {
        note("is wished: job, what", diff, witness_.number_of(id), static_cast<int>(want));
        wished_[id] = want;
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
        if (!model_.jobs.committed(row.job)->enabled) {
            witness_.violated("I8", witness_.name_of(row.job) + " is claimed and disabled");
        }
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
        check_wish(diff, token, row.job);
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
        if (model_.jobs.committed(id) == nullptr) {
            check_deletion(diff, id);
        } else if (check_place(id)) {
            check_move(diff, id, *model_.status(id));
            check_counters(id);
        }
    }
}

/// Whether it stands in one place alone.
bool Checker::check_place(JobId id) {
    const int places = (model_.ready.committed(id) ? 1 : 0) +
                       (model_.parked.committed(id) ? 1 : 0) +
                       (model_.finished.committed(id) ? 1 : 0) + (running_.contains(id) ? 1 : 0);
    if (places != 1) {
        witness_.violated(
            "I1", witness_.name_of(id) + " stands in " + std::to_string(places) + " places");
    }
    return places == 1;
}

void Checker::check_counters(JobId id) {
    const ReadyRow* const ready = model_.ready.committed(id);
    const ParkedRow* const parked = model_.parked.committed(id);
    const Luggage* const luggage = ready ? &ready->luggage : parked ? &parked->luggage : nullptr;
    // What is paused has its tries forgotten when it goes on.
    const bool counts = parked == nullptr || parked->why != Why::Paused;
    if (luggage != nullptr &&
        ((counts && luggage->tries != tries_[id]) || luggage->attempts != attempts_[id])) {
        witness_.violated("I7", "the counters of " + witness_.name_of(id) + " are not its history");
    }
}

void Checker::check_move(const Diff& diff, JobId id, Status now) {
    const auto [known, is_new] = status_.try_emplace(id, now);
    const Status before = std::exchange(known->second, now);
    if (!(is_new ? may_begin(now, diff.cause) : is_legal(before, now, diff))) {
        witness_.violated(core::is_final(before) ? "I8" : "I6",
                          witness_.name_of(id) + " went from " + std::string(core::name(before)) +
                              " to " + std::string(core::name(now)));
    }
    if (now != before && is_begun_again(diff, before)) {
        tries_[id] = 0;
    }
}

void Checker::check_deletion(const Diff& diff, JobId id) {
    const auto known = status_.find(id);
    const bool was_over = known == status_.end() || core::is_final(known->second);
    if (diff.operation != core::Operation::Delete || !was_over) {
        witness_.violated("I1", witness_.name_of(id) + " is gone, and nobody could ask for that");
    }
    witness_.deleted(id);
}

/// What somebody asked for while the attempt ran wins over what it reports.
void Checker::check_wish(const Diff& diff, Token token, JobId job) {
    const auto wish = wished_.find(job);
    if (wish == wished_.end()) {
        return;
    }
    const Status now = *model_.status(job);
    const bool ended_by_wish = std::ranges::any_of(diff.attempts, [&](const auto& attempt) {
        return attempt.first == token && attempt.second.outcome == core::AttemptOutcome::Cancelled;
    });
    const bool taken_back = wish->second == core::Want::Resume && ended_by_wish;
    if (!obeys(now, wish->second) || (taken_back && now != Status::Queuing)) {
        witness_.violated("I8", "the wish about " + witness_.name_of(job) + ", " +
                                    std::string(core::name(wish->second)) + ", was overlooked");
    }
    if (taken_back) {
        tries_[job] = 0;
    }
    wished_.erase(wish);
}

void Checker::check_plan(const Diff& diff, const Diff::Plan& plan) {
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
        plan.after.status != plan.before->status && !is_begun_again(diff, plan.before->status)) {
        witness_.violated("I8", witness_.name_of(plan.id) + " came back from its end");
    }
    if (plan.before && plan.before->status == Status::Paused &&
        plan.after.status != Status::Paused && !diff.operation) {
        witness_.violated("I8", witness_.name_of(plan.id) + " was paused and goes on by itself");
    }
    if (plan.before && plan.after.last != plan.before->last && !plan.before->next_due) {
        witness_.violated("I8", witness_.name_of(plan.id) + " is planned and not armed");
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
        // Nobody can be told by a job that is not there how it ended.
        const bool lives = !witness_.is_deleted(key.second) && node != nullptr && node->alive &&
                           !witness_.is_expired(owner);
        if (told > times || (lives && told != times)) {
            witness_.violated("I10", std::to_string(times) + " ends of " +
                                         witness_.name_of(key.second) + " were announced " +
                                         std::to_string(told) + " times");
        }
    }
}

}  // namespace jobhost::simulation
