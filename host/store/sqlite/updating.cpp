#include "store/sqlite/updating.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/recurring.hpp"
#include "store/sqlite/subject.hpp"

namespace jobhost::store::sqlite {

namespace {

using core::Operation;
using core::Status;

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

}  // namespace

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

}  // namespace jobhost::store::sqlite
