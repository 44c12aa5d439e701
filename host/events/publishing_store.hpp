#pragma once

#include "events/bus.hpp"
#include "store/claim_store.hpp"
#include "store/job_store.hpp"

namespace jobhost::events {

/// A job store that announces what was committed: enqueued jobs and accepted operations.
class PublishingJobStore final : public store::JobStore {
public:
    /// Both must outlive this.
    PublishingJobStore(store::JobStore& inner, Bus& bus, const base::Clock& clock);

    base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) override;
    base::Result<std::vector<store::Job>> find(std::span<const core::JobId> ids) override;
    base::Result<store::JobPage> list(const store::JobQuery& query) override;
    base::Result<store::JobCount> count(const store::JobQuery& query, std::int64_t cap) override;
    base::Result<std::vector<store::AttemptRow>> attempts(core::JobId id,
                                                          int after,
                                                          int limit) override;
    base::Result<store::AttemptOutput> output(core::JobId id, int number) override;
    base::Result<core::WhyFacts> why(core::JobId id, core::Instant until, int limit) override;
    base::Result<std::vector<store::Verdict>> apply(
        core::Operation operation,
        std::span<const core::JobId> ids,
        const store::OperationOptions& options) override;
    base::Result<store::Verdict> update(core::JobId id,
                                        const core::JobSpec& spec,
                                        const store::OperationOptions& options) override;
    base::Result<std::map<core::Status, std::int64_t>> counts() override;

private:
    void announce(core::JobId job, const store::Verdict& verdict);

    store::JobStore& inner_;
    Bus& bus_;
    const base::Clock& clock_;
};

}  // namespace jobhost::events
