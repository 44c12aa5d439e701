#pragma once

#include <compare>
#include <cstdint>

#include "store/maintenance_store.hpp"
#include "store/sqlite/turn.hpp"

/// The ways out of the database. Completed jobs are found by the notes that the writer makes of
/// them (table `ended`), stopped ones by their index. [writer]
namespace jobhost::store::sqlite {

/// A place in the order in which jobs ended; `id` tells those of one instant apart.
struct EndMark {
    core::Instant at = core::Instant::min();
    std::int64_t id = 0;

    friend auto operator<=>(const EndMark&, const EndMark&) = default;
};

/// How far outputs have been removed.
struct OutputMarks {
    EndMark completed;
    EndMark stopped;
};

/// Removes an ended job, its name, its run log and its outputs; says how many rows went. Nothing is
/// done to a job that is not over, that has children, whether they are over or not, or that is not
/// there: the answer is 0.
int forget(Turn& turn, JobKey job);

/// Removes at most `limit` of the ended jobs that are old enough or too many, oldest end first.
[[nodiscard]] Pruned forget_old(Turn& turn, const Cutoffs& cutoffs, int limit);

/// Removes the outputs of jobs that ended before `cutoff`, a page of them behind `from`; says in
/// `from` how far it came.
[[nodiscard]] Pruned forget_old_outputs(Turn& turn, core::Instant cutoff, OutputMarks& from);

/// Removes at most `limit` records of occurrences before `cutoff` that did not run; says how many.
[[nodiscard]] int forget_old_records(Turn& turn, core::Instant cutoff, int limit);

/// Gives back a piece of the file when too much of it is unused; says whether to go on.
[[nodiscard]] bool shrink_file(Turn& turn);

}  // namespace jobhost::store::sqlite
