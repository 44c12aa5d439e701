#include "store/sqlite/writer.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "base/wake.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/schema.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::ElementsAre;

constexpr Query kNote{"INSERT INTO note VALUES (?)"};

/// A writer on a file with one table of notes.
class WriterTest : public testing::Test {
protected:
    WriterTest() {
        auto writing = *open_writing(file_, Access::Create);
        writing->script("CREATE TABLE note (x UNIQUE); CREATE TABLE counter (name, value)");
        writer_.emplace(Writer::Options{.file = file_, .call_timeout = 10s}, std::move(writing),
                        live_, clock_,
                        Writer::Chore{[this](Live&) { return chore_due_; },
                                      [this](Turn& turn) { chore(turn); }});
    }

    base::Result<base::Unit> note(int x) {
        return writer_->run([x](Turn& turn) {
            turn.db.run(kNote, x);
            return base::Unit{};
        });
    }

    /// Writes an even number too, and then fails.
    base::Result<base::Unit> note_odd(int x) {
        return writer_->run([x](Turn& turn) {
            turn.db.run(kNote, x);
            if (x % 2 == 0) {
                turn.db.refuse({base::ErrorKind::Limit, "even", "even"});
            }
            return base::Unit{};
        });
    }

    std::vector<int> notes() {
        const auto reading = *Connection::open(file_, Access::Read, 1s);
        std::vector<int> found;
        auto rows = reading->query(Query{"SELECT x FROM note ORDER BY x"});
        while (rows.next()) {
            found.push_back(rows.column<int>(0));
        }
        return found;
    }

    void chore(Turn& turn) {
        turn.db.run(kNote, 1'001);
        turn.live.with([this](Live&) { chore_due_.reset(); });
    }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    support::ManualClock clock_;
    base::Guarded<Live> live_{*Board::open(file_, "0123456789abcdef")};
    std::optional<base::Steady> chore_due_;  ///< touched under the lock of `live_`
    std::optional<Writer> writer_;
};

TEST_F(WriterTest, ACallReturnsWhatItsWorkReturned) {
    const auto answer = writer_->run([](Turn& turn) { return turn.now; });

    ASSERT_TRUE(answer);
    EXPECT_EQ(*answer, clock_.now());
}

TEST_F(WriterTest, AFailingOperationGoesAlone) {
    ASSERT_TRUE(note(1));
    const auto failed = writer_->run([](Turn& turn) {
        turn.db.run(kNote, 2);
        turn.db.run(kNote, 1);
        turn.db.run(kNote, 3);
        return base::Unit{};
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, base::ErrorKind::Internal);

    ASSERT_TRUE(note(4));

    EXPECT_THAT(notes(), ElementsAre(1, 4));
}

TEST_F(WriterTest, AFailureInASharedTransactionHurtsNobodyElse) {
    base::Wake inside;
    base::Wake go_on;
    const auto soon = std::chrono::steady_clock::now() + 10s;
    std::vector<std::jthread> callers;
    callers.emplace_back([&] {
        EXPECT_TRUE(writer_->run([&](Turn& turn) {
            inside.set();
            go_on.wait_until({}, soon);
            turn.db.run(kNote, 0);
            return base::Unit{};
        }));
    });
    // While the first stands inside its transaction the others gather for the next one.
    inside.wait_until({}, soon);
    for (int x = 1; x <= 8; ++x) {
        callers.emplace_back([this, x] { EXPECT_EQ(note_odd(x).has_value(), x % 2 == 1); });
    }
    go_on.set();
    callers.clear();

    EXPECT_THAT(notes(), ElementsAre(0, 1, 3, 5, 7));
}

TEST_F(WriterTest, ChangesInMemoryFollowTheCommitOrTheFailure) {
    std::vector<std::string> order;
    ASSERT_TRUE(writer_->run([&](Turn& turn) {
        turn.after_commit([&](Live&) { order.emplace_back("commit"); });
        turn.after_rollback([&](Live&) { order.emplace_back("rollback"); });
        return base::Unit{};
    }));
    ASSERT_FALSE(writer_->run([&](Turn& turn) {
        turn.after_commit([&](Live&) { order.emplace_back("commit"); });
        turn.after_rollback([&](Live&) { order.emplace_back("first undone last"); });
        turn.after_rollback([&](Live&) { order.emplace_back("last undone first"); });
        turn.db.refuse({base::ErrorKind::Limit, "no", "no"});
        return base::Unit{};
    }));

    EXPECT_THAT(order, ElementsAre("commit", "last undone first", "first undone last"));
}

TEST_F(WriterTest, AStoppedWriterRefuses) {
    writer_->stop();

    const auto refused = note(1);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, base::ErrorKind::Unavailable);
    EXPECT_EQ(refused.error().code, "stopping");
}

TEST_F(WriterTest, TheChoreIsDoneWhenItIsDue) {
    live_.with([this](Live&) { chore_due_ = clock_.steady() + 1s; });
    ASSERT_TRUE(note(1));
    EXPECT_THAT(notes(), ElementsAre(1));

    clock_.advance(1s);
    ASSERT_TRUE(note(2));

    EXPECT_THAT(notes(), ElementsAre(1, 2, 1'001));
}

}  // namespace
}  // namespace jobhost::store::sqlite
