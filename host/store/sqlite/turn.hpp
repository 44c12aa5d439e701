#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "core/state.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/keys.hpp"
#include "store/sqlite/live.hpp"

namespace jobhost::store::sqlite {

/// What one operation does in the writer's transaction, and what it leaves to be done in memory
/// when its fate is known. A failure of the connection fails the operation as a whole. [writer]
class Turn {
public:
    using Change = std::function<void(Live&)>;

    Turn(Connection& connection,
         base::Guarded<Live>& shared,
         core::Instant instant,
         std::int64_t& last_key)
        : db(connection), live(shared), now(instant), last_key_(last_key) {}

    Connection& db;
    base::Guarded<Live>& live;
    const core::Instant now;

    [[nodiscard]] JobKey new_key() { return {++last_key_}; }

    /// `by` jobs more stand in this status.
    void count(core::Status status, std::int64_t by) { counted_[status] += by; }

    /// A row of `ready` is written; claims see it after the commit.
    void add_ready(const ReadyKey& row) { ready_.push_back(row); }

    /// The job is completed: it is noted for the one who removes what ended long ago.
    void completed(JobKey job, core::Instant at) {
        completed_.push_back(job);
        completed_at_ = std::max(completed_at_, at);
    }

    /// Done once the commit has succeeded, together with the changes of all its other operations.
    void after_commit(Change change) { after_commit_.push_back(std::move(change)); }
    /// Done when this operation or its transaction has failed.
    void after_rollback(Change change) { after_rollback_.push_back(std::move(change)); }

    [[nodiscard]] const std::map<core::Status, std::int64_t>& counted() const { return counted_; }

    [[nodiscard]] const std::vector<JobKey>& completed() const { return completed_; }
    /// The latest of their ends.
    [[nodiscard]] core::Instant completed_at() const { return completed_at_; }

    void committed(Live& with) const {
        for (const auto& [status, by] : counted_) {
            with.count(status, by);
        }
        for (const Change& change : after_commit_) {
            change(with);
        }
        for (const ReadyKey& row : ready_) {
            with.add_ready(row);
        }
    }

    /// What was begun last is undone first.
    void rolled_back(Live& with) const {
        for (auto change = after_rollback_.rbegin(); change != after_rollback_.rend(); ++change) {
            (*change)(with);
        }
    }

private:
    std::int64_t& last_key_;
    std::map<core::Status, std::int64_t> counted_;
    std::vector<ReadyKey> ready_;
    std::vector<JobKey> completed_;
    core::Instant completed_at_ = core::Instant::min();
    std::vector<Change> after_commit_;
    std::vector<Change> after_rollback_;
};

}  // namespace jobhost::store::sqlite
