#include "store/sqlite/connection.hpp"

#include <sys/stat.h>

#include <gmock/gmock.h>

#include "store/sqlite/keys.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::store::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr Query kTable{"CREATE TABLE t (k INTEGER PRIMARY KEY, v ANY) STRICT"};
constexpr Query kInsert{"INSERT INTO t (v) VALUES (?)"};
constexpr Query kSelect{"SELECT v FROM t ORDER BY k"};
constexpr Query kBroken{"SELECT nothing FROM nowhere"};
constexpr Query kCount{"SELECT count(*) FROM t"};
constexpr Query kLong{
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"};

class ConnectionTest : public testing::Test {
protected:
    ConnectionTest() { connection_->run(kTable); }

    std::unique_ptr<Connection> open(Access access) {
        auto opened = Connection::open(dir_ / "x.db", access, 10ms);
        EXPECT_TRUE(opened);
        return *std::move(opened);
    }

    template <typename T>
    T there_and_back(const T& value) {
        connection_->run(Query{"DELETE FROM t"});
        connection_->run(kInsert, value);
        auto row = connection_->query(kSelect);
        EXPECT_TRUE(row.next());
        return row.column<T>(0);
    }

    support::TempDir dir_;
    std::unique_ptr<Connection> connection_ = open(Access::Create);
};

TEST_F(ConnectionTest, ValuesComeBackAsTheyWere) {
    const auto id = core::JobId::make(core::Instant(1ms));
    EXPECT_EQ(there_and_back(std::int64_t{-5}), -5);
    EXPECT_EQ(there_and_back(true), true);
    EXPECT_EQ(there_and_back(std::string("a\0b", 3)), std::string("a\0b", 3));
    EXPECT_EQ(there_and_back(std::string()), "");
    EXPECT_EQ(there_and_back(std::optional<std::string>()), std::nullopt);
    EXPECT_EQ(there_and_back(std::optional<std::string>("")), "");
    EXPECT_EQ(there_and_back(std::optional<std::int64_t>(7)), 7);
    EXPECT_EQ(there_and_back(core::Instant(-1ms)), core::Instant(-1ms));
    EXPECT_EQ(there_and_back(base::Duration(250)), 250ms);
    EXPECT_EQ(there_and_back(core::Priority::High), core::Priority::High);
    EXPECT_EQ(there_and_back(core::Token{1ll << 62}), core::Token{1ll << 62});
    EXPECT_EQ(there_and_back(Rank{3}), Rank{3});
    EXPECT_EQ(there_and_back(id), id);
    EXPECT_FALSE(connection_->failure());
}

TEST_F(ConnectionTest, ABlobIsKeptWhenItIsEmpty) {
    connection_->run(kInsert, Blob{});

    auto row = connection_->query(kSelect);
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.column<std::optional<std::string>>(0), "");
}

TEST_F(ConnectionTest, AFailureSkipsEverythingUntilItIsTaken) {
    EXPECT_FALSE(connection_->query(kBroken).next());

    EXPECT_EQ(connection_->run(kInsert, 1), 0);
    EXPECT_FALSE(connection_->query(kCount).next());
    const auto failure = connection_->take_failure();

    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind, base::ErrorKind::Internal);
    EXPECT_EQ(connection_->run(kInsert, 1), 1);
    auto count = connection_->query(kCount);
    ASSERT_TRUE(count.next());
    EXPECT_EQ(count.column<int>(0), 1);
}

TEST_F(ConnectionTest, TheFirstOfTwoFailuresStays) {
    connection_->refuse({base::ErrorKind::Limit, "first", "first"});
    connection_->refuse({base::ErrorKind::Limit, "second", "second"});

    EXPECT_EQ(connection_->take_failure()->code, "first");
    EXPECT_FALSE(connection_->take_failure());
}

TEST_F(ConnectionTest, AReadingConnectionCannotWrite) {
    const auto reading = open(Access::Read);

    EXPECT_EQ(reading->run(kInsert, 1), 0);

    EXPECT_EQ(reading->take_failure()->code, "read_only");
}

TEST_F(ConnectionTest, ReadingStopsAtItsDeadline) {
    const auto reading = open(Access::Read);
    reading->set_deadline(std::chrono::steady_clock::now() + 20ms);

    EXPECT_FALSE(reading->query(kLong).next());

    EXPECT_EQ(reading->take_failure()->kind, base::ErrorKind::Timeout);
}

TEST_F(ConnectionTest, ASnapshotDoesNotSeeWhatIsWrittenMeanwhile) {
    connection_->script("PRAGMA journal_mode = WAL");
    const auto reading = open(Access::Read);
    const auto count = [&] {
        auto row = reading->query(kCount);
        return row.next() ? row.column<int>(0) : -1;
    };
    {
        const Snapshot snapshot(*reading);
        EXPECT_EQ(count(), 0);
        connection_->run(kInsert, 1);
        EXPECT_EQ(count(), 0);
    }
    EXPECT_EQ(count(), 1);
}

TEST_F(ConnectionTest, ASnapshotEndsAfterAFailureToo) {
    {
        const Snapshot snapshot(*connection_);
        connection_->run(kBroken);
    }
    EXPECT_FALSE(connection_->in_transaction());
    EXPECT_TRUE(connection_->take_failure());
}

TEST_F(ConnectionTest, AMissingFileIsOnlyMadeWhenThatIsWanted) {
    EXPECT_FALSE(Connection::open(dir_ / "none.db", Access::Read, 1ms));
    EXPECT_FALSE(Connection::open(dir_ / "none.db", Access::Write, 1ms));
    EXPECT_FALSE(std::filesystem::exists(dir_ / "none.db"));
}

}  // namespace
}  // namespace jobhost::store::sqlite
