#include "store/sqlite/operations.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "store/sqlite/declarations.hpp"
#include "store/sqlite/deleting.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/recurring.hpp"
#include "store/sqlite/subject.hpp"

namespace jobhost::store::sqlite {

namespace {

using core::Operation;
using core::Status;
using core::Want;

// Doing it where nobody holds the job.

/// What a file declares disabled, that file alone enables.
bool is_enabled_by_start(Turn& turn, const Subject& subject) {
    return subject.order.enabled || !is_declared(turn.db, subject.key());
}

/// Into the queue as if it were new.
void arm(Turn& turn, Subject& subject) {
    const bool runs_now = subject.standing.status == Status::FailedRetry;
    Luggage job = subject.standing.luggage;
    job.tries = 0;
    job.crashes = 0;
    job.rank = Rank::of(subject.order.priority, 0, subject.order.max_tries);
    job.enabled = is_enabled_by_start(turn, subject);
    subject.order.enabled = job.enabled;
    take_up(turn, subject.standing);
    if (subject.standing.status == Status::Stopped && subject.order.parent) {
        turn.db.run(kAddLiveChild, subject.key(), *subject.order.parent, false,
                    subject.order.is_occurrence);
    }
    let_in(turn, job, subject.order.parent,
           runs_now ? turn.now : std::max(subject.order.begin_time.value_or(turn.now), turn.now));
}

void pause(Turn& turn, Subject& subject) { set_aside(turn, subject.standing, Why::Paused, ""); }
void stop(Turn& turn, Subject& subject) {
    set_aside(turn, subject.standing, Why::Stopped, "stopped");
}
void stop_as_cancelled(Turn& turn, Subject& subject) {
    set_aside(turn, subject.standing, Why::Stopped, "cancelled");
}

void set_enabled(Turn& turn, Subject& subject, bool enabled) {
    const bool changes = subject.order.enabled != enabled;
    subject.order.enabled = enabled;
    if (!changes || !subject.waits()) {
        return;
    }
    Luggage job = subject.standing.luggage;
    job.enabled = enabled;
    take_up(turn, subject.standing);
    let_in(turn, job, subject.order.parent,
           std::max(subject.order.begin_time.value_or(turn.now), turn.now));
}

void enable(Turn& turn, Subject& subject) { set_enabled(turn, subject, true); }
void disable(Turn& turn, Subject& subject) { set_enabled(turn, subject, false); }

/// What an operation does to a once-job.
struct Effect {
    Operation operation;
    void (*on_waiting)(Turn& turn, Subject& subject);
    /// Of the flag, whoever holds the job; nothing when it stays, or when that depends on the job.
    std::optional<bool> enables = {};
};

constexpr std::array kEffects{
    Effect{Operation::Start, arm},
    Effect{Operation::Resume, arm},
    Effect{Operation::Pause, pause},
    Effect{Operation::Stop, stop},
    Effect{Operation::Cancel, stop_as_cancelled},
    Effect{Operation::Enable, enable, true},
    Effect{Operation::Disable, disable, false},
};

/// The flag of the job after the operation.
bool enabled_after(Turn& turn, const Subject& subject, const Effect& effect) {
    return effect.on_waiting == arm ? is_enabled_by_start(turn, subject)
                                    : effect.enables.value_or(subject.order.enabled);
}

/// Tells the holder what is wanted, and the landing that the job has changed.
void note(Turn& turn, Subject& subject, const Effect& effect) {
    const Want want = core::want_after(subject.wanted, effect.operation);
    subject.order.enabled = enabled_after(turn, subject, effect);
    turn.db.run(kSetIntent, subject.key(), want, turn.now);
    turn.after_commit([token = subject.held->token, want](Live& live) { live.want(token, want); });
}

void change(Turn& turn, Subject& subject, Operation operation) {
    const auto effect = std::ranges::find(kEffects, operation, &Effect::operation);
    JOBHOST_ASSERT(effect != kEffects.end());
    if (subject.standing.recurs) {
        const bool enabled = enabled_after(turn, subject, *effect);
        change_recurring(turn, subject.key(), subject.order, operation, enabled);
        subject.order.enabled = enabled;
    } else if (subject.held) {
        note(turn, subject, *effect);
    } else {
        effect->on_waiting(turn, subject);
    }
    turn.db.run(kOperated, subject.key(), subject.order.enabled);
}

// Judging.

Verdict apply_one(Turn& turn, const Asked& asked, core::JobId id) {
    std::optional<Subject> subject;
    Verdict verdict = judge(turn, asked, id, subject);
    if (!verdict.accepted()) {
        return verdict;
    }
    if (asked.operation == Operation::Delete) {
        delete_family(turn, subject->key());
        return verdict;
    }
    if (asked.operation == Operation::Trigger) {
        verdict.made = bear_extra(turn, subject->key(), subject->order);
    } else {
        change(turn, *subject, asked.operation);
    }
    verdict.now = status_after(turn, *subject, verdict);
    return verdict;
}

/// The verdicts when one refusal refuses all; nothing when there is none.
std::optional<std::vector<Verdict>> refused_together(Turn& turn,
                                                     const Asked& asked,
                                                     std::span<const core::JobId> jobs) {
    std::vector<Verdict> verdicts;
    for (const core::JobId id : jobs) {
        std::optional<Subject> subject;
        verdicts.push_back(judge(turn, asked, id, subject));
    }
    if (std::ranges::none_of(verdicts,
                             [](const Verdict& one) { return one.refused.has_value(); })) {
        return std::nullopt;
    }
    for (Verdict& verdict : verdicts) {
        if (verdict.accepted()) {
            verdict.refused = base::Error{base::ErrorKind::Conflict, "refused_together",
                                          "Another job of the request is refused."};
        }
    }
    return verdicts;
}

/// What was wanted of a job whose holder is forgotten.
void fulfil(Turn& turn, JobKey job, Want want) {
    auto subject = subject_of(turn, job);
    if (!subject || subject->held || !subject->waits()) {
        return;
    }
    const auto effect = std::ranges::find_if(kEffects, [&](const Effect& one) {
        return core::ends_attempt(want) && core::want_after(Want::Nothing, one.operation) == want;
    });
    if (effect != kEffects.end()) {
        effect->on_waiting(turn, *subject);
        return;
    }
    Luggage luggage = subject->standing.luggage;
    luggage.lane = subject->order.lane;
    luggage.rank = Rank::of(subject->order.priority, luggage.tries, subject->order.max_tries);
    take_up(turn, subject->standing);
    put_in_queue(turn, luggage, subject->standing.due.value_or(turn.now));
}

}  // namespace

void cancel(Turn& turn, JobKey job) {
    auto subject = subject_of(turn, job);
    if (subject && core::allows(subject->judged_as(), Operation::Cancel, subject->wanted)) {
        change(turn, *subject, Operation::Cancel);
    }
}

std::vector<Verdict> apply(Turn& turn,
                           core::Operation operation,
                           std::span<const core::JobId> jobs,
                           const OperationOptions& options) {
    const Asked asked{operation, options};
    if (options.all_or_none) {
        if (auto refused = refused_together(turn, asked, jobs)) {
            return *std::move(refused);
        }
    }
    std::vector<Verdict> verdicts;
    for (const core::JobId id : jobs) {
        verdicts.push_back(apply_one(turn, asked, id));
    }
    return verdicts;
}

void fulfil_orphaned_intents(Turn& turn) {
    std::vector<std::pair<JobKey, Want>> intents;
    {
        auto rows = turn.db.query(kAllIntents);
        while (rows.next()) {
            intents.emplace_back(rows.column<JobKey>(0), rows.column<Want>(1));
        }
    }
    for (const auto& [job, want] : intents) {
        if (turn.live.with([&](const Live& live) { return live.holder(job) == nullptr; })) {
            turn.db.run(kDropIntent, job);
            fulfil(turn, job, want);
        }
    }
}

}  // namespace jobhost::store::sqlite
