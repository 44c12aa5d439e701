#include <thread>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/opened.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;

TEST(Faults, AFullDiskFailsTheCallAndLaterCallsSucceed) {
    FaultVfs faults;
    Opened store;
    const core::JobId before = store.enqueue();
    faults.fail_writes(SQLITE_FULL);

    for (int i = 0; i < 3; ++i) {
        const auto enqueued = store.try_enqueue();
        ASSERT_FALSE(enqueued);
        EXPECT_EQ(enqueued.error().kind, base::ErrorKind::Unavailable);
        EXPECT_EQ(enqueued.error().code, "disk_full");
        EXPECT_THAT(enqueued.error().message, testing::HasSubstr(store.file().native()));
    }
    EXPECT_EQ(store.status(before), core::Status::Queuing);

    faults.fail_writes(0);
    store.enqueue();
    EXPECT_EQ(store.count(), 2);
    EXPECT_EQ(store.claim(10).size(), 2u);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(Faults, NothingOfAFailedSettleIsApplied) {
    FaultVfs faults;
    Opened store;
    const core::JobId id = store.enqueue();
    const ClaimedJob job = store.run_one();
    faults.fail_writes(SQLITE_FULL);

    EXPECT_EQ(store.settle(store.succeeded(job)).error().code, "disk_full");
    EXPECT_EQ(store.status(id), core::Status::Running);
    EXPECT_THAT(store.claim(), IsEmpty());

    faults.fail_writes(0);
    EXPECT_EQ(store.settle(store.succeeded(job))->front().verdict, SettleVerdict::Applied);
    EXPECT_EQ(store.status(id), core::Status::Completed);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(Faults, AJobWhoseCancelFailedIsClaimable) {
    FaultVfs faults;
    Opened store;
    const core::JobId id = store.enqueue();
    faults.fail_writes(SQLITE_FULL);
    EXPECT_FALSE(store.jobs().apply(core::Operation::Cancel, {&id, 1}, {}));

    faults.fail_writes(0);

    EXPECT_EQ(store.claim().at(0).id, id);
}

TEST(Faults, AnOperationThatFailedChangedNothing) {
    FaultVfs faults;
    Opened store;
    const core::JobId waiting = store.enqueue();
    const core::JobId over = store.enqueue();
    ASSERT_TRUE(store.jobs().apply(core::Operation::Stop, {&over, 1}, {}));
    faults.fail_writes(SQLITE_FULL);
    for (const auto operation :
         {core::Operation::Pause, core::Operation::Disable, core::Operation::Trigger}) {
        EXPECT_EQ(store.jobs().apply(operation, {&waiting, 1}, {}).error().code, "disk_full");
    }
    for (const auto operation : {core::Operation::Resume, core::Operation::Delete}) {
        EXPECT_FALSE(store.jobs().apply(operation, {&over, 1}, {}));
    }
    const auto urgent = JobBuilder().priority(core::Priority::High).spec();
    EXPECT_FALSE(store.jobs().update(waiting, urgent, {}));

    faults.fail_writes(0);

    EXPECT_EQ(store.status(over), core::Status::Stopped);
    EXPECT_THAT(store.violations(), IsEmpty());
    const auto claimed = store.claim();
    ASSERT_EQ(claimed.size(), 1u);
    EXPECT_EQ(claimed[0].id, waiting);
}

TEST(Faults, AClaimCanBeHandedBackWhileTheDiskIsFull) {
    FaultVfs faults;
    Opened store;
    store.enqueue();
    const ClaimedJob job = store.claim().at(0);
    faults.fail_writes(SQLITE_FULL);

    EXPECT_TRUE(store.claims().hand_back({&job.token, 1}));
    EXPECT_EQ(store.claim().size(), 1u);
}

TEST(Faults, AFailedSyncIsNotBelievedTheNextTime) {
    FaultVfs faults;
    Opened store;
    faults.fail_syncs(SQLITE_IOERR_FSYNC, 1);

    const auto enqueued = store.try_enqueue();
    ASSERT_FALSE(enqueued);
    EXPECT_EQ(enqueued.error().kind, base::ErrorKind::Unavailable);
    EXPECT_EQ(enqueued.error().code, "disk_failure");

    store.enqueue();
    EXPECT_EQ(store.count(), 1);
    EXPECT_THAT(store.violations(), IsEmpty());
    store.reopen();
    EXPECT_EQ(store.count(), 1);
}

TEST(Faults, ADiskThatFailsForLongIsTriedAgain) {
    FaultVfs faults;
    Opened store;
    faults.fail_writes(SQLITE_IOERR_WRITE);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(store.try_enqueue().error().kind, base::ErrorKind::Unavailable);
    }
    EXPECT_FALSE(store.database().probe());

    faults.fail_writes(0);

    EXPECT_TRUE(store.database().probe());
    EXPECT_TRUE(store.try_enqueue());
}

TEST(Faults, ACheckpointThatFailsLosesNothing) {
    FaultVfs faults;
    Opened store;
    const JobBuilder large = JobBuilder().args("\"" + std::string(500'000, 'x') + "\"");
    faults.fail_writes(SQLITE_FULL, "jobs.db");

    for (int i = 0; i < 40; ++i) {
        EXPECT_TRUE(store.try_enqueue(large));
    }

    faults.fail_writes(0);
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(store.try_enqueue(large));
    }
    EXPECT_EQ(store.count(), 60);
    EXPECT_THAT(store.violations(), IsEmpty());
    store.reopen();
    EXPECT_EQ(store.claim(100).size(), 60u);
}

TEST(Faults, ACallThatTimesOutInFlightSaysThatItsOutcomeIsUnknown) {
    FaultVfs faults;
    Opened store(100ms);
    store.enqueue();
    const ClaimedJob job = store.run_one();
    faults.close_gate();

    const auto settled = store.settle(store.succeeded(job));

    ASSERT_FALSE(settled);
    EXPECT_EQ(settled.error().kind, base::ErrorKind::Timeout);
    EXPECT_EQ(settled.error().code, "outcome_unknown");
    faults.open_gate();
    EXPECT_EQ(store.settle(store.succeeded(job))->front().verdict, SettleVerdict::Repeated);
}

TEST(Faults, ACallThatTimesOutInTheQueueIsWithdrawn) {
    FaultVfs faults;
    Opened store(100ms);
    faults.close_gate();
    std::jthread first([&] { EXPECT_FALSE(store.try_enqueue(JobBuilder().args("1"))); });
    faults.wait_for_sync();

    const auto second = store.try_enqueue(JobBuilder().args("2"));

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, base::ErrorKind::Timeout);
    EXPECT_EQ(second.error().code, "timeout");
    first.join();
    faults.open_gate();
    ASSERT_TRUE(store.try_enqueue(JobBuilder().args("3")));
    std::vector<std::string> stored;
    for (const ClaimedJob& job : store.claim(10)) {
        stored.push_back(job.args);
    }
    EXPECT_THAT(stored, testing::ElementsAre("1", "3"));
}

TEST(Faults, CallsThatWaitShareOneSync) {
    FaultVfs faults;
    Opened store;
    faults.close_gate();
    std::vector<std::jthread> callers;
    callers.emplace_back([&] { store.enqueue(); });
    faults.wait_for_sync();
    const int before = faults.syncs();
    for (int i = 0; i < 20; ++i) {
        callers.emplace_back([&] { store.enqueue(); });
    }
    faults.open_gate();
    callers.clear();

    EXPECT_EQ(store.count(), 21);
    EXPECT_LT(faults.syncs() - before, 20);
}

TEST(Faults, AClaimTakesNothingWhoseCancelIsBeingWritten) {
    FaultVfs faults;
    Opened store;
    const core::JobId id = store.enqueue();
    faults.close_gate();
    std::jthread canceller([&] {
        EXPECT_TRUE(store.jobs().apply(core::Operation::Cancel, {&id, 1}, {})->at(0).accepted());
    });
    faults.wait_for_sync();

    EXPECT_THAT(store.claim(10), IsEmpty());

    faults.open_gate();
    canceller.join();
    EXPECT_EQ(store.status(id), core::Status::Stopped);
    EXPECT_THAT(store.claim(10), IsEmpty());
}

TEST(Faults, AClaimTakesNothingThatIsNotOnTheDiskYet) {
    FaultVfs faults;
    Opened store;
    faults.close_gate();
    std::jthread caller([&] { store.enqueue(); });
    faults.wait_for_sync();

    EXPECT_THAT(store.claim(10), IsEmpty());

    faults.open_gate();
    caller.join();
    EXPECT_EQ(store.claim(10).size(), 1u);
}

TEST(Faults, AnAttemptRunsUntilItsEndIsOnTheDisk) {
    FaultVfs faults;
    Opened store;
    const core::JobId id = store.enqueue();
    const ClaimedJob job = store.run_one();
    faults.close_gate();
    std::jthread caller([&] { EXPECT_TRUE(store.settle(store.succeeded(job))); });
    faults.wait_for_sync();

    EXPECT_EQ(store.status(id), core::Status::Running);
    EXPECT_EQ(store.jobs().counts()->at(core::Status::Running), 1);

    faults.open_gate();
    caller.join();
    EXPECT_EQ(store.status(id), core::Status::Completed);
}

TEST(Faults, WhatWasAcknowledgedSurvivesALossOfPower) {
    FaultVfs faults;
    support::TempDir after_power_loss;
    std::vector<core::JobId> acknowledged;
    std::vector<core::JobId> completed;
    {
        support::TempDir dir;
        faults.keep_synced(after_power_loss.path());
        Opened store(dir / "jobs.db");
        for (int i = 0; i < 60; ++i) {
            acknowledged.push_back(store.enqueue(JobBuilder().args(std::string(100'000, '1'))));
            if (i % 3 == 0) {
                const ClaimedJob job = store.run_one();
                ASSERT_TRUE(store.settle(store.succeeded(job)));
                completed.push_back(job.id);
            }
        }
        faults.keep_synced(std::nullopt);
    }

    Opened store(after_power_loss / "jobs.db");

    EXPECT_THAT(store.violations(), IsEmpty());
    for (const core::JobId id : acknowledged) {
        EXPECT_EQ(store.jobs().find({&id, 1})->size(), 1u);
    }
    for (const core::JobId id : completed) {
        EXPECT_EQ(store.status(id), core::Status::Completed);
    }
}

}  // namespace
}  // namespace jobhost::store::sqlite
