#include "store/sqlite/forgetting.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/sqlite/declarations.hpp"
#include "store/sqlite/history.hpp"
#include "store/sqlite/key_list.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// Jobs with a long history end a page early: others wait for the transaction.
constexpr int kMostRows = 5'000;

/// So many ended jobs are looked at for one page of outputs.
constexpr int kOutputPage = 2'000;

/// This much unused space is left for what comes next: a part of the file, and in pages.
constexpr std::int64_t kUnusedPart = 10;
constexpr std::int64_t kUnusedPages = 1'024;

std::int64_t one_number(Turn& turn, const Query& query) {
    auto row = turn.db.query(query);
    return row.next() ? row.column<std::int64_t>(0) : 0;
}

/// What one transaction completed.
struct Note {
    EndMark mark;
    std::string jobs;
};

std::optional<Note> note_in(Statement row) {
    if (!row.next()) {
        return std::nullopt;
    }
    return Note{{row.column<core::Instant>(1), row.column<std::int64_t>(0)},
                row.column<std::string>(2)};
}

std::vector<EndMark> stopped_in(Statement rows) {
    std::vector<EndMark> marks;
    while (rows.next()) {
        marks.push_back({rows.column<core::Instant>(1), rows.column<std::int64_t>(0)});
    }
    return marks;
}

/// Recurring jobs of which nothing is left, not even a child. One that was stopped is kept:
/// somebody may want it to go on.
std::vector<JobKey> completed_plans(Turn& turn, core::Instant before, int limit) {
    std::vector<JobKey> plans;
    auto rows = turn.db.query(kCompletedPlans, before, limit);
    while (rows.next()) {
        plans.push_back(rows.column<JobKey>(0));
    }
    return plans;
}

/// Removes jobs until a page is full.
class Page {
public:
    Page(Turn& turn, int limit, std::int64_t surplus)
        : turn_(turn), limit_(limit), surplus_(surplus) {}

    [[nodiscard]] bool is_full() const { return pruned_.jobs >= limit_ || rows_ >= kMostRows; }
    [[nodiscard]] core::Instant before(core::Instant cutoff) const {
        return pruned_.jobs < surplus_ ? core::Instant::max() : cutoff;
    }

    void take(JobKey job) {
        const int gone = forget(turn_, job);
        pruned_.jobs += gone > 0 ? 1 : 0;
        rows_ += gone;
    }

    /// What is left of the note is kept for the next page. While there are too many it goes on only
    /// as long as that is so, since what follows may be young.
    void take(const Note& note, core::Instant cutoff) {
        const auto jobs = keys_of_text(note.jobs);
        std::size_t taken = 0;
        while (taken < jobs.size() && !is_full() && note.mark.at < before(cutoff)) {
            take(jobs[taken++]);
        }
        if (taken == jobs.size()) {
            turn_.db.run(kDropNote, note.mark.id);
        } else {
            turn_.db.run(kKeepNote, note.mark.id, text_of_keys(std::span(jobs).subspan(taken)));
        }
    }

    [[nodiscard]] Pruned done() {
        pruned_.more = pruned_.jobs > 0;
        return pruned_;
    }

private:
    Turn& turn_;
    const int limit_;
    const std::int64_t surplus_;
    Pruned pruned_;
    int rows_ = 0;
};

bool has_children(Turn& turn, JobKey job) { return turn.db.query(kAnyChild, job).next(); }

std::optional<JobKey> parent_of(Turn& turn, JobKey job) {
    auto row = turn.db.query(kParent, job);
    return row.next() ? std::optional(row.column<JobKey>(0)) : std::nullopt;
}

int leave_place(Turn& turn, const Standing& standing) {
    const JobKey job = standing.luggage.job;
    if (standing.recurs) {
        return turn.db.run(kForgetPlan, job) + turn.db.run(kForgetGaps, job) +
               turn.db.run(kForgetMadeUp, job);
    }
    const bool completed = standing.status == core::Status::Completed;
    return turn.db.run(completed ? kUnfinish : kUnpark, job);
}

/// The last child of a job is gone. If it was passed over because of them, its note is gone, too.
void note_again(Turn& turn, JobKey parent) {
    const auto standing = standing_of(turn.db, parent);
    if (standing && !standing->recurs && standing->status == core::Status::Completed) {
        turn.completed(parent, *standing->ended_at);
    }
}

/// Outputs of some ended jobs; says how many jobs had some.
int forget_outputs(Turn& turn, std::span<const JobKey> jobs) {
    int outputs = 0;
    for (const JobKey job : jobs) {
        outputs += turn.db.run(kForgetOutputs, job) > 0 ? 1 : 0;
    }
    return outputs;
}

}  // namespace

int forget(Turn& turn, JobKey job) {
    const auto standing = standing_of(turn.db, job);
    if (!standing || standing->in_ready || !core::is_final(standing->status) ||
        has_children(turn, job) || is_declared(turn.db, job)) {
        return 0;
    }
    const auto parent = parent_of(turn, job);
    turn.count(standing->status, -1);
    int rows = leave_place(turn, *standing);
    rows += forget_attempts(turn, job);
    rows += turn.db.run(kForgetName, job);
    rows += turn.db.run(kForgetDeclaration, job);
    rows += turn.db.run(kForgetJob, job);
    if (parent && !has_children(turn, *parent)) {
        note_again(turn, *parent);
    }
    return rows;
}

Pruned forget_old(Turn& turn, const Cutoffs& cutoffs, int limit) {
    Page page(
        turn, limit,
        cutoffs.most_finished ? one_number(turn, kFinishedCount) - *cutoffs.most_finished : 0);
    // What stands in two places is not removed, and must not be met again.
    EndMark last_stopped;
    while (!page.is_full() && !turn.db.failure()) {
        const auto completed = note_in(turn.db.query(kFirstNote, page.before(cutoffs.completed)));
        const auto stopped = stopped_in(turn.db.query(
            kNextStopped, last_stopped.at, last_stopped.id, page.before(cutoffs.stopped), 1));
        if (completed && (stopped.empty() || completed->mark.at <= stopped.front().at)) {
            page.take(*completed, cutoffs.completed);
        } else if (!stopped.empty()) {
            last_stopped = stopped.front();
            page.take(JobKey{last_stopped.id});
        } else {
            break;
        }
    }
    for (const JobKey plan : completed_plans(turn, cutoffs.completed, page.is_full() ? 0 : limit)) {
        page.take(plan);
    }
    return page.done();
}

Pruned forget_old_outputs(Turn& turn, core::Instant cutoff, OutputMarks& from) {
    Pruned pruned;
    int looked_at = 0;
    while (looked_at < kOutputPage) {
        const auto note =
            note_in(turn.db.query(kNextNote, from.completed.at, from.completed.id, cutoff));
        if (!note) {
            break;
        }
        const auto jobs = keys_of_text(note->jobs);
        pruned.outputs += forget_outputs(turn, jobs);
        looked_at += static_cast<int>(jobs.size()) + 1;
        from.completed = note->mark;
    }
    for (const EndMark& mark : stopped_in(
             turn.db.query(kNextStopped, from.stopped.at, from.stopped.id, cutoff, kOutputPage))) {
        pruned.outputs += forget_outputs(turn, std::vector{JobKey{mark.id}});
        from.stopped = mark;
        ++looked_at;
    }
    pruned.more = looked_at >= kOutputPage;
    return pruned;
}

int forget_old_records(Turn& turn, core::Instant cutoff, int limit) {
    return turn.db.run(kForgetOldGaps, cutoff, limit);
}

bool shrink_file(Turn& turn) {
    const std::int64_t unused = one_number(turn, kUnusedPageCount);
    const std::int64_t all = one_number(turn, kPageCount);
    if (unused <= kUnusedPages || unused <= all / kUnusedPart) {
        return false;
    }
    turn.db.run(kShrink);
    return true;
}

}  // namespace jobhost::store::sqlite
