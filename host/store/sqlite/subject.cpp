#include "store/sqlite/subject.hpp"

#include <string>
#include <utility>

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/deleting.hpp"
#include "store/sqlite/family.hpp"
#include "store/sqlite/job_reader.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

using core::Operation;
using core::Status;
using core::Want;

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

}  // namespace

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

Status status_after(Turn& turn, const Subject& subject, const Verdict& verdict) {
    const auto after = standing_of(turn.db, subject.key());
    return subject.held || !after ? *verdict.status : after->status;
}

}  // namespace jobhost::store::sqlite
