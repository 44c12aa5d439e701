#include <fstream>

#include <gmock/gmock.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/schema.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class OpenTest : public testing::Test {
protected:
    base::Error error_of_opening() {
        const auto opened = open({.file = file_}, clock_);
        EXPECT_FALSE(opened);
        return opened ? base::Error{} : opened.error();
    }

    /// A database with some jobs in it, closed again.
    void make_store(int jobs = 100) {
        Opened store(file_);
        store.enqueue_many(jobs);
    }

    std::unique_ptr<Connection> connect(Access access = Access::Create) {
        return *Connection::open(file_, access, 1s);
    }

    template <typename T>
    T ask(const Query& question) {
        const auto connection = connect(Access::Read);
        auto row = connection->query(question);
        EXPECT_TRUE(row.next());
        return row.column<T>(0);
    }

    void overwrite(std::streamoff at, std::size_t bytes) {
        std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(at);
        stream << std::string(bytes, '\x5a');
    }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    support::ManualClock clock_;
};

TEST_F(OpenTest, ANewFileIsSetUpForItsPurpose) {
    make_store();

    EXPECT_EQ(ask<std::string>(Query("PRAGMA journal_mode")), "wal");
    EXPECT_EQ(ask<int>(Query("PRAGMA auto_vacuum")), 2);
    EXPECT_EQ(ask<int>(Query("PRAGMA user_version")), newest_schema());
    EXPECT_NE(ask<int>(Query("PRAGMA application_id")), 0);
    EXPECT_EQ(ask<int>(Query("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
                             "sql NOT LIKE '%STRICT%' AND name NOT LIKE 'sqlite%'")),
              0);
    EXPECT_THAT(*verify(file_), IsEmpty());
}

TEST_F(OpenTest, ItSaysWhatItOpened) {
    Opened store(file_);

    EXPECT_THAT(store.database().description(), HasSubstr("sqlite " + file_.native()));
    EXPECT_THAT(store.database().description(),
                HasSubstr("schema " + std::to_string(newest_schema())));
}

TEST_F(OpenTest, AnEmptyFileIsANewOne) {
    std::ofstream(file_).close();

    make_store();

    EXPECT_THAT(*verify(file_), IsEmpty());
}

TEST_F(OpenTest, AStartThatDiedBeforeTheFirstTableIsTakenUp) {
    ASSERT_TRUE(open_writing(file_, Access::Create));

    make_store();

    EXPECT_THAT(*verify(file_), IsEmpty());
}

TEST_F(OpenTest, AMigrationThatDiedHalfWayLeavesNothing) {
    {
        const auto writing = *open_writing(file_, Access::Create);
        writing->run(kBeginImmediate);
        writing->script("CREATE TABLE job (x)");
    }

    make_store();

    EXPECT_THAT(*verify(file_), IsEmpty());
}

TEST_F(OpenTest, OpeningAgainChangesNoSchema) {
    make_store();
    const auto before = ask<std::string>(Query("SELECT group_concat(sql) FROM sqlite_schema"));

    make_store();

    EXPECT_EQ(ask<std::string>(Query("SELECT group_concat(sql) FROM sqlite_schema")), before);
    EXPECT_EQ(ask<int>(Query("SELECT count(*) FROM boot")), 2);
}

TEST_F(OpenTest, ANewerSchemaIsRefused) {
    make_store();
    connect(Access::Write)->script("PRAGMA user_version = 9999");

    const base::Error error = error_of_opening();

    EXPECT_EQ(error.code, "newer_schema");
    EXPECT_EQ(error.kind, base::ErrorKind::Invalid);
    EXPECT_THAT(error.message, HasSubstr("9999"));
    EXPECT_EQ(ask<int>(Query("PRAGMA user_version")), 9999);
}

TEST_F(OpenTest, TheDatabaseOfAnotherApplicationIsLeftUntouched) {
    connect()->script("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
    const std::string before = support::read_file(file_);

    EXPECT_EQ(error_of_opening().code, "foreign_file");

    EXPECT_EQ(support::read_file(file_), before);
}

TEST_F(OpenTest, ADatabaseWithAnotherMarkIsLeftUntouched) {
    connect()->script("PRAGMA application_id = 77");
    const std::string before = support::read_file(file_);

    EXPECT_EQ(error_of_opening().code, "foreign_file");

    EXPECT_EQ(support::read_file(file_), before);
}

TEST_F(OpenTest, AFileThatIsNoDatabaseIsLeftUntouched) {
    const std::string text(10'000, 'x');
    dir_.write("jobs.db", text);

    const base::Error error = error_of_opening();

    EXPECT_EQ(error.code, "not_a_database");
    EXPECT_THAT(error.message, HasSubstr(file_.native()));
    EXPECT_EQ(support::read_file(file_), text);
}

TEST_F(OpenTest, ADirectoryIsNoDatabase) {
    std::filesystem::create_directory(file_);

    EXPECT_EQ(error_of_opening().code, "not_a_file");
}

TEST_F(OpenTest, AMissingDirectoryIsNamed) {
    const auto opened = open({.file = dir_ / "absent/jobs.db"}, clock_);

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, base::ErrorKind::NotFound);
    EXPECT_THAT(opened.error().message, HasSubstr((dir_ / "absent").native()));
}

TEST_F(OpenTest, ADestroyedHeadIsFound) {
    make_store();
    overwrite(0, 100);

    EXPECT_EQ(error_of_opening().code, "not_a_database");
}

TEST_F(OpenTest, DestroyedPagesAreFoundAndNothingIsWritten) {
    make_store(2'000);
    overwrite(40'000, 20'000);
    const std::string before = support::read_file(file_);

    const base::Error error = error_of_opening();

    EXPECT_EQ(error.kind, base::ErrorKind::Unavailable);
    EXPECT_EQ(error.code, "store_corrupt");
    EXPECT_EQ(support::read_file(file_), before);
}

TEST_F(OpenTest, ATruncatedFileIsFound) {
    make_store(2'000);
    std::filesystem::resize_file(file_, std::filesystem::file_size(file_) / 2);

    EXPECT_EQ(error_of_opening().code, "store_corrupt");
}

TEST_F(OpenTest, AFileInUseByAnotherHostIsRefused) {
    Opened store(file_);

    EXPECT_EQ(error_of_opening().code, "store_locked");

    store.enqueue();
    store.close();
    EXPECT_TRUE(open({.file = file_}, clock_));
}

TEST_F(OpenTest, AFailedStartLetsGoOfTheLock) {
    dir_.write("jobs.db", std::string(10'000, 'x'));
    EXPECT_EQ(error_of_opening().code, "not_a_database");
    std::filesystem::remove(file_);

    make_store();
}

}  // namespace
}  // namespace jobhost::store::sqlite
