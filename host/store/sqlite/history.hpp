#pragma once

#include "core/outcome.hpp"
#include "store/sqlite/turn.hpp"

/// The recorded attempts of one job. However often a job is tried or put off, they stay a bounded
/// number of rows, at a bounded cost for each end: snoozes in a row share one, and beyond the first
/// few and the last ones those between are dropped, with their texts and outputs. [writer]
namespace jobhost::store::sqlite {

/// The beginning of a story is worth keeping, whatever came after it.
inline constexpr int kFirstAttemptsKept = 10;
/// Unless the settings say otherwise.
inline constexpr int kLastAttemptsKept = 100;

/// An attempt that is over.
struct EndedAttempt {
    JobKey job;
    core::Token token;
    int number = 1;
    core::AttemptOutcome outcome = core::AttemptOutcome::Succeeded;
    core::Instant started_at;
    core::Instant ended_at;
};

/// Records the end; keeps the first few and the last `last_kept` rows.
void record_attempt(Turn& turn, const EndedAttempt& attempt, int last_kept);

/// Removes all that is recorded of a job's attempts; says how many rows that were.
int forget_attempts(Turn& turn, JobKey job);

}  // namespace jobhost::store::sqlite
