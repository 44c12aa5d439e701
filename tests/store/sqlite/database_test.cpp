#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "core/calendars.hpp"
#include "store/sqlite/board.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/queries.hpp"

/// What an open store does about programs beside it, and what it keeps for its successor.
namespace jobhost::store::sqlite {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

int rows_in_running(const Opened& store) {
    const auto connection = *Connection::open(store.file(), Access::Read, 1s);
    auto row = connection->query(Query{"SELECT count(*) FROM running"});
    return row.next() ? row.column<int>(0) : -1;
}

TEST(BesideOthers, AForeignLockIsWaitedForUntilTheTimeout) {
    Opened store(300ms);
    const auto other = *Connection::open(store.file(), Access::Write, 1s);
    other->run(kBeginImmediate);

    const auto enqueued = store.try_enqueue();

    ASSERT_FALSE(enqueued);
    EXPECT_EQ(enqueued.error().kind, base::ErrorKind::Timeout);
    EXPECT_THAT(enqueued.error().message, HasSubstr("nothing was stored"));
    other->run(kRollback);
    EXPECT_TRUE(store.try_enqueue());
    EXPECT_EQ(store.count(), 1);
}

TEST(BesideOthers, AForeignLockThatEndsInTimeIsOnlyADelay) {
    Opened store;
    const auto other = *Connection::open(store.file(), Access::Write, 1s);
    other->run(kBeginImmediate);
    std::jthread caller([&] { EXPECT_TRUE(store.try_enqueue()); });

    other->run(kRollback);
    caller.join();

    EXPECT_EQ(store.count(), 1);
}

TEST(BesideOthers, AFileThatWasMovedAwayIsNotWrittenTo) {
    Opened store;
    store.enqueue();
    auto elsewhere = store.file();
    elsewhere += ".moved";
    std::filesystem::rename(store.file(), elsewhere);

    EXPECT_EQ(store.try_enqueue().error().code, "file_replaced");
    EXPECT_EQ(store.database().probe().error().kind, base::ErrorKind::Unavailable);

    std::filesystem::rename(elsewhere, store.file());
    EXPECT_TRUE(store.try_enqueue());
    EXPECT_EQ(store.count(), 2);
}

TEST(BesideOthers, AJobThatIsDeletedByHandWhileItRunsIsLetGo) {
    Opened store;
    store.enqueue_many(2);
    const ClaimedJob deleted = store.run_one();
    const ClaimedJob kept = store.run_one();
    ASSERT_TRUE(store.jobs().apply(core::Operation::Cancel, {&deleted.id, 1}, {}));
    const auto other = *Connection::open(store.file(), Access::Write, 1s);
    other->script("DELETE FROM ready WHERE job = 1; DELETE FROM job WHERE key = 1");

    const auto settled =
        store.claims().settle(std::vector{store.succeeded(deleted), store.succeeded(kept)});

    ASSERT_TRUE(settled) << settled.error().message;
    EXPECT_EQ(settled->at(0).verdict, SettleVerdict::Fenced);
    EXPECT_EQ(settled->at(1).verdict, SettleVerdict::Applied);
    EXPECT_EQ(store.jobs().counts()->at(core::Status::Running), 0);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(BesideOthers, AClaimWhoseJobIsDeletedByHandCanBeHandedBack) {
    Opened store;
    store.enqueue();
    const ClaimedJob job = store.claim().at(0);
    ASSERT_TRUE(store.jobs().apply(core::Operation::Cancel, {&job.id, 1}, {}));
    const auto other = *Connection::open(store.file(), Access::Write, 1s);
    other->script("DELETE FROM ready WHERE job = 1; DELETE FROM job WHERE key = 1");

    EXPECT_TRUE(store.claims().hand_back({&job.token, 1}));

    EXPECT_THAT(store.claim(), IsEmpty());
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(BesideOthers, CalendarsThatCannotBeReadExcludeEverything) {
    Opened store;
    const core::JobId job = store.enqueue(JobBuilder().name("n").recurring({.interval = 1min}));
    const auto other = *Connection::open(store.file(), Access::Write, 1s);
    for (const char* damage : {"nonsense", "{}", "[7]", "[\"\"]"}) {
        other->script("UPDATE plan SET calendars = '" + std::string(damage) + "'");
        const auto found = store.jobs().find({&job, 1});
        ASSERT_TRUE(found && found->at(0).spec.recurrence) << damage;
        const auto& names = found->at(0).spec.recurrence->calendars;
        const core::Calendars none;
        EXPECT_FALSE(core::Blackout(none, names).unknown().empty()) << damage;
        EXPECT_TRUE(core::Blackout(none, names).rule_at(store.clock().now())) << damage;
    }
}

/// Every look at it is a millisecond later.
class TickingClock final : public base::Clock {
public:
    [[nodiscard]] base::Instant now() const override {
        return base::Instant(base::Duration(now_++));
    }
    [[nodiscard]] base::Steady steady() const override { return {}; }

private:
    mutable std::atomic<int> now_{1};
};

TEST(Claiming, WhatBecomesDueDuringAClaimIsNotOverlooked) {
    const support::TempDir dir;
    const TickingClock clock;
    const auto database = *sqlite::open({.file = dir / "jobs.db", .call_timeout = 30s}, clock);
    core::TypeInfo type;
    type.id = "test.job";
    ASSERT_TRUE(database->nodes().join(
        {.id = core::NodeId::make(clock.now()), .name = "n", .started_at = clock.now()}));
    ASSERT_TRUE(database->nodes().publish({type}));
    const auto claim = [&] {
        return *database->claims().claim({.types = {{"test.job", 1}}, .limit = 1});
    };
    for (int i = 0; i < 20; ++i) {
        const auto soon = JobBuilder().begin_time(clock.now() + base::Duration(i));
        ASSERT_TRUE(database->jobs().enqueue({&soon.spec(), 1}));

        for (Claim claimed = claim(); claimed.jobs.empty(); claimed = claim()) {
            ASSERT_TRUE(claimed.next_due) << i;
        }
    }
}

TEST(BesideOthers, WhereNobodyIsDeadTheDatabaseIsNotAsked) {
    Opened store;
    std::filesystem::remove(store.file());

    const auto dead = store.claims().dead_claims(100);

    ASSERT_TRUE(dead) << dead.error().message;
    EXPECT_THAT(*dead, IsEmpty());
}

TEST(BesideOthers, TheProbeWrites) {
    Opened store;
    store.clock().advance(1h);

    ASSERT_TRUE(store.database().probe());

    const auto connection = *Connection::open(store.file(), Access::Read, 1s);
    auto row = connection->query(Query{"SELECT max(probed_at) FROM boot"});
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.column<core::Instant>(0), store.clock().now());
}

TEST(BesideOthers, AnotherProgramMayReadAtAnyTime) {
    Opened store;
    store.enqueue_many(10);
    const auto other = *Connection::open(store.file(), Access::Read, 1s);
    const Snapshot snapshot(*other);
    auto rows = other->query(Query{"SELECT key FROM job"});
    ASSERT_TRUE(rows.next());

    store.enqueue_many(10);
    ASSERT_TRUE(store.settle(store.succeeded(store.run_one())));

    EXPECT_EQ(store.count(), 20);
}

TEST(BesideOthers, NoProgramThatIsStartedInheritsTheFiles) {
    Opened store;
    store.enqueue();
    int ours = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (target.native().starts_with(store.file().native())) {
            ++ours;
            const int descriptor = std::stoi(entry.path().filename());
            EXPECT_TRUE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) << target;
        }
    }
    EXPECT_GE(ours, 3);
}

TEST(BesideOthers, DamageThatComesLaterIsNamed) {
    Opened store;
    store.enqueue_many(3'000);
    store.reopen();
    {
        std::fstream file(store.file(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(16'384);
        file << std::string(200'000, '\x5a');
    }

    const auto page = store.jobs().list({.limit = 1'000});

    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind, base::ErrorKind::Unavailable);
    EXPECT_EQ(page.error().code, "store_corrupt");
    EXPECT_THAT(page.error().message, HasSubstr("backup"));
}

TEST(LongRuns, WhatRunsLongerThanASecondIsMarkedInTheDatabase) {
    Opened store;
    store.enqueue_many(2);
    const ClaimedJob job = store.run_one();
    ASSERT_TRUE(store.database().probe());
    EXPECT_EQ(rows_in_running(store), 0);

    store.clock().advance(1s);
    ASSERT_TRUE(store.database().probe());
    EXPECT_EQ(rows_in_running(store), 1);

    ASSERT_TRUE(store.settle(store.succeeded(job)));
    EXPECT_EQ(rows_in_running(store), 0);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(LongRuns, AClaimThatHasNotBegunIsNotMarked) {
    Opened store;
    store.enqueue();
    store.claim();
    store.clock().advance(1h);

    ASSERT_TRUE(store.database().probe());

    EXPECT_EQ(rows_in_running(store), 0);
}

TEST(LongRuns, AMarkIsEnoughToRememberAnAttemptByWhenTheBoardIsLost) {
    Opened store;
    store.enqueue_many(2);
    const ClaimedJob long_one = store.run_one();
    const auto started_at = store.clock().now();
    store.clock().advance(2s);
    ASSERT_TRUE(store.database().probe());
    const ClaimedJob short_one = store.run_one();
    store.close();
    std::filesystem::remove(store.file().native() + ".board");

    store.reopen();

    const auto dead = store.claims().dead_claims(10);
    ASSERT_THAT(*dead, SizeIs(1));
    EXPECT_EQ(dead->at(0).job.token, long_one.token);
    EXPECT_TRUE(dead->at(0).started);
    EXPECT_EQ(dead->at(0).started_at, started_at);
    EXPECT_EQ(store.claim().at(0).id, short_one.id);
}

TEST(LostBoard, ACancelThatWasAcknowledgedIsFulfilledAtTheNextStart) {
    Opened store;
    const core::JobId id = store.enqueue();
    store.run_one();
    ASSERT_TRUE(store.jobs().apply(core::Operation::Cancel, {&id, 1}, {})->at(0).accepted());
    store.close();
    std::filesystem::remove(store.file().native() + ".board");

    store.reopen();

    EXPECT_EQ(store.status(id), core::Status::Stopped);
    EXPECT_THAT(store.claim(), IsEmpty());
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(LostBoard, EveryWishAndEveryChangeIsFulfilledAtTheNextStart) {
    Opened store;
    const auto run = [&] {
        const core::JobId id = store.enqueue();
        store.run_one();
        return id;
    };
    const auto ask = [&](core::Operation operation, core::JobId id) {
        EXPECT_TRUE(store.jobs().apply(operation, {&id, 1}, {})->at(0).accepted());
    };
    const core::JobId paused = run();
    const core::JobId stopped = run();
    const core::JobId resumed = run();
    const core::JobId disabled = run();
    const core::JobId changed = run();
    ask(core::Operation::Pause, paused);
    ask(core::Operation::Stop, stopped);
    ask(core::Operation::Pause, resumed);
    ask(core::Operation::Resume, resumed);
    ask(core::Operation::Disable, disabled);
    const auto spec = JobBuilder().label("site", "nowhere").priority(core::Priority::High).spec();
    ASSERT_TRUE(store.jobs().update(changed, spec, {}));
    store.close();
    std::filesystem::remove(store.file().native() + ".board");

    store.reopen();

    EXPECT_THAT(store.violations(), IsEmpty());
    EXPECT_EQ(store.status(paused), core::Status::Paused);
    EXPECT_EQ(store.status(stopped), core::Status::Stopped);
    EXPECT_EQ(store.status(changed), core::Status::Queuing);
    const auto claimed = store.claim();
    ASSERT_THAT(claimed, SizeIs(1)) << "only the one that was resumed may run here";
    EXPECT_EQ(claimed[0].id, resumed);
}

TEST(LostBoard, AnOldStateOfTheBoardIsNotBelieved) {
    Opened store;
    store.enqueue_many(2);
    const auto board = std::filesystem::path(store.file().native() + ".board");
    const ClaimedJob settled = store.run_one();
    const ClaimedJob failed = store.run_one();
    const std::string old_state = support::read_file(board);
    ASSERT_TRUE(store.settle(store.succeeded(settled)));
    Settlement end = store.succeeded(failed);
    end.transition.to = core::Status::FailedRetry;
    end.transition.due = store.clock().now();
    end.transition.tries = 1;
    end.transition.outcome = core::AttemptOutcome::Failed;
    ASSERT_TRUE(store.settle(end));
    store.close();
    std::ofstream(board, std::ios::binary) << old_state;

    store.reopen();

    EXPECT_THAT(*store.claims().dead_claims(10), IsEmpty());
    EXPECT_EQ(store.claim(10).size(), 1u);
}

TEST(LostBoard, TheBoardOfAnotherDatabaseIsNotBelieved) {
    Opened store;
    Opened other;
    store.enqueue();
    other.enqueue();
    other.run_one();
    store.close();
    other.close();
    std::filesystem::copy_file(other.file().native() + ".board", store.file().native() + ".board",
                               std::filesystem::copy_options::overwrite_existing);

    store.reopen();

    EXPECT_THAT(*store.claims().dead_claims(10), IsEmpty());
    EXPECT_EQ(store.claim().size(), 1u);
}

TEST(FullBoard, AClaimGivesWhatTheBoardHasRoomFor) {
    Opened store;
    store.enqueue_many(static_cast<int>(Board::kCapacity) + 100);

    EXPECT_THAT(store.claim(20'000), SizeIs(Board::kCapacity));
    EXPECT_THAT(store.claim(10), IsEmpty());
}

TEST(FullBoard, RoomIsUsedAgain) {
    Opened store;
    store.enqueue_many(static_cast<int>(Board::kCapacity) + 2);
    const auto all = store.claim(20'000);
    ASSERT_TRUE(store.claims().hand_back({&all[7].token, 1}));

    EXPECT_EQ(store.claim(10).at(0).id, all[7].id);
    ASSERT_TRUE(store.settle(store.succeeded(all[0])));
    EXPECT_THAT(store.claim(10), SizeIs(1));
}

}  // namespace
}  // namespace jobhost::store::sqlite
