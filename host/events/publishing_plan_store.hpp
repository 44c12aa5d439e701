#pragma once

#include <vector>

#include "events/bus.hpp"
#include "store/plan_store.hpp"

namespace jobhost::events {

/// A plan store that announces the children that were committed.
class PublishingPlanStore final : public store::PlanStore {
public:
    /// Both must outlive this.
    PublishingPlanStore(store::PlanStore& inner, Bus& bus, const base::Clock& clock)
        : inner_(inner), bus_(bus), clock_(clock) {}

    base::Result<store::DuePlans> due(core::Instant now, int limit) override;
    base::Result<std::vector<store::Advanced>> advance(
        std::span<const store::Advance> advances) override;
    base::Result<store::Backfilled> backfill(const store::BackfillOrder& order) override;
    base::Result<int> rewind(core::Instant now) override;
    base::Result<std::vector<store::NotRunRow>> not_run(core::JobId id,
                                                        core::Instant before,
                                                        int limit) override;

private:
    void announce(const std::vector<store::Child>& children);

    store::PlanStore& inner_;
    Bus& bus_;
    const base::Clock& clock_;
};

}  // namespace jobhost::events
