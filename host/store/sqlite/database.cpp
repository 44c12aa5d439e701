#include "store/sqlite/database.hpp"

#include <string>
#include <utility>

#include <sqlite3.h>

#include "base/guarded.hpp"
#include "base/log.hpp"
#include "store/sqlite/board.hpp"
#include "store/sqlite/claim_store.hpp"
#include "store/sqlite/job_store.hpp"
#include "store/sqlite/long_runs.hpp"
#include "store/sqlite/maintenance_store.hpp"
#include "store/sqlite/node_store.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/owner_lock.hpp"
#include "store/sqlite/plan_store.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/recovery.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

namespace {

/// What `open` has made ready before the first thread starts.
struct Foundation {
    OwnerLock lock;
    std::unique_ptr<Connection> writing;
    Recovered recovered;
};

/// The order of the members is the order of the start. The writer's thread ends first of all, its
/// connection last: the last one to close empties the write-ahead log into the database.
class SqliteDatabase final : public Database {
public:
    SqliteDatabase(Foundation foundation, const Options& options, const base::Clock& clock)
        : file_(options.file),
          lock_(std::move(foundation.lock)),
          epoch_(foundation.recovered.epoch),
          live_(std::move(foundation.recovered.live)),
          writer_({.file = options.file,
                   .call_timeout = options.call_timeout,
                   .last_key = foundation.recovered.last_key},
                  std::move(foundation.writing),
                  live_,
                  clock,
                  mark_long_runs(clock)),
          readers_(options.file, options.call_timeout),
          nodes_(writer_, live_, lock_, epoch_),
          jobs_(readers_, writer_, live_, foundation.recovered.lanes, epoch_, clock),
          plans_(readers_, writer_),
          claims_(options.file, readers_, writer_, live_, epoch_, clock, options.attempts_per_job),
          maintenance_(readers_, writer_) {}

    ~SqliteDatabase() override { writer_.stop(); }

    [[nodiscard]] JobStore& jobs() override { return jobs_; }
    [[nodiscard]] ClaimStore& claims() override { return claims_; }
    [[nodiscard]] PlanStore& plans() override { return plans_; }
    [[nodiscard]] NodeStore& nodes() override { return nodes_; }
    [[nodiscard]] MaintenanceStore& maintenance() override { return maintenance_; }

    base::Result<base::Unit> probe() override {
        return writer_.run([epoch = epoch_](Turn& turn) {
            turn.db.run(kProbe, epoch, turn.now);
            return base::Unit{};
        });
    }

    base::Result<base::Unit> fulfil_intents() {
        return writer_.run([](Turn& turn) {
            fulfil_orphaned_intents(turn);
            return base::Unit{};
        });
    }

    [[nodiscard]] std::string description() const override {
        return "sqlite " + file_.native() + ", schema " + std::to_string(newest_schema()) +
               ", SQLite " + sqlite3_libversion();
    }

private:
    const std::filesystem::path file_;
    OwnerLock lock_;
    const Epoch epoch_;
    base::Guarded<Live> live_;
    Writer writer_;
    Readers readers_;
    SqliteNodeStore nodes_;
    SqliteJobStore jobs_;
    SqlitePlanStore plans_;
    SqliteClaimStore claims_;
    SqliteMaintenanceStore maintenance_;
};

base::Result<base::Unit> check_directory(const std::filesystem::path& file) {
    const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored)) {
        return base::Error{base::ErrorKind::NotFound, "directory_missing",
                           "the directory of the database does not exist: " + directory.native()};
    }
    if (std::filesystem::is_directory(file, ignored)) {
        return base::Error{base::ErrorKind::Invalid, "not_a_file",
                           "this is a directory, not a database file: " + file.native()};
    }
    if (is_on_network(directory)) {
        base::log(base::LogLevel::Warn, "sqlite",
                  "the database lies on a network file system, where locks cannot be relied on",
                  {{"file", file.native()}});
    }
    return base::done();
}

base::Result<std::string> read_identity(Connection& connection) {
    std::string identity;
    {
        auto row = connection.query(kIdentity);
        identity = row.next() ? row.column<std::string>(0) : std::string();
    }
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return identity;
}

base::Result<Foundation> lay_foundation(const std::filesystem::path& file, core::Instant now) {
    auto lock = OwnerLock::take(file);
    if (!lock) {
        return std::move(lock).error();
    }
    if (auto checked = check_file(file); !checked) {
        return std::move(checked).error();
    }
    auto writing = open_writing(file, Access::Create);
    if (!writing) {
        return std::move(writing).error();
    }
    if (auto migrated = migrate(**writing); !migrated) {
        return std::move(migrated).error();
    }
    const auto identity = read_identity(**writing);
    if (!identity) {
        return identity.error();
    }
    auto board = Board::open(file, *identity);
    if (!board) {
        return std::move(board).error();
    }
    auto recovered = recover(**writing, *std::move(board), now);
    if (!recovered) {
        return std::move(recovered).error();
    }
    return Foundation{*std::move(lock), *std::move(writing), *std::move(recovered)};
}

}  // namespace

base::Result<std::unique_ptr<Database>> open(const Options& options, const base::Clock& clock) {
    if (auto directory = check_directory(options.file); !directory) {
        return std::move(directory).error();
    }
    auto foundation = lay_foundation(options.file, clock.now());
    if (!foundation) {
        return std::move(foundation).error();
    }
    auto database = std::make_unique<SqliteDatabase>(*std::move(foundation), options, clock);
    if (auto fulfilled = database->fulfil_intents(); !fulfilled) {
        return std::move(fulfilled).error();
    }
    return std::unique_ptr<Database>(std::move(database));
}

}  // namespace jobhost::store::sqlite
