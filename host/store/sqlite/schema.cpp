#include "store/sqlite/schema.hpp"

#include <cstdint>
#include <string_view>
#include <system_error>

#include <sqlite3.h>

#include "store/sqlite/migrations_text.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr int kApplication = 0x4a484f53;  // "JHOS", in the head of the file

/// Up to this size the whole file is checked at each start; larger ones would delay it by seconds.
constexpr std::uintmax_t kQuickCheckBytes = 64 << 20;

template <typename T>
T one_value(Connection& connection, const Query& query) {
    auto row = connection.query(query);
    return row.next() ? row.column<T>(0) : T{};
}

base::Error foreign(const std::filesystem::path& file) {
    return {
        base::ErrorKind::Invalid, "foreign_file",
        "this database belongs to another application; it was left untouched: " + file.native()};
}

base::Error newer(const std::filesystem::path& file, int version) {
    return {base::ErrorKind::Invalid, "newer_schema",
            "the database has schema " + std::to_string(version) + ", this program knows schema " +
                std::to_string(newest_schema()) + "; use a newer jobhost: " + file.native()};
}

base::Error damaged(const std::filesystem::path& file, const std::string& finding) {
    return {base::ErrorKind::Unavailable, "store_corrupt",
            "the database is damaged (" + finding +
                "); it was left untouched, restore a backup: " + file.native()};
}

base::Result<base::Unit> check_owner(Connection& connection, const std::filesystem::path& file) {
    const int application = one_value<int>(connection, kApplicationId);
    const int version = one_value<int>(connection, kSchemaVersion);
    const int tables = one_value<int>(connection, kTableCount);
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    const bool untouched = application == 0 && version == 0 && tables == 0;
    if (application != kApplication && !untouched) {
        return foreign(file);
    }
    if (version > newest_schema()) {
        return newer(file, version);
    }
    return base::done();
}

base::Result<base::Unit> check_pages(Connection& connection, const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::file_size(file, ignored) > kQuickCheckBytes) {
        return base::done();
    }
    const auto finding = one_value<std::string>(connection, kQuickCheck);
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return finding == "ok" ? base::done() : damaged(file, finding);
}

void apply(Connection& connection, std::string_view text, int version) {
    connection.run(kBeginImmediate);
    connection.script(std::string(text));
    connection.script("PRAGMA application_id = " + std::to_string(kApplication) +
                      "; PRAGMA user_version = " + std::to_string(version));
    connection.run(kCommit);
}

}  // namespace

base::Result<std::unique_ptr<Connection>> open_writing(const std::filesystem::path& file,
                                                       Access access) {
    auto opened = Connection::open(file, access, kBusyWait);
    if (!opened) {
        return opened;
    }
    Connection& connection = **opened;
    connection.script(kWriterConnection.text);
    const auto mode = one_value<std::string>(connection, kJournalMode);
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    if (mode != "wal") {
        return base::Error{base::ErrorKind::Unavailable, "no_wal",
                           "the file system cannot hold a write-ahead log beside " + file.native()};
    }
    return opened;
}

base::Result<base::Unit> check_file(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored) || std::filesystem::is_empty(file, ignored)) {
        return base::done();
    }
    auto connection = Connection::open(file, Access::Write, kBusyWait);
    if (!connection) {
        return std::move(connection).error();
    }
    // Looking must not write, not even what a crash left in the log.
    sqlite3_db_config((*connection)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                      static_cast<int*>(nullptr));
    if (auto owner = check_owner(**connection, file); !owner) {
        return owner;
    }
    return check_pages(**connection, file);
}

base::Result<base::Unit> migrate(Connection& connection) {
    for (int version = one_value<int>(connection, kSchemaVersion); version < newest_schema();) {
        const auto& [name, text] = kMigrations[static_cast<std::size_t>(version)];
        apply(connection, text, ++version);
        if (auto failure = connection.take_failure()) {
            if (connection.in_transaction()) {
                connection.run(kRollback);
            }
            failure->message += " (migration " + std::string(name) + ")";
            return *std::move(failure);
        }
    }
    if (auto failure = connection.take_failure()) {
        return *std::move(failure);
    }
    return base::done();
}

int newest_schema() { return static_cast<int>(kMigrations.size()); }

}  // namespace jobhost::store::sqlite
