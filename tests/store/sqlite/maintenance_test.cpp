#include <gmock/gmock.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/queries.hpp"

/// Removing and putting right, as only this backend can be looked at.
namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;

std::uintmax_t size_of(const Opened& store) { return std::filesystem::file_size(store.file()); }

void complete_many(Opened& store, int count, const std::string& text) {
    store.enqueue_many(count);
    std::vector<Settlement> ends;
    for (const ClaimedJob& job : store.claim(count)) {
        Settlement end = store.succeeded(job);
        end.output = Output{.head = {{core::Stream::Out, text}}};
        ends.push_back(end);
    }
    ASSERT_TRUE(store.claims().settle(ends));
}

/// Prunes until nothing is left to do; how many pages that took.
int prune_all(Opened& store, const Cutoffs& cutoffs) {
    int pages = 0;
    for (bool more = true; more && pages < 10'000; ++pages) {
        const auto pruned = store.database().maintenance().prune(cutoffs, 500);
        EXPECT_TRUE(pruned);
        more = pruned && pruned->more;
    }
    return pages;
}

TEST(Maintenance, RemovingJobsGivesSpaceBackToTheFileSystem) {
    Opened store;
    complete_many(store, 3'000, std::string(20'000, 'x'));
    store.enqueue_many(10);
    store.close();
    const auto full = size_of(store);
    ASSERT_GT(full, 50U << 20);
    store.reopen();
    store.clock().advance(1h);

    EXPECT_GT(prune_all(store, {.completed = store.clock().now()}), 10) << "a piece at a time";

    EXPECT_EQ(store.count(), 10);
    store.close();
    EXPECT_LT(size_of(store), full / 10);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(Maintenance, RemovingOutputsGivesSpaceBackAsWell) {
    Opened store;
    complete_many(store, 1'000, std::string(20'000, 'x'));
    store.close();
    const auto full = size_of(store);
    store.reopen();
    store.clock().advance(1h);

    prune_all(store, {.output = store.clock().now()});

    EXPECT_EQ(store.count(), 1'000);
    store.close();
    EXPECT_LT(size_of(store), full / 2);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST(Maintenance, ALittleUnusedSpaceIsKeptForWhatComesNext) {
    Opened store;
    complete_many(store, 100, "x");
    store.clock().advance(1h);

    EXPECT_EQ(prune_all(store, {.completed = store.clock().now()}), 2)
        << "one page of jobs, and one that finds nothing more to do";
}

TEST(Maintenance, APageWithLongHistoriesEndsEarly) {
    Opened store;
    for (int jobs = 0; jobs < 60; ++jobs) {
        store.enqueue(JobBuilder().max_tries(0));
    }
    for (int tries = 0; tries < 60; ++tries) {
        std::vector<Settlement> ends;
        for (const ClaimedJob& job : store.claim(60)) {
            Settlement end = store.succeeded(job);
            end.failure = core::Failure{.message = "x"};
            end.transition.to = tries < 59 ? core::Status::FailedRetry : core::Status::Stopped;
            end.transition.outcome = core::AttemptOutcome::Failed;
            end.transition.tries = tries + 1;
            end.transition.reason = tries < 59 ? "" : "max_tries";
            ends.push_back(end);
        }
        ASSERT_EQ(ends.size(), 60U);
        ASSERT_TRUE(store.claims().settle(ends));
    }
    store.clock().advance(1h);

    const auto first = store.database().maintenance().prune({.stopped = store.clock().now()}, 500);

    ASSERT_TRUE(first);
    EXPECT_LT(first->jobs, 60);
    EXPECT_TRUE(first->more);
    prune_all(store, {.stopped = store.clock().now()});
    EXPECT_EQ(store.count(), 0);
}

TEST(Maintenance, WhatStandsInTwoPlacesHoldsNobodyUp) {
    Opened store;
    const core::JobId broken = store.enqueue();
    const core::JobId cancelled = store.enqueue();
    ASSERT_TRUE(store.jobs().apply(core::Operation::Cancel, std::vector{cancelled}, {}));
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script(
            "INSERT INTO parked (job, why, lane, rank, tries, crashes, attempts, "
            "parked_at) SELECT job, 4, lane, rank, 0, 0, 0, 0 FROM ready; "
            "INSERT INTO parked (job, why, lane, rank, tries, crashes, attempts, "
            "parked_at) SELECT 99, 4, lane, rank, 0, 0, 0, 0 FROM ready");
        ASSERT_FALSE(damaging->failure());
    }
    store.clock().advance(1h);

    const auto pruned = store.database().maintenance().prune({.stopped = store.clock().now()}, 500);

    ASSERT_TRUE(pruned);
    EXPECT_EQ(pruned->jobs, 1);
    EXPECT_TRUE(store.jobs().find(std::vector{cancelled})->empty());
    EXPECT_FALSE(store.jobs().find(std::vector{broken})->empty());
}

/// What somebody did to the file by hand, and what the check makes of it.
struct Damage {
    const char* script;
    Checked found;
    core::Status then;  ///< where job 2 stands afterwards
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.script; }

class CheckTest : public testing::TestWithParam<Damage> {
protected:
    /// One whole round.
    static Checked check(Opened& store) {
        Checked sum;
        for (bool more = true; more;) {
            const auto checked = store.database().maintenance().check(3);
            EXPECT_TRUE(checked);
            if (!checked) {
                break;
            }
            sum.placed += checked->placed;
            sum.displaced += checked->displaced;
            sum.counters += checked->counters;
            sum.left += checked->left;
            more = checked->more;
        }
        return sum;
    }
};

TEST_P(CheckTest, FindsItAndPutsItRight) {
    Opened store;
    store.enqueue_many(7);
    ASSERT_TRUE(store.settle(store.succeeded(store.run_one())));
    const core::JobId second = store.jobs().list({.limit = 7})->jobs.at(5).id;
    store.close();
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script(GetParam().script);
        ASSERT_FALSE(damaging->failure());
    }
    store.reopen();

    const Checked found = check(store);

    EXPECT_EQ(found.placed, GetParam().found.placed);
    EXPECT_EQ(found.displaced, GetParam().found.displaced);
    EXPECT_EQ(found.counters, GetParam().found.counters);
    EXPECT_EQ(found.left, GetParam().found.left);
    EXPECT_EQ(check(store).findings(), 0) << "the second round finds nothing";
    EXPECT_EQ(store.status(second), GetParam().then);
    const auto counts = store.jobs().counts();
    std::int64_t all = 0;
    for (const auto& [status, jobs] : *counts) {
        all += jobs;
    }
    EXPECT_EQ(all, 7);
    EXPECT_EQ(store.claim(10).size(), static_cast<std::size_t>(counts->at(core::Status::Queuing)));
    EXPECT_THAT(store.violations(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Damages,
    CheckTest,
    testing::Values(
        Damage{"DELETE FROM ready WHERE job = 2", {.placed = 1}, core::Status::Queuing},
        Damage{"DELETE FROM finished WHERE job = 1", {.placed = 1}, core::Status::Queuing},
        Damage{"DELETE FROM ready; UPDATE counter SET value = 0 WHERE name = 'queuing'",
               {.placed = 6, .counters = 1},
               core::Status::Queuing},
        Damage{"INSERT INTO finished VALUES (2, 0)", {.displaced = 1}, core::Status::Queuing},
        Damage{"INSERT INTO ready SELECT lane, rank, due, 1, 0, 0, 1 FROM ready WHERE job = 2",
               {.displaced = 1},
               core::Status::Queuing},
        Damage{"INSERT INTO parked (job, why, lane, rank, tries, crashes, attempts, parked_at) "
               "SELECT job, 3, lane, rank, 0, 0, 0, 0 FROM ready WHERE job = 2",
               {.displaced = 1},
               core::Status::Queuing},
        Damage{"INSERT INTO parked (job, why, lane, rank, tries, crashes, attempts, parked_at) "
               "SELECT 1, 4, lane, rank, 0, 0, 1, 0 FROM ready WHERE job = 2",
               {.displaced = 1},
               core::Status::Queuing},
        Damage{"INSERT INTO parked (job, why, lane, rank, tries, crashes, attempts, parked_at) "
               "SELECT job, 3, lane, rank, 0, 0, 0, 0 FROM ready WHERE job = 2; "
               "INSERT INTO finished VALUES (2, 0); DELETE FROM ready WHERE job = 2",
               {.displaced = 1, .counters = 2},
               core::Status::Paused},
        Damage{"INSERT INTO finished VALUES (99, 0)", {.displaced = 1}, core::Status::Queuing},
        Damage{"INSERT INTO ready SELECT lane, rank, due, 99, 0, 0, 0 FROM ready WHERE job = 2",
               {.displaced = 1},
               core::Status::Queuing},
        Damage{"UPDATE counter SET value = 77 WHERE name = 'queuing'",
               {.counters = 1},
               core::Status::Queuing},
        Damage{"UPDATE counter SET value = value + 1 WHERE name <> 'last_key'",
               {.counters = 5},
               core::Status::Queuing}));

TEST_F(CheckTest, WhatIsHeldIsLeftForTheNextRound) {
    Opened store;
    store.enqueue();
    const ClaimedJob job = store.run_one();
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script(
            "INSERT INTO finished VALUES (1, 0); "
            "INSERT INTO attempt (job, token, number, outcome, started_at, ended_at) "
            "VALUES (1, 1, 1, 0, 0, 0)");
        ASSERT_FALSE(damaging->failure());
    }

    EXPECT_EQ(check(store).left, 1);

    ASSERT_TRUE(store.claims().hand_back({&job.token, 1}));
}

TEST_F(CheckTest, AChildThatStoodNowhereIsAliveAgain) {
    Opened store;
    core::Recurrence each_minute;
    each_minute.interval = 1min;
    store.enqueue(JobBuilder().name("n").recurring(each_minute));
    const auto due = store.database().plans().due(store.clock().now(), 1)->plans.at(0);
    const Advance first{.id = due.id,
                        .from = due.point.last,
                        .step = {.firings = {{.nominal = store.clock().now(), .is_late = false}},
                                 .last = store.clock().now(),
                                 .next = store.clock().now() + 1min}};
    ASSERT_TRUE(store.database().plans().advance({&first, 1})->at(0).is_applied);
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script("DELETE FROM ready; DELETE FROM live_child");
        ASSERT_FALSE(damaging->failure());
    }

    EXPECT_EQ(check(store).placed, 1);

    EXPECT_EQ(check(store).findings(), 0);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST_F(CheckTest, ADisabledJobThatStoodNowhereIsStillDisabled) {
    Opened store;
    const core::JobId id = store.enqueue();
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script("DELETE FROM ready; UPDATE job SET enabled = 0");
        ASSERT_FALSE(damaging->failure());
    }

    EXPECT_EQ(check(store).placed, 1);

    EXPECT_EQ(store.status(id), core::Status::Queuing);
    EXPECT_THAT(store.claim(), IsEmpty());
    EXPECT_EQ(check(store).findings(), 0);
    EXPECT_THAT(store.violations(), IsEmpty());
}

TEST_F(CheckTest, ARecurringJobWithoutItsPlanIsLeft) {
    Opened store;
    core::Recurrence each_minute;
    each_minute.interval = 1min;
    store.enqueue(JobBuilder().name("n").recurring(each_minute));
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script("DELETE FROM plan");
        ASSERT_FALSE(damaging->failure());
    }

    EXPECT_EQ(check(store).left, 1);
}

TEST_F(CheckTest, AJobOfALaneThatNobodyKnowsIsLeft) {
    Opened store;
    store.enqueue();
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script(
            "DELETE FROM ready; INSERT INTO lane VALUES (77, 'x', '{}'); "
            "UPDATE job SET lane = 77");
        ASSERT_FALSE(damaging->failure());
    }

    EXPECT_EQ(check(store).left, 1);
}

TEST_F(CheckTest, SaysWhenTheStoreCannotBeRead) {
    Opened store;
    store.enqueue();
    {
        const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
        damaging->script(
            "ALTER TABLE finished RENAME TO gone; ALTER TABLE ended RENAME TO gone_too");
    }

    EXPECT_FALSE(store.database().maintenance().check(10));
    EXPECT_FALSE(store.database().maintenance().prune({.completed = core::Instant::max()}, 10));
}

}  // namespace
}  // namespace jobhost::store::sqlite
