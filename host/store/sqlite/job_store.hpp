#pragma once

#include <functional>
#include <span>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/attempts.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

class SqliteJobStore final : public JobStore {
public:
    /// `lanes` are those in the database. What is passed by reference must outlive this, and the
    /// writer must end before it.
    SqliteJobStore(Readers& readers,
                   Writer& writer,
                   base::Guarded<Live>& live,
                   const std::vector<Lane>& lanes,
                   Epoch epoch,
                   const base::Clock& clock);

    base::Result<std::vector<Enqueued>> enqueue(std::span<const core::JobSpec> specs) override;
    base::Result<std::vector<Job>> find(std::span<const core::JobId> ids) override;
    base::Result<JobPage> list(const JobQuery& query) override;
    base::Result<JobCount> count(const JobQuery& query, std::int64_t cap) override;
    base::Result<std::vector<AttemptRow>> attempts(core::JobId id, int after, int limit) override;
    base::Result<AttemptOutput> output(core::JobId id, int number) override;
    base::Result<core::WhyFacts> why(core::JobId id, core::Instant until, int limit) override;
    base::Result<std::vector<Verdict>> apply(core::Operation operation,
                                             std::span<const core::JobId> ids,
                                             const OperationOptions& options) override;
    base::Result<Verdict> update(core::JobId id,
                                 const core::JobSpec& spec,
                                 const OperationOptions& options) override;
    base::Result<std::map<core::Status, std::int64_t>> counts() override;

private:
    /// One consistent look at memory and database: what runs is noted first, either all of it or
    /// that of a few jobs.
    template <typename Function>
    auto look(Function at) -> std::invoke_result_t<Function&, Connection&, const Running&>;
    template <typename Function>
    auto look(std::span<const core::JobId> ids, Function at)
        -> std::invoke_result_t<Function&, Connection&, const Running&>;
    template <typename Note, typename Function>
    auto look_after(Note note, Function at)
        -> std::invoke_result_t<Function&, Connection&, const Running&>;

    Readers& readers_;
    Writer& writer_;
    base::Guarded<Live>& live_;
    const Epoch epoch_;
    const base::Clock& clock_;
    LaneBook book_;  ///< touched by the writer's thread alone
};

}  // namespace jobhost::store::sqlite
