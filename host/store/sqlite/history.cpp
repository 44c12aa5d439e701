#include "store/sqlite/history.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// More than one, so that a limit that was lowered is reached in the end.
constexpr int kMostDroppedAtOnce = 4;

void forget_texts(Turn& turn, JobKey job, core::Token token) {
    turn.db.run(kForgetAttemptText, job, token);
    turn.db.run(kForgetAttemptOutput, job, token);
}

std::optional<core::Token> last_snoozed(Turn& turn, JobKey job) {
    auto last = turn.db.query(kLastOutcome, job);
    const bool snoozed =
        last.next() && last.column<core::AttemptOutcome>(1) == core::AttemptOutcome::Snoozed;
    return snoozed ? std::optional(last.column<core::Token>(0)) : std::nullopt;
}

/// The row of the snoozes before becomes that of this one; its token fences from here on.
bool fold(Turn& turn, const EndedAttempt& attempt) {
    const auto before = last_snoozed(turn, attempt.job);
    if (!before) {
        return false;
    }
    forget_texts(turn, attempt.job, *before);
    turn.db.run(kFoldAttempt, attempt.job, *before, attempt.token, attempt.number,
                attempt.started_at, attempt.ended_at);
    turn.db.run(kAddToHistory, attempt.job, 1, 0);
    return true;
}

/// How many rows the job has now, whose latest attempt has this number.
int rows_of(Turn& turn, JobKey job, int number) {
    auto row = turn.db.query(kHistory, job);
    return row.next() ? number - row.column<int>(0) - row.column<int>(1) : number;
}

void drop_surplus(Turn& turn, JobKey job, int surplus) {
    std::vector<std::pair<core::Token, int>> oldest;
    {
        auto rows = turn.db.query(kAttemptsFrom, job, std::min(surplus, kMostDroppedAtOnce),
                                  kFirstAttemptsKept);
        while (rows.next()) {
            oldest.emplace_back(rows.column<core::Token>(0), rows.column<int>(1));
        }
    }
    for (const auto& [token, repeats] : oldest) {
        forget_texts(turn, job, token);
        turn.db.run(kForgetAttempt, job, token);
        turn.db.run(kAddToHistory, job, 1 - repeats, repeats);
    }
}

}  // namespace

void record_attempt(Turn& turn, const EndedAttempt& attempt, int last_kept) {
    if (attempt.outcome == core::AttemptOutcome::Snoozed && fold(turn, attempt)) {
        return;
    }
    turn.db.run(kAddAttempt, attempt.job, attempt.token, attempt.number, attempt.outcome,
                attempt.started_at, attempt.ended_at);
    const int most = kFirstAttemptsKept + last_kept;
    if (attempt.number <= most) {
        return;
    }
    const int surplus = rows_of(turn, attempt.job, attempt.number) - most;
    if (surplus > 0) {
        drop_surplus(turn, attempt.job, surplus);
    }
}

int forget_attempts(Turn& turn, JobKey job) {
    int rows = 0;
    for (const Query* query :
         {&kForgetAttempts, &kForgetAttemptTexts, &kForgetOutputs, &kForgetHistory}) {
        rows += turn.db.run(*query, job);
    }
    return rows;
}

}  // namespace jobhost::store::sqlite
