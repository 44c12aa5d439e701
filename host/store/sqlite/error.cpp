#include "store/sqlite/error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sqlite3.h>

namespace jobhost::store::sqlite {

namespace {

using base::Error;
using base::ErrorKind;

std::string sentence(std::string_view what, std::string_view file) {
    return std::string(what) + ": " + std::string(file);
}

Error disk_full(std::string_view file) {
    return {ErrorKind::Unavailable, "disk_full",
            sentence("disk full, nothing was stored; free some space beside", file)};
}

/// The numbers of the system that mean the same in every program.
std::optional<Error> known_number(int number, std::string_view file) {
    switch (number) {
        case ENOSPC:
            return disk_full(file);
        case EDQUOT:
            return Error{
                ErrorKind::Unavailable, "disk_full",
                sentence("disk quota used up, nothing was stored; free some space beside", file)};
        case EFBIG:
            return Error{ErrorKind::Unavailable, "file_too_large",
                         sentence("the size limit for files is reached, nothing was stored", file)};
        case EROFS:
            return Error{ErrorKind::Unavailable, "read_only",
                         sentence("the file system is read-only", file)};
        case EACCES:
        case EPERM:
            return Error{ErrorKind::Unavailable, "no_permission", sentence("no permission", file)};
        case EISDIR:
            return Error{ErrorKind::Invalid, "not_a_file",
                         sentence("this is a directory, not a database file", file)};
        default:
            return std::nullopt;
    }
}

/// The number of the last failed call on a file, kept by the file itself: `errno` has changed
/// since.
int last_number(sqlite3* db, int which) {
    sqlite3_file* file = nullptr;
    int number = 0;
    if (sqlite3_file_control(db, "main", which, &file) == SQLITE_OK && file != nullptr &&
        file->pMethods != nullptr) {
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    return number;
}

int last_number(sqlite3* db) {
    const int of_wal = last_number(db, SQLITE_FCNTL_JOURNAL_POINTER);
    const int of_database = of_wal != 0 ? of_wal : last_number(db, SQLITE_FCNTL_FILE_POINTER);
    return of_database != 0 ? of_database : sqlite3_system_errno(db);
}

std::string details(sqlite3* db, int code) {
    const char* text = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    return " (" + std::string(text) + ", code " + std::to_string(code) + ")";
}

Error corrupt(std::string_view file, const std::string& more) {
    return {ErrorKind::Unavailable, "store_corrupt",
            sentence("the database is damaged; stop the host and restore a backup", file) + more};
}

}  // namespace

Error error_of(sqlite3* db, int code, std::string_view file) {
    const int number = db != nullptr ? last_number(db) : 0;
    const std::string more = details(db, code);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return disk_full(file);
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: {
            auto known = known_number(number, file);
            return known ? *std::move(known)
                         : Error{ErrorKind::Unavailable, "disk_failure",
                                 sentence("the disk does not read or write", file) + more};
        }
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {ErrorKind::Unavailable, "read_only",
                    sentence("the database cannot be written to", file) + more};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorKind::Unavailable, "store_busy",
                    sentence("another program holds a lock on the database", file)};
        case SQLITE_NOTADB:
            return {ErrorKind::Invalid, "not_a_database",
                    sentence("this file is not a jobhost database; it was left untouched", file)};
        case SQLITE_CORRUPT:
            return corrupt(file, more);
        case SQLITE_INTERRUPT:
            return {ErrorKind::Timeout, "timeout", sentence("reading took too long", file)};
        case SQLITE_NOMEM:
            return {ErrorKind::Unavailable, "no_memory", sentence("memory is used up", file)};
        case SQLITE_TOOBIG:
            return {ErrorKind::Limit, "too_large", "a value is too large for the database"};
        default:
            return {ErrorKind::Internal, "store_failure",
                    sentence("the database refused a statement", file) + more};
    }
}

Error system_error(int number, std::string_view doing) {
    if (auto known = known_number(number, doing)) {
        return *std::move(known);
    }
    return {ErrorKind::Unavailable, "system_error",
            sentence("cannot " + std::string(doing), std::generic_category().message(number))};
}

bool is_disk_failure(int code) {
    return (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
}

}  // namespace jobhost::store::sqlite
