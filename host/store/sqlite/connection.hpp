#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/sqlite/statement.hpp"

struct sqlite3;

namespace jobhost::store::sqlite {

/// The text of one statement. Its address is its name in a connection's cache of prepared
/// statements, so it can only be made of a literal.
struct Query {
    consteval explicit Query(const char* literal) : text(literal) {}

    const char* text;
};

enum class Access {
    Read,    ///< an existing file, never written to by this connection
    Write,   ///< an existing file
    Create,  ///< made when it is not there
};

/// One connection, used by one thread at a time.
///
/// The first failure stays, like that of a stream: every later statement is skipped until
/// `take_failure`. So what belongs together is written as straight lines and checked once, and
/// nothing runs outside of the transaction that a failure has rolled back.
class Connection {
public:
    /// `busy_wait`: how long a statement waits for the lock of another program.
    [[nodiscard]] static base::Result<std::unique_ptr<Connection>>
    open(const std::filesystem::path& file, Access access, base::Duration busy_wait);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// A bound statement, ready for `next`. One use of a query at a time.
    template <typename... Values>
    [[nodiscard]] Statement query(const Query& query, const Values&... values) {
        Statement statement = prepare(query);
        statement.bind(values...);
        return statement;
    }

    /// Runs a statement to its end; says how many rows it changed.
    template <typename... Values>
    int run(const Query& text, const Values&... values) {
        Statement statement = query(text, values...);
        return finish(statement);
    }

    /// Runs a script of statements without parameters.
    void script(const std::string& text);

    [[nodiscard]] const std::optional<base::Error>& failure() const { return failure_; }
    /// Fails for a reason of ours.
    void refuse(base::Error error);
    /// The failure, after which the connection can be used again.
    [[nodiscard]] std::optional<base::Error> take_failure();
    /// The failure came from the disk: this connection should not be used again.
    [[nodiscard]] bool disk_failed() const { return disk_failed_; }
    [[nodiscard]] bool in_transaction() const;

    /// From here on reading fails with `Timeout` once `deadline` has passed.
    void set_deadline(base::Steady deadline) { deadline_ = deadline; }

    [[nodiscard]] sqlite3* handle() const { return db_; }

private:
    friend class Statement;

    Connection(sqlite3* db, std::string file) : db_(db), file_(std::move(file)) {}
    [[nodiscard]] Statement prepare(const Query& query);
    int finish(Statement& statement);
    void fail(int code);
    static int past_deadline(void* self);

    sqlite3* db_;
    std::string file_;
    std::unordered_map<const char*, sqlite3_stmt*> prepared_;
    std::optional<base::Error> failure_;
    std::optional<base::Steady> deadline_;
    bool disk_failed_ = false;
};

/// One unchanging view of the database: a read transaction for as long as it lives. It begins with
/// the first statement that reads.
class Snapshot {
public:
    explicit Snapshot(Connection& connection);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Connection& connection_;
};

}  // namespace jobhost::store::sqlite
