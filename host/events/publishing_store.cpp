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
        if (!job.refused && job.is_new) {
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

base::Result<std::vector<store::Verdict>> PublishingJobStore::apply(
    core::Operation operation,
    std::span<const core::JobId> ids,
    const store::OperationOptions& options) {
    auto verdicts = inner_.apply(operation, ids, options);
    if (!verdicts) {
        return verdicts;
    }
    for (std::size_t at = 0; at < verdicts->size(); ++at) {
        announce(ids[at], (*verdicts)[at]);
    }
    return verdicts;
}

base::Result<store::Verdict> PublishingJobStore::update(core::JobId id,
                                                        const core::JobSpec& spec,
                                                        const store::OperationOptions& options) {
    auto verdict = inner_.update(id, spec, options);
    if (verdict) {
        announce(id, *verdict);
    }
    return verdict;
}

void PublishingJobStore::announce(core::JobId job, const store::Verdict& verdict) {
    if (!verdict.accepted()) {
        return;
    }
    const auto now = clock_.now();
    if (verdict.made) {
        bus_.publish({.what = JobEvent::What::Enqueued,
                      .job = *verdict.made,
                      .type = {},
                      .status = Status::Queuing,
                      .at = now});
    } else {
        bus_.publish({.what = JobEvent::What::Operated,
                      .job = job,
                      .type = {},
                      .status = verdict.now.value_or(Status::None),
                      .at = now});
    }
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

base::Result<core::WhyFacts> PublishingJobStore::why(core::JobId id,
                                                     core::Instant until,
                                                     int limit) {
    return inner_.why(id, until, limit);
}

base::Result<std::map<core::Status, std::int64_t>> PublishingJobStore::counts() {
    return inner_.counts();
}

}  // namespace jobhost::events
