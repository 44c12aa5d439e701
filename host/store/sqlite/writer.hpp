#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/file_identity.hpp"
#include "store/sqlite/live.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// The one connection that writes, and its thread. It takes every operation that waits into one
/// transaction (group commit), each in a savepoint of its own so that a failing one goes alone, and
/// answers when the commit is on the disk. It also makes all checkpoints, after the answers: SQLite
/// before 3.51.3 can damage a WAL database when one connection checkpoints while another commits.
class Writer {
public:
    using Work = std::function<void(Turn&)>;

    struct Options {
        std::filesystem::path file;
        base::Duration call_timeout;
        std::int64_t last_key = 0;  ///< given to a job so far
    };

    /// `chore` is work that nobody waits for: `next` says when it is due, and is asked before and
    /// after each transaction.
    struct Chore {
        std::function<std::optional<base::Steady>(Live&)> next;
        Work work;
    };

    /// What is passed by reference must outlive the writer.
    Writer(Options options,
           std::unique_ptr<Connection> connection,
           base::Guarded<Live>& live,
           const base::Clock& clock,
           Chore chore);
    ~Writer() { stop(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Does `work` in a transaction and gives what it returned, once that is durable. `work` must
    /// own what it uses: after a time-out it may still run. `Timeout` says whether that is so. [any
    /// thread but the writer's]
    template <typename Function>
    auto run(Function work) -> base::Result<std::invoke_result_t<Function&, Turn&>> {
        using Value = std::invoke_result_t<Function&, Turn&>;
        // Shared with the writer, which may come to it after the caller gave up.
        auto value = std::make_shared<std::optional<Value>>();
        auto failure =
            wait_for([value, work = std::move(work)](Turn& turn) mutable { *value = work(turn); });
        if (failure) {
            return *std::move(failure);
        }
        return **std::move(value);
    }

    /// Ends the thread after the transaction it is at; what waits and what comes later fails with
    /// `Unavailable`.
    void stop();

    /// The chore may be due earlier than it was. [any thread]
    void look_again();

private:
    struct Operation;
    using Batch = std::vector<std::shared_ptr<Operation>>;

    std::optional<base::Error> wait_for(Work work);
    std::optional<base::Error> withdraw(const std::shared_ptr<Operation>& operation);

    void loop(std::stop_token stop);
    bool wait_for_work(std::stop_token stop);
    std::optional<base::Steady> chore_due();
    void take_turn();
    void cannot_begin(const base::Error& failure);
    std::optional<base::Error> begin();
    std::optional<base::Error> reopen();
    Batch take_waiting();
    void add_chore(Batch& batch);
    void perform(const Batch& batch);
    void perform(Operation& operation);
    void roll_back(Operation& operation);
    std::optional<base::Error> commit(const Batch& batch);
    void write_counters(const Batch& batch);
    void note_completed(const Batch& batch);
    void finish(const Batch& batch, const std::optional<base::Error>& failure);
    void checkpoint();

    const Options options_;
    const FileIdentity identity_;
    std::unique_ptr<Connection> connection_;
    base::Guarded<Live>& live_;
    const base::Clock& clock_;
    const Chore chore_;
    std::optional<base::Steady> chore_not_before_;  ///< after a failure
    std::int64_t last_key_;
    std::int64_t stored_key_;
    int wal_pages_ = 0;  ///< as of the last commit
    int wal_pages_before_ = 0;
    int checkpoint_at_;

    std::mutex mutex_;
    std::condition_variable_any filled_;
    std::deque<std::shared_ptr<Operation>> waiting_;
    bool look_ = false;
    bool stopped_ = false;
    bool busy_ = false;  ///< another program holds the write lock

    std::jthread thread_;
};

}  // namespace jobhost::store::sqlite
