#include "store/sqlite/operations.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/assert.hpp"
#include "store/sqlite/declarations.hpp"
#include "store/sqlite/deleting.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/recurring.hpp"

namespace jobhost::store::sqlite {

namespace {

using core::Operation;
using core::Status;
using core::Want;

/// A job that something is asked of.
struct Subject {
    Standing standing;
    Order order;
    std::optional<Held> held;
    Want wanted = Want::Nothing;  ///< of the holder so far

    [[nodiscard]] JobKey key() const { return standing.luggage.job; }
    /// Held is as good as running: what is decided now must reach the holder.
    [[nodiscard]] Status judged_as() const { return held ? Status::Running : standing.status; }
    [[nodiscard]] bool waits() const {
        return standing.status == Status::Queuing || standing.status == Status::FailedRetry;
    }
};

/// Who holds the job; when nobody does, no claim will take it until this transaction is over.
std::optional<Held> holder_or_block(Turn& turn, const Standing& standing) {
    if (!standing.in_ready) {
        return std::nullopt;
    }
    const ReadyKey row = standing.ready_key();
    auto held = turn.live.with([&](Live& live) -> std::optional<Held> {
        if (const Held* const found = live.holder(row.position.job)) {
            return *found;
        }
        live.block(row.position.job);
        return std::nullopt;
    });
    if (!held) {
        // A claim may have passed the row by; that it is still there is more than needs to be true.
        const auto unblock = [row](Live& live) {
            live.unblock(row.position.job);
            live.add_ready(row);
        };
        turn.after_commit(unblock);
        turn.after_rollback(unblock);
    }
    return held;
}

Want want_of(Turn& turn, JobKey job) {
    auto row = turn.db.query(kIntent, job);
    return row.next() ? row.column<Want>(0) : Want::Nothing;
}

std::optional<Subject> subject_of(Turn& turn, JobKey job) {
    auto standing = standing_of(turn.db, job);
    const auto order = order_of(turn.db, job);
    if (!standing || !order) {
        return std::nullopt;
    }
    Subject subject{.standing = *std::move(standing), .order = *order, .held = std::nullopt};
    subject.held = holder_or_block(turn, subject.standing);
    if (subject.held) {
        subject.wanted = want_of(turn, job);
    }
    return subject;
}

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

std::optional<base::Error> refusal(Turn& turn,
                                   const Subject& subject,
                                   Operation operation,
                                   const OperationOptions& options) {
    if (auto refused = refused_to_touch(subject.order, options)) {
        return refused;
    }
    if (auto refused = refused_by_declaration(turn.db, subject.key(), operation, options)) {
        return refused;
    }
    if (!core::allows(subject.judged_as(), operation, subject.wanted)) {
        return core::not_allowed(subject.judged_as(), operation);
    }
    if (operation == Operation::Delete && has_live_children(turn, subject.key())) {
        return base::Error{base::ErrorKind::Conflict, "children_alive",
                           "Jobs that were made for this one are not over yet."};
    }
    return std::nullopt;
}

struct Asked {
    Operation operation;
    const OperationOptions& options;
};

Verdict judge(Turn& turn, const Asked& asked, core::JobId id, std::optional<Subject>& subject) {
    const auto key = key_of(turn.db, id);
    subject = key ? subject_of(turn, *key) : std::nullopt;
    if (!subject) {
        return {};
    }
    auto refused = refusal(turn, *subject, asked.operation, asked.options);
    const bool runs = subject->held && subject->held->started_at && !subject->held->dead;
    return {.status = runs || refused ? subject->judged_as() : subject->standing.status,
            .now = std::nullopt,
            .refused = std::move(refused),
            .made = std::nullopt};
}

/// Where the job stands after what was done to it.
Status status_after(Turn& turn, const Subject& subject, const Verdict& verdict) {
    const auto after = standing_of(turn.db, subject.key());
    return subject.held || !after ? *verdict.status : after->status;
}

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

// Changing what was asked for.

bool may_begin_at(const Subject& subject, const std::optional<core::Instant>& begin_time) {
    const bool can_move =
        !subject.held && (subject.waits() || subject.standing.status == Status::Paused);
    return can_move || begin_time == subject.order.begin_time;
}

base::Error begun(const Subject& subject) {
    return {base::ErrorKind::Conflict,
            "wrong_status",
            "begin_time changes only while a job waits; this one is " +
                std::string(core::name(subject.judged_as())) + ".",
            {}};
}

/// To where a job with this spec stands, of a job that nobody holds.
void move(Turn& turn, const Subject& subject, const core::JobSpec& spec, LaneId lane) {
    Luggage job = subject.standing.luggage;
    job.lane = lane;
    job.rank = Rank::of(spec.priority, job.tries, spec.max_tries);
    job.enabled = spec.enabled;
    if (!subject.waits() || (subject.standing.gated && spec.enabled)) {
        turn.db.run(kMoveParked, job.job, job.lane, job.rank);
        return;
    }
    const bool begins_anew = spec.begin_time != subject.order.begin_time || !subject.standing.due;
    take_up(turn, subject.standing);
    let_in(turn, job, subject.order.parent,
           begins_anew ? std::max(spec.begin_time.value_or(turn.now), turn.now)
                       : *subject.standing.due);
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

std::optional<base::Error> refused_to_touch(const Order& order, const OperationOptions& options) {
    if (order.source == core::Source::System && !options.system) {
        return base::Error{base::ErrorKind::Forbidden, "system_job",
                           "This job belongs to the system; it is changed only on purpose."};
    }
    if (options.version && *options.version != order.version) {
        return base::Error{base::ErrorKind::Stale, "stale",
                           "The job has version " + std::to_string(order.version) + " by now."};
    }
    return std::nullopt;
}

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

Verdict update(Turn& turn,
               LaneBook& book,
               core::JobId job,
               const Arrival& arrival,
               const OperationOptions& options) {
    const core::JobSpec& spec = arrival.spec;
    std::optional<Subject> subject;
    Verdict verdict = judge(turn, {Operation::Update, options}, job, subject);
    if (verdict.accepted() && options.declared && only_moves(turn, subject->key(), spec)) {
        keep_declaration(turn, subject->key(), *spec.declared);
        verdict.now = verdict.status;
        return verdict;
    }
    if (verdict.accepted() && !may_begin_at(*subject, spec.begin_time)) {
        verdict.refused = begun(*subject);
    }
    if (verdict.accepted() && spec.end_time && *spec.end_time < turn.now &&
        spec.end_time != subject->order.end_time) {
        verdict.refused = end_is_over();
    }
    if (!verdict.accepted()) {
        return verdict;
    }
    if (subject->standing.recurs) {
        auto planned = change_plan(turn, subject->key(), subject->order, spec);
        if (!planned) {
            verdict.refused = std::move(planned).error();
            return verdict;
        }
    }
    const LaneId lane = lane_of(turn, book, arrival);
    turn.db.run(kChangeJob, subject->key(), lane, spec.priority, spec.max_tries, spec.begin_time,
                spec.end_time, spec.timeout, arrival.retry, spec.description, spec.args,
                spec.enabled, spec.preset);
    if (options.declared && spec.declared) {
        keep_declaration(turn, subject->key(), *spec.declared);
    }
    if (subject->held) {
        turn.db.run(kSetIntent, subject->key(), subject->wanted, turn.now);
    } else if (subject->standing.recurs) {
        end_plan_when_over(turn, subject->key());
    } else {
        move(turn, *subject, spec, lane);
    }
    verdict.now = status_after(turn, *subject, verdict);
    return verdict;
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
