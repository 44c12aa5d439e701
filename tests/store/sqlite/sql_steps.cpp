#include "store/sqlite/sql_steps.hpp"

#include <mutex>
#include <vector>

#include <sqlite3.h>

namespace jobhost::store::sqlite {

namespace {

std::mutex mutex;
std::vector<sqlite3*> connections;

int forget(unsigned, void*, void* db, void*) {
    const std::scoped_lock lock(mutex);
    std::erase(connections, db);
    return 0;
}

int remember(sqlite3* db, const char**, const sqlite3_api_routines*) {
    sqlite3_trace_v2(db, SQLITE_TRACE_CLOSE, forget, nullptr);
    const std::scoped_lock lock(mutex);
    connections.push_back(db);
    return SQLITE_OK;
}

// SQLite takes an initialiser of any extension under this type.
using Extension = void (*)();
const auto kRemember = reinterpret_cast<Extension>(&remember);

}  // namespace

SqlSteps::SqlSteps() { sqlite3_auto_extension(kRemember); }

SqlSteps::~SqlSteps() { sqlite3_cancel_auto_extension(kRemember); }

std::int64_t SqlSteps::take() {
    const std::scoped_lock lock(mutex);
    std::int64_t steps = 0;
    for (sqlite3* const db : connections) {
        for (sqlite3_stmt* one = sqlite3_next_stmt(db, nullptr); one != nullptr;
             one = sqlite3_next_stmt(db, one)) {
            steps += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_VM_STEP, 1);
        }
    }
    return steps;
}

}  // namespace jobhost::store::sqlite
