#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "store/plan_store.hpp"
#include "upkeep/options.hpp"

namespace jobhost::upkeep {

/// Turns the occurrences of recurring jobs into children when their time has come. What one job
/// says harms no other: a job that cannot be planned is put off and told of.
class Planner {
public:
    /// The references must outlive this.
    Planner(const PlannerOptions& options,
            store::PlanStore& plans,
            const core::Calendars& calendars,
            base::Metrics& metrics,
            const base::Clock& clock);

    /// One turn: a page of what is due. Returns when it wants the next one.
    base::Steady step();

private:
    [[nodiscard]] bool went_back(base::Steady at, core::Instant now);
    [[nodiscard]] base::Result<base::Unit> rewind(core::Instant now);
    [[nodiscard]] store::Advance advance_of(const store::DuePlan& plan, core::Instant now);
    [[nodiscard]] core::Blackout blackout_of(const store::DuePlan& plan);
    void tell(std::span<const store::Advance> advances,
              std::span<const store::Advanced> advanced,
              core::Instant now);
    [[nodiscard]] base::Steady failed(const base::Error& error);

    /// What both clocks showed together.
    struct Reading {
        base::Steady steady;
        core::Instant wall;
    };

    const PlannerOptions options_;
    store::PlanStore& plans_;
    const core::Calendars& calendars_;
    const base::Clock& clock_;
    base::Counter& planned_;
    base::Counter& missed_;
    base::Counter& overlapped_;
    base::Counter& blacked_out_;
    base::Histogram& lag_;
    std::set<std::string, std::less<>> unknown_;  ///< calendars whose lack was told
    std::optional<Reading> last_;  ///< nothing: what was planned before is not known to be sound
};

}  // namespace jobhost::upkeep
