#include <gmock/gmock.h>
#include <sqlite3.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/plan_queries.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/sql_steps.hpp"

/// What a call costs must follow from what it does, not from what is stored.
namespace jobhost::store::sqlite {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Everything that may lie about in an old store: jobs that nobody here runs, jobs for later, jobs
/// that have ended, jobs that are held.
void add_backlog(Opened& store, int size) {
    store.enqueue_many(size);
    std::vector<Settlement> ends;
    for (const ClaimedJob& job : store.claim(size)) {
        ends.push_back(store.succeeded(job));
    }
    ASSERT_TRUE(store.claims().settle(ends));
    store.enqueue_many(size, JobBuilder().type("nobody.runs"));
    store.enqueue_many(size, JobBuilder().label("site", "nowhere"));
    store.enqueue_many(size, JobBuilder().begin_time(store.clock().now() + 1000h));
    store.enqueue_many(size);
    ASSERT_EQ(store.claim(size).size(), static_cast<std::size_t>(size));
}

/// The steps of claiming 100 jobs by tens.
std::int64_t cost_of_claims(Opened& store, SqlSteps& steps) {
    store.enqueue_many(100);
    static_cast<void>(steps.take());
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(store.claim(10).size(), 10u);
    }
    return steps.take();
}

TEST(Cost, AClaimReadsWhatItTakesWhateverElseIsStored) {
    SqlSteps steps;
    Opened fresh;
    const auto cost_when_fresh = cost_of_claims(fresh, steps);
    fresh.close();
    Opened old;
    add_backlog(old, 3'000);

    const auto cost_when_old = cost_of_claims(old, steps);

    EXPECT_GT(cost_when_fresh, 0);
    EXPECT_LT(static_cast<double>(cost_when_old), 1.2 * static_cast<double>(cost_when_fresh));
}

TEST(Cost, AnEmptyClaimIsCheapWhateverIsHeld) {
    SqlSteps steps;
    Opened store;
    add_backlog(store, 3'000);
    store.claim(10);
    static_cast<void>(steps.take());

    store.claim(10);

    EXPECT_LT(steps.take(), 200);
}

TEST(Cost, ASettleDoesNotReadTheBacklog) {
    SqlSteps steps;
    Opened store;
    const auto cost = [&] {
        store.enqueue();
        const ClaimedJob job = store.run_one();
        static_cast<void>(steps.take());
        EXPECT_TRUE(store.settle(store.succeeded(job)));
        return steps.take();
    };
    const auto cost_before = cost();
    add_backlog(store, 2'000);

    EXPECT_LT(static_cast<double>(cost()), 1.2 * static_cast<double>(cost_before));
}

std::string plan_of(const Connection& connection, const Query& query) {
    const std::string question = std::string("EXPLAIN QUERY PLAN ") + query.text;
    sqlite3_stmt* rows = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(connection.handle(), question.c_str(), -1, &rows, nullptr),
              SQLITE_OK)
        << query.text;
    std::string plan;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        plan += reinterpret_cast<const char*>(sqlite3_column_text(rows, 3));
        plan += '\n';
    }
    sqlite3_finalize(rows);
    return plan;
}

TEST(Cost, NoPlanReadsAllJobsEvenAfterSomebodyRanAnalyze) {
    Opened store;
    add_backlog(store, 1'000);
    store.close();
    const auto connection = *Connection::open(store.file(), Access::Write, 1s);
    connection->script("ANALYZE");

    for (const Query& query : {kReadyAfter,
                               kReadyPairAfter,
                               kClaimedJob,
                               kNextDue,
                               kDue,
                               kReadyOfJob,
                               kDropReady,
                               kSetAsideParked,
                               kUnpark,
                               kIntent,
                               kAttemptOutcome,
                               kLastToken,
                               kAttemptsAfter,
                               kLastAttempt,
                               kLastError,
                               kNumberedAttempt,
                               kLatestAttempt,
                               kOutput,
                               kKeyOfJob,
                               kJob,
                               kStanding,
                               kFiltered,
                               kListAll,
                               kListNamed,
                               kListQueuing,
                               kListFailedRetry,
                               kListParked,
                               kListFinished,
                               kListChildren,
                               kOrder,
                               kOperated,
                               kChildren,
                               kChangeJob,
                               kMoveParked,
                               kLastOutcome,
                               kHistory,
                               kAttemptsFrom,
                               kPriority,
                               kForgetName,
                               kForgetOutputs,
                               kForgetAttempts,
                               kForgetHistory,
                               kForgetAttemptTexts,
                               kForgetJob,
                               kUnfinish,
                               kPageEnd,
                               kLastEnd}) {
        const std::string plan = plan_of(*connection, query);
        EXPECT_THAT(plan, Not(HasSubstr("SCAN"))) << query.text;
        EXPECT_THAT(plan, HasSubstr("SEARCH")) << query.text;
        // What is sorted there is what has one name, or belongs to one job.
        if (query.text != kListNamed.text && query.text != kAttemptsAfter.text) {
            EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE"))) << query.text;
        }
    }
}

/// The parts of these are merged, so a few rows are sorted; none of them reads what it does not
/// use.
TEST(Cost, WhatIsRemovedIsFoundByIndexEvenAfterSomebodyRanAnalyze) {
    Opened store;
    add_backlog(store, 1'000);
    store.close();
    const auto connection = *Connection::open(store.file(), Access::Write, 1s);
    connection->script("ANALYZE");

    for (const Query& query :
         {kFirstNote, kNextNote, kNextStopped, kForgetOldGaps, kMisplaced, kHomeless}) {
        const std::string plan = plan_of(*connection, query);
        for (const char* table : {"job", "ready", "parked", "finished", "ended", "not_run"}) {
            EXPECT_THAT(plan, Not(HasSubstr(std::string("SCAN ") + table))) << query.text << plan;
        }
    }
}

}  // namespace
}  // namespace jobhost::store::sqlite
