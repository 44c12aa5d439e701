#include "events/publishing_store.hpp"

namespace jobhost::events {

using core::JobEvent;
using core::Status;

PublishingJobStore::PublishingJobStore(store::JobStore& inner, Bus& bus, const base::Clock& clock)
    : inner_(inner), bus_(bus), clock_(clock) {}

base::Result<std::vector<store::Enqueued>> PublishingJobStore::enqueue(
    std::span<const core::JobSpec> specs) {
    auto enqueued = inner_.enqueue(specs);
    if (!enqueued) {
        return enqueued;
    }
    const auto now = clock_.now();
    for (std::size_t at = 0; at < enqueued->size(); ++at) {
        const auto& job = (*enqueued)[at];
        if (!job.refused) {
            bus_.publish(
                {.what = specs[at].recurrence ? JobEvent::What::Armed : JobEvent::What::Enqueued,
                 .job = job.id,
                 .type = specs[at].type,
                 .status = Status::Queuing,
                 .at = now});
        }
    }
    return enqueued;
}

base::Result<std::vector<store::CancelVerdict>> PublishingJobStore::cancel(
    std::span<const core::JobId> ids) {
    auto verdicts = inner_.cancel(ids);
    if (!verdicts) {
        return verdicts;
    }
    const auto now = clock_.now();
    for (std::size_t at = 0; at < verdicts->size(); ++at) {
        const auto& verdict = (*verdicts)[at];
        if (!verdict.accepted) {
            continue;
        }
        const bool runs = verdict.status == Status::Running;
        bus_.publish({.what = JobEvent::What::CancelRequested,
                      .job = ids[at],
                      .type = {},
                      .status = runs ? Status::Running : Status::Stopped,
                      .at = now});
    }
    return verdicts;
}

base::Result<std::vector<store::Job>> PublishingJobStore::find(std::span<const core::JobId> ids) {
    return inner_.find(ids);
}

base::Result<store::JobPage> PublishingJobStore::list(const store::JobQuery& query) {
    return inner_.list(query);
}

base::Result<store::JobCount> PublishingJobStore::count(const store::JobQuery& query,
                                                        std::int64_t cap) {
    return inner_.count(query, cap);
}

base::Result<std::vector<store::AttemptRow>> PublishingJobStore::attempts(core::JobId id,
                                                                          int after,
                                                                          int limit) {
    return inner_.attempts(id, after, limit);
}

base::Result<store::AttemptOutput> PublishingJobStore::output(core::JobId id, int number) {
    return inner_.output(id, number);
}

base::Result<std::map<core::Status, std::int64_t>> PublishingJobStore::counts() {
    return inner_.counts();
}

}  // namespace jobhost::events
