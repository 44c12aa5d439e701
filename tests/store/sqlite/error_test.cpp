#include "store/sqlite/error.hpp"

#include <cerrno>

#include <gmock/gmock.h>
#include <sqlite3.h>

namespace jobhost::store::sqlite {
namespace {

using base::ErrorKind;
using testing::HasSubstr;

TEST(StoreError, EachCodeSaysWhatTheCallerCanDo) {
    const auto kind = [](int code) { return error_of(nullptr, code, "f").kind; };
    EXPECT_EQ(kind(SQLITE_FULL), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_IOERR_WRITE), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_READONLY_DBMOVED), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_BUSY_SNAPSHOT), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_CORRUPT), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_NOMEM), ErrorKind::Unavailable);
    EXPECT_EQ(kind(SQLITE_NOTADB), ErrorKind::Invalid);
    EXPECT_EQ(kind(SQLITE_INTERRUPT), ErrorKind::Timeout);
    EXPECT_EQ(kind(SQLITE_TOOBIG), ErrorKind::Limit);
    EXPECT_EQ(kind(SQLITE_CONSTRAINT_UNIQUE), ErrorKind::Internal);
}

TEST(StoreError, TheSentenceNamesTheFile) {
    for (const int code : {SQLITE_FULL, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_BUSY, SQLITE_MISUSE}) {
        EXPECT_THAT(error_of(nullptr, code, "/x/jobs.db").message, HasSubstr("/x/jobs.db"));
    }
}

TEST(StoreError, NumbersOfTheSystemKeepTheirMeaning) {
    EXPECT_EQ(system_error(ENOSPC, "open x").code, "disk_full");
    EXPECT_EQ(system_error(EDQUOT, "open x").code, "disk_full");
    EXPECT_EQ(system_error(EFBIG, "open x").code, "file_too_large");
    EXPECT_EQ(system_error(EROFS, "open x").code, "read_only");
    EXPECT_EQ(system_error(EACCES, "open x").code, "no_permission");
    EXPECT_EQ(system_error(EISDIR, "open x").code, "not_a_file");
    EXPECT_EQ(system_error(EMFILE, "open x").code, "system_error");
    EXPECT_THAT(system_error(EMFILE, "open x").message, HasSubstr("cannot open x"));
}

TEST(StoreError, OnlyTheDisksFailuresAreTheDisks) {
    EXPECT_TRUE(is_disk_failure(SQLITE_IOERR_FSYNC));
    EXPECT_TRUE(is_disk_failure(SQLITE_CANTOPEN));
    EXPECT_FALSE(is_disk_failure(SQLITE_FULL));
    EXPECT_FALSE(is_disk_failure(SQLITE_CONSTRAINT));
}

}  // namespace
}  // namespace jobhost::store::sqlite
