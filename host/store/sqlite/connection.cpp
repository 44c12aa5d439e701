#include "store/sqlite/connection.hpp"

#include <utility>

#include <sqlite3.h>

#include "base/assert.hpp"
#include "store/sqlite/error.hpp"
#include "store/sqlite/queries.hpp"

namespace jobhost::store::sqlite {

namespace {

/// How many steps of SQLite's machine run between two looks at the clock.
constexpr int kStepsPerLook = 10'000;

int flags(Access access) {
    constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (access) {
        case Access::Read:
            return kAlways | SQLITE_OPEN_READONLY;
        case Access::Write:
            return kAlways | SQLITE_OPEN_READWRITE;
        case Access::Create:
            return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }
    JOBHOST_ASSERT(false);
}

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file,
                                                           Access access,
                                                           base::Duration busy_wait) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &db, flags(access), nullptr);
    if (code != SQLITE_OK) {
        base::Error error = error_of(db, code, file.native());
        sqlite3_close_v2(db);
        return error;
    }
    sqlite3_busy_timeout(db, static_cast<int>(busy_wait.count()));
    std::unique_ptr<Connection> connection(new Connection(db, file.native()));
    if (access == Access::Read) {
        sqlite3_progress_handler(db, kStepsPerLook, past_deadline, connection.get());
    }
    connection->script(kEveryConnection.text);
    if (auto failure = connection->take_failure()) {
        return *std::move(failure);
    }
    return connection;
}

Connection::~Connection() {
    for (const auto& [text, statement] : prepared_) {
        sqlite3_finalize(statement);
    }
    sqlite3_close_v2(db_);
}

Statement Connection::prepare(const Query& query) {
    if (failure_) {
        return {*this, nullptr};
    }
    sqlite3_stmt*& statement = prepared_[query.text];
    if (statement == nullptr) {
        const int code =
            sqlite3_prepare_v3(db_, query.text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) {
            fail(code);
            return {*this, nullptr};
        }
    }
    JOBHOST_ASSERT(sqlite3_stmt_busy(statement) == 0);
    return {*this, statement};
}

int Connection::finish(Statement& statement) {
    while (statement.next()) {
    }
    return failure_ ? 0 : sqlite3_changes(db_);
}

void Connection::script(const std::string& text) {
    if (failure_) {
        return;
    }
    const int code = sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code);
    }
}

void Connection::refuse(base::Error error) {
    if (!failure_) {
        failure_ = std::move(error);
    }
}

std::optional<base::Error> Connection::take_failure() {
    return std::exchange(failure_, std::nullopt);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

void Connection::fail(int code) {
    if (!failure_) {
        failure_ = error_of(db_, code, file_);
        disk_failed_ = disk_failed_ || is_disk_failure(code);
    }
}

int Connection::past_deadline(void* self) {
    const auto& deadline = static_cast<const Connection*>(self)->deadline_;
    return deadline && std::chrono::steady_clock::now() > *deadline ? 1 : 0;
}

Snapshot::Snapshot(Connection& connection) : connection_(connection) { connection_.run(kBegin); }

// A failure that the caller has still to see must survive the end of the transaction.
Snapshot::~Snapshot() {
    if (connection_.in_transaction()) {
        sqlite3_exec(connection_.handle(), kRollback.text, nullptr, nullptr, nullptr);
    }
}

}  // namespace jobhost::store::sqlite
