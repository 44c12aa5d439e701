#include "events/publishing_plan_store.hpp"

namespace jobhost::events {

base::Result<std::vector<store::Advanced>> PublishingPlanStore::advance(
    std::span<const store::Advance> advances) {
    auto advanced = inner_.advance(advances);
    if (!advanced) {
        return advanced;
    }
    for (const store::Advanced& one : *advanced) {
        announce(one.children);
    }
    return advanced;
}

base::Result<store::Backfilled> PublishingPlanStore::backfill(const store::BackfillOrder& order) {
    auto backfilled = inner_.backfill(order);
    if (backfilled) {
        announce(backfilled->children);
    }
    return backfilled;
}

void PublishingPlanStore::announce(const std::vector<store::Child>& children) {
    const auto now = clock_.now();
    for (const store::Child& child : children) {
        bus_.publish({.what = core::JobEvent::What::Enqueued,
                      .job = child.id,
                      .type = child.type,
                      .status = core::Status::Queuing,
                      .at = now});
    }
}

base::Result<store::DuePlans> PublishingPlanStore::due(core::Instant now, int limit) {
    return inner_.due(now, limit);
}

base::Result<int> PublishingPlanStore::rewind(core::Instant now) { return inner_.rewind(now); }

base::Result<std::vector<store::NotRunRow>> PublishingPlanStore::not_run(core::JobId id,
                                                                         core::Instant before,
                                                                         int limit) {
    return inner_.not_run(id, before, limit);
}

}  // namespace jobhost::events
