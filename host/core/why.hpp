#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "core/calendars.hpp"
#include "core/job.hpp"
#include "core/planning.hpp"
#include "core/recurrence.hpp"
#include "core/state.hpp"

/// Why a job runs, or does not. The store collects the facts in one look, those that a claim goes
/// by; here they are judged, one term after the other.
namespace jobhost::core {

/// A node that is there, as a claim sees it.
struct NodeFacts {
    std::string name = {};
    bool has_type = false;  ///< it publishes the job's type
    LabelMap labels = {};
};

/// Who holds a job.
struct HolderFacts {
    NodeId node;
    std::string node_name = {};
    Token token;
    int attempt = 1;
    std::optional<Instant> started_at = {};  ///< nothing: it has not begun
    bool is_dead = false;                    ///< the node is gone, its claim not yet settled
    Want want = Want::Nothing;               ///< that it ends
};

/// How many jobs of a type one host takes at once. Only the host itself knows.
struct Places {
    int all = 0;
    int taken = 0;
    bool is_draining = false;  ///< it stops or is on standby, and takes no job
};

inline constexpr int kMostCountedBefore = 1'000;

/// Where a child comes from.
struct OriginFacts {
    JobId parent;
    std::optional<Instant> nominal_at = {};  ///< nothing: it was triggered by hand
    Duration late_by{0};                     ///< it was made so much later than planned
};

/// A job that can be claimed.
struct JobFacts {
    Instant now;  ///< by the store's clock
    std::string type = {};
    Status status = Status::Queuing;
    std::string reason = {};            ///< why it is stopped
    bool abandoned = false;             ///< it gave up
    std::optional<Instant> since = {};  ///< that it is paused, stopped or completed
    bool enabled = true;
    bool in_queue = false;  ///< its time had come: a claim asks the clock no more
    std::optional<Instant> due = {};
    std::optional<Instant> end_time = {};  ///< no attempt begins after it
    int tries = 0;                         ///< failed ones in a row
    int max_tries = kDefaultMaxTries;
    int attempts = 0;
    bool gated = false;                ///< it waits until other children of its parent are over
    std::vector<JobId> in_front = {};  ///< the first of those, when it is gated
    LabelMap labels = {};              ///< that its node must carry, its name among them
    std::vector<NodeFacts> nodes = {};
    std::optional<HolderFacts> holder = {};
    std::optional<Places> places = {};  ///< nothing: not known
    /// Jobs of the same type and labels in the queue that come first, up to `kMostCountedBefore`.
    int before = 0;
    std::optional<OriginFacts> origin = {};
};

/// The job of an occurrence.
struct ChildFacts {
    JobId id;
    Instant nominal;
    Status status = Status::Queuing;
    std::string reason = {};
    int attempts = 0;    ///< begun so far
    bool gated = false;  ///< it waits until the others are over
};

/// A recurring job.
struct PlanFacts {
    Instant now;  ///< by the store's clock
    Status status = Status::Queuing;
    std::string reason = {};
    bool abandoned = false;
    Instant since = {};  ///< when it came to its status
    bool enabled = true;
    std::optional<Instant> next_due = {};
    PlanPoint point = {};
    Recurrence recurrence = {};
    Instant begin = {};                     ///< its begin time, or that of its creation
    std::vector<ChildFacts> children = {};  ///< the latest that were asked for, newest first
    std::vector<Gap> gaps = {};             ///< what did not run of the same time, newest first
};

using WhyFacts = std::variant<JobFacts, PlanFacts>;

/// One condition. When all of them hold the job is taken by the next claim, a recurring one by the
/// next look of the planner.
struct Term {
    std::string_view name;
    bool pass = true;
    base::Json value = nullptr;  ///< what was compared
    std::string sentence = {};   ///< what is in the way; empty when nothing is
};

/// What became of one occurrence, or of several in a row.
struct OccurrenceFate {
    std::string_view verdict;
    std::string rule = {};  ///< the setting by which it did not run
    Instant first;
    Instant last;
    int count = 1;
    bool is_counted = true;  ///< false: there were more, and `last` is a bound
    std::optional<ChildFacts> child = {};
};

/// An answer. The verdicts are stable words; docs/http-api.md has them all.
struct Explanation {
    std::string_view verdict;
    std::string sentence = {};
    std::vector<Term> terms = {};  ///< all of them, also those after the first that fails
    std::vector<OccurrenceFate> occurrences = {};  ///< newest first
};

[[nodiscard]] Explanation explain(const JobFacts& job);
[[nodiscard]] Explanation explain(const PlanFacts& plan, const Blackout& blackout);

/// What became, or becomes, of the occurrence planned for `at`. The facts are those up to `at`:
/// the first child and the first gap are the latest that begin no later.
[[nodiscard]] Explanation explain_occurrence(const PlanFacts& plan,
                                             const Blackout& blackout,
                                             Instant at);

}  // namespace jobhost::core
