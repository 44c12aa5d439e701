#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include <sqlite3.h>

#include "base/log.hpp"
#include "base/thread.hpp"
#include "store/sqlite/error.hpp"
#include "store/sqlite/key_list.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/schema.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr int kCheckpointPages = 2'000;
/// From here on readers are waited for, so that the log can start anew.
constexpr int kHugeWalPages = 16 * kCheckpointPages;
constexpr base::Duration kChorePause = std::chrono::seconds(1);

base::Error stopping() {
    return {base::ErrorKind::Unavailable, "stopping", "the store is being closed"};
}

base::Error store_busy(base::Duration waited) {
    return {base::ErrorKind::Timeout, "store_busy",
            "another program has kept the database locked for " + base::format_duration(waited) +
                "; nothing was stored"};
}

base::Error not_reached(base::Duration waited) {
    return {base::ErrorKind::Timeout, "timeout",
            "the store did not come to this call within " + base::format_duration(waited) +
                "; nothing was stored"};
}

base::Error outcome_unknown(base::Duration waited) {
    return {base::ErrorKind::Timeout, "outcome_unknown",
            "the store did not answer within " + base::format_duration(waited) +
                "; whether this was stored is unknown"};
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

}  // namespace

struct Writer::Operation {
    Work work;
    bool is_chore = false;

    std::optional<Turn> turn;            ///< [writer] while it is being done
    std::optional<base::Error> failure;  ///< [writer] of this operation alone

    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::optional<base::Error> answer;
};

Writer::Writer(Options options,
               std::unique_ptr<Connection> connection,
               base::Guarded<Live>& live,
               const base::Clock& clock,
               Chore chore)
    : options_(std::move(options)),
      identity_(options_.file),
      connection_(std::move(connection)),
      live_(live),
      clock_(clock),
      chore_(std::move(chore)),
      last_key_(options_.last_key),
      stored_key_(options_.last_key),
      checkpoint_at_(kCheckpointPages) {
    sqlite3_wal_hook(connection_->handle(), remember_wal_pages, &wal_pages_);
    // An exception in the loop, most likely for want of memory, leaves memory and database apart:
    // the process ends, and the next one puts that right.
    thread_ = std::jthread(
        [this](const std::stop_token& stop) { base::run_thread("sqlite", [&] { loop(stop); }); });
}

void Writer::stop() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

// The caller's side.

std::optional<base::Error> Writer::wait_for(Work work) {
    auto operation = std::make_shared<Operation>();  // the writer may hold it longer than we wait
    operation->work = std::move(work);
    {
        const std::scoped_lock lock(mutex_);
        if (stopped_) {
            return stopping();
        }
        waiting_.push_back(operation);
    }
    filled_.notify_one();
    std::unique_lock lock(operation->mutex);
    const auto done = [&] { return operation->done; };
    if (!operation->changed.wait_for(lock, options_.call_timeout, done)) {
        lock.unlock();
        if (auto withdrawn = withdraw(operation)) {
            return withdrawn;
        }
        lock.lock();
        if (!done()) {
            return outcome_unknown(options_.call_timeout);
        }
    }
    return std::move(operation->answer);
}

/// The reason for giving up, when the writer had not come to it yet.
std::optional<base::Error> Writer::withdraw(const std::shared_ptr<Operation>& operation) {
    const std::scoped_lock lock(mutex_);
    if (std::erase(waiting_, operation) == 0) {
        return std::nullopt;
    }
    return busy_ ? store_busy(options_.call_timeout) : not_reached(options_.call_timeout);
}

void Writer::look_again() {
    {
        const std::scoped_lock lock(mutex_);
        look_ = true;
    }
    filled_.notify_one();
}

// The writer's side.

void Writer::loop(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (wait_for_work(stop)) {
            take_turn();
        }
    }
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    finish(take_waiting(), stopping());
}

bool Writer::wait_for_work(std::stop_token stop) {
    const auto due = chore_due();
    std::unique_lock lock(mutex_);
    const auto something = [this] { return look_ || !waiting_.empty(); };
    if (due) {
        // The clock may be a test's: only the length of the wait is taken from it.
        filled_.wait_for(lock, stop, *due - clock_.steady(), something);
    } else {
        filled_.wait(lock, stop, something);
    }
    look_ = false;
    return !waiting_.empty() || (due && *due <= clock_.steady());
}

std::optional<base::Steady> Writer::chore_due() {
    const auto due = live_.with(chore_.next);
    return due && chore_not_before_ ? std::max(*due, *chore_not_before_) : due;
}

void Writer::take_turn() {
    if (const auto failure = begin()) {
        cannot_begin(*failure);
        return;
    }
    Batch batch = take_waiting();
    add_chore(batch);
    perform(batch);
    finish(batch, commit(batch));
    checkpoint();
}

void Writer::cannot_begin(const base::Error& failure) {
    chore_not_before_ = clock_.steady() + kChorePause;
    // While another program writes, calls wait for their own time-outs.
    if (failure.code != "store_busy") {
        finish(take_waiting(), failure);
        return;
    }
    const std::scoped_lock lock(mutex_);
    busy_ = true;
}

std::optional<base::Error> Writer::begin() {
    if (auto changed = identity_.changed()) {
        return changed;
    }
    if (connection_ == nullptr || connection_->disk_failed()) {
        if (auto failure = reopen()) {
            return failure;
        }
    }
    connection_->run(kBeginImmediate);
    return connection_->take_failure();
}

// After a failed write or sync nobody knows what the page cache of this connection is worth.
std::optional<base::Error> Writer::reopen() {
    connection_.reset();
    auto opened = open_writing(options_.file, Access::Write);
    if (!opened) {
        return std::move(opened).error();
    }
    connection_ = *std::move(opened);
    sqlite3_wal_hook(connection_->handle(), remember_wal_pages, &wal_pages_);
    return std::nullopt;
}

Writer::Batch Writer::take_waiting() {
    const std::scoped_lock lock(mutex_);
    busy_ = false;
    Batch batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    return batch;
}

void Writer::add_chore(Batch& batch) {
    const auto due = chore_due();
    if (due && *due <= clock_.steady()) {
        auto operation = std::make_shared<Operation>();
        operation->work = chore_.work;
        operation->is_chore = true;
        batch.push_back(std::move(operation));
    }
}

void Writer::perform(const Batch& batch) {
    const core::Instant now = clock_.now();
    for (const auto& operation : batch) {
        operation->turn.emplace(*connection_, live_, now, last_key_);
        if (connection_->in_transaction()) {
            perform(*operation);
        }
    }
}

void Writer::perform(Operation& operation) {
    connection_->run(kSavepoint);
    operation.work(*operation.turn);
    if (connection_->failure()) {
        roll_back(operation);
    }
    if (connection_->in_transaction()) {
        connection_->run(kRelease);
    }
}

void Writer::roll_back(Operation& operation) {
    operation.failure = connection_->take_failure();
    if (connection_->in_transaction()) {
        connection_->run(kRollbackTo);
    }
    live_.with([&](Live& live) { operation.turn->rolled_back(live); });
}

/// Nothing when everything is on the disk; operations that failed alone are not in it.
std::optional<base::Error> Writer::commit(const Batch& batch) {
    if (!connection_->in_transaction()) {
        const auto first = std::ranges::find_if(
            batch, [](const auto& operation) { return operation->failure.has_value(); });
        return first != batch.end() ? (*first)->failure : connection_->take_failure();
    }
    write_counters(batch);
    note_completed(batch);
    connection_->run(kCommit);
    auto failure = connection_->take_failure();
    if (connection_->in_transaction()) {
        connection_->run(kRollback);
        static_cast<void>(connection_->take_failure());
    }
    return failure;
}

void Writer::write_counters(const Batch& batch) {
    std::map<core::Status, std::int64_t> sums;
    for (const auto& operation : batch) {
        if (!operation->failure) {
            for (const auto& [status, by] : operation->turn->counted()) {
                sums[status] += by;
            }
        }
    }
    for (const auto& [status, by] : sums) {
        if (by != 0) {
            connection_->run(kAddToCounter, core::name(status), by);
        }
    }
    if (last_key_ != stored_key_) {
        connection_->run(kSetCounter, "last_key", last_key_);
    }
}

void Writer::note_completed(const Batch& batch) {
    std::vector<JobKey> jobs;
    core::Instant at = core::Instant::min();
    for (const auto& operation : batch) {
        if (!operation->failure) {
            std::ranges::copy(operation->turn->completed(), std::back_inserter(jobs));
            at = std::max(at, operation->turn->completed_at());
        }
    }
    if (!jobs.empty()) {
        connection_->run(kNoteEnded, at, text_of_keys(jobs));
    }
}

void Writer::finish(const Batch& batch, const std::optional<base::Error>& failure) {
    if (!failure) {
        stored_key_ = last_key_;
    }
    live_.with([&](Live& live) {
        for (const auto& operation : batch) {
            if (operation->failure || !operation->turn) {
                continue;
            }
            if (failure) {
                operation->turn->rolled_back(live);
            } else {
                operation->turn->committed(live);
            }
        }
    });
    for (const auto& operation : batch) {
        const auto& answer = operation->failure ? operation->failure : failure;
        if (operation->is_chore && answer) {
            chore_not_before_ = clock_.steady() + kChorePause;
        }
        {
            const std::scoped_lock lock(operation->mutex);
            operation->answer = answer;
            operation->done = true;
        }
        operation->changed.notify_one();
    }
}

void Writer::checkpoint() {
    if (wal_pages_ < wal_pages_before_) {
        checkpoint_at_ = kCheckpointPages;  // the log began anew
    }
    wal_pages_before_ = wal_pages_;
    if (wal_pages_ < checkpoint_at_) {
        return;
    }
    checkpoint_at_ = wal_pages_ + kCheckpointPages;
    const int mode =
        wal_pages_ < kHugeWalPages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
    const int code =
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, nullptr, nullptr);
    if (code == SQLITE_OK) {
        return;
    }
    if (code == SQLITE_BUSY) {
        base::log(base::LogLevel::Warn, "sqlite",
                  "the write-ahead log cannot be emptied while another program reads the database",
                  {{"file", options_.file.native()}, {"pages", std::to_string(wal_pages_)}});
        return;
    }
    base::log(base::LogLevel::Error, "sqlite",
              "the write-ahead log could not be copied into the database; it goes on growing",
              {{"file", options_.file.native()},
               {"error", error_of(connection_->handle(), code, options_.file.native()).message}});
    if (is_disk_failure(code)) {
        connection_.reset();
    }
}

}  // namespace jobhost::store::sqlite
