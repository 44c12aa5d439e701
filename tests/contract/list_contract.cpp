#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using store::JobQuery;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::vector<JobId> reversed(std::vector<JobId> ids) {
    std::ranges::reverse(ids);
    return ids;
}

}  // namespace

TEST_P(StoreContract, AnEmptyStoreListsNothing) {
    const auto page = list({});

    EXPECT_THAT(page.jobs, IsEmpty());
    EXPECT_EQ(page.next_cursor, "");
    EXPECT_EQ(jobs().count({}, 100)->jobs, 0);
}

TEST_P(StoreContract, FindLeavesOutWhatDoesNotExist) {
    const JobId id = enqueue({});
    const std::vector<JobId> ids{core::JobId::make(clock_.now()), id, core::JobId{}};

    const auto found = jobs().find(ids);

    ASSERT_TRUE(found);
    EXPECT_THAT(ids_of(*found), ElementsAre(id));
}

TEST_P(StoreContract, AListIsNewestFirst) {
    const auto ids = enqueue_many(5);

    EXPECT_EQ(ids_of(list({}).jobs), reversed(ids));
}

TEST_P(StoreContract, PagesShowEachJobOnce) {
    const auto ids = enqueue_many(25);
    std::vector<JobId> seen;
    JobQuery query{.limit = 10};
    std::vector<std::size_t> sizes;
    do {
        const auto page = list(query);
        sizes.push_back(page.jobs.size());
        std::ranges::copy(ids_of(page.jobs), std::back_inserter(seen));
        query.cursor = page.next_cursor;
    } while (!query.cursor.empty());

    EXPECT_EQ(seen, reversed(ids));
    EXPECT_THAT(sizes, ElementsAre(10, 10, 5));
}

TEST_P(StoreContract, AFullLastPageHasNoSuccessor) {
    enqueue_many(20);

    const auto first = list({.limit = 10});
    const auto second = list({.limit = 10, .cursor = first.next_cursor});

    EXPECT_THAT(second.jobs, SizeIs(10));
    EXPECT_EQ(second.next_cursor, "");
}

TEST_P(StoreContract, ACursorStaysWhereItIsWhileJobsArrive) {
    const auto ids = enqueue_many(6);
    const auto first = list({.limit = 3});
    enqueue_many(5);

    const auto second = list({.limit = 3, .cursor = first.next_cursor});

    EXPECT_THAT(ids_of(second.jobs), ElementsAre(ids[2], ids[1], ids[0]));
    EXPECT_EQ(second.next_cursor, "");
}

TEST_P(StoreContract, ACursorThatNoPageGaveIsInvalid) {
    enqueue({});
    for (const std::string cursor : {"x", "k", "k-1", "k1x", "1", "k99999999999999999999", "k 1"}) {
        const auto page = jobs().list({.cursor = cursor});
        ASSERT_FALSE(page) << cursor;
        EXPECT_EQ(page.error().kind, base::ErrorKind::Invalid);
        ASSERT_THAT(page.error().fields, SizeIs(1));
        EXPECT_EQ(page.error().fields[0].path, "cursor");
    }
}

TEST_P(StoreContract, ALimitBeyondItsBoundsIsBroughtInside) {
    enqueue_many(1'001);

    EXPECT_THAT(list({.limit = 0}).jobs, SizeIs(1));
    EXPECT_THAT(list({.limit = -5}).jobs, SizeIs(1));
    EXPECT_THAT(list({.limit = 1'000'000}).jobs, SizeIs(1'000));
}

TEST_P(StoreContract, EachStatusListsItsJobs) {
    const JobId completed = enqueue({});
    settle(succeeded(run_one()));
    const JobId stopped = enqueue({});
    settle(gave_up(run_one()));
    const JobId retry_later = enqueue({});
    settle(failed(run_one(), 1h));
    const JobId retry_now = enqueue({});
    settle(failed(run_one(), 0s));
    const JobId running = enqueue({});
    run_one();
    const JobId later = enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    const JobId now = enqueue({});

    const auto of = [&](Status status) { return ids_of(list({.status = status}).jobs); };

    EXPECT_THAT(of(Status::Completed), ElementsAre(completed));
    EXPECT_THAT(of(Status::Stopped), ElementsAre(stopped));
    EXPECT_THAT(of(Status::FailedRetry), ElementsAre(retry_now, retry_later));
    EXPECT_THAT(of(Status::Running), ElementsAre(running));
    EXPECT_THAT(of(Status::Queuing), ElementsAre(now, later));
    EXPECT_THAT(of(Status::Paused), IsEmpty());
    EXPECT_THAT(of(Status::None), IsEmpty());
    EXPECT_THAT(ids_of(list({}).jobs),
                ElementsAre(now, later, running, retry_now, retry_later, stopped, completed));
}

TEST_P(StoreContract, CountsSayHowManyStandWhere) {
    enqueue_many(6);
    enqueue(JobBuilder().begin_time(clock_.now() + 1h));
    const auto claimed = claim(5);
    settle({succeeded(claimed[0]), failed(claimed[1]), gave_up(claimed[2])});
    start(claimed[3]);

    auto counts = *jobs().counts();

    EXPECT_EQ(counts[Status::Completed], 1);
    EXPECT_EQ(counts[Status::FailedRetry], 1);
    EXPECT_EQ(counts[Status::Stopped], 1);
    EXPECT_EQ(counts[Status::Running], 1);
    EXPECT_EQ(counts[Status::Queuing], 3);
    EXPECT_EQ(counts[Status::Paused], 0);
    for (const auto& [status, number] : counts) {
        EXPECT_EQ(jobs().count({.status = status}, 100)->jobs, number);
        EXPECT_EQ(jobs().count({.status = status, .type = "test.job"}, 100)->jobs, number);
    }
}

TEST_P(StoreContract, ACountStopsAtItsCap) {
    enqueue_many(20);

    for (const JobQuery& query : {JobQuery{}, JobQuery{.group = "default"}}) {
        EXPECT_EQ(jobs().count(query, 7)->jobs, 7);
        EXPECT_TRUE(jobs().count(query, 7)->capped);
        EXPECT_EQ(jobs().count(query, 20)->jobs, 20);
        EXPECT_FALSE(jobs().count(query, 20)->capped);
    }
    EXPECT_EQ(jobs().count({.limit = 3, .cursor = "k5"}, 100)->jobs, 20);
}

TEST_P(StoreContract, FiltersMustAllMatch) {
    const JobId a = enqueue(JobBuilder().name("n").group("g"));
    const JobId b = enqueue(JobBuilder().type("test.other").group("g"));
    const JobId c = enqueue(JobBuilder().type("test.other").name("n").group("h"));
    const auto of = [&](const JobQuery& query) {
        const auto found = ids_of(list(query).jobs);
        EXPECT_EQ(jobs().count(query, 100)->jobs, static_cast<std::int64_t>(found.size()));
        return found;
    };

    EXPECT_THAT(of({.type = "test.other"}), ElementsAre(c, b));
    EXPECT_THAT(of({.group = "g"}), ElementsAre(b, a));
    EXPECT_THAT(of({.name = "n"}), ElementsAre(c, a));
    EXPECT_THAT(of({.type = "test.other", .group = "g"}), ElementsAre(b));
    EXPECT_THAT(of({.type = "test.job", .group = "g", .name = "n"}), ElementsAre(a));
    EXPECT_THAT(of({.status = Status::Completed, .name = "n"}), IsEmpty());
    EXPECT_THAT(of({.status = Status::Queuing, .name = "n"}), ElementsAre(c, a));
    EXPECT_THAT(of({.type = "no.such"}), IsEmpty());
    EXPECT_THAT(of({.group = "no such"}), IsEmpty());
    EXPECT_THAT(of({.name = "no such"}), IsEmpty());
}

TEST_P(StoreContract, AUniqueKeyFindsItsJob) {
    JobSpec spec = JobBuilder().name("n").spec();
    spec.unique_key = "k";
    const JobId id = jobs().enqueue({&spec, 1})->front().id;
    enqueue({});
    const auto found = [&](const store::JobQuery& query) { return jobs().list(query)->jobs; };

    ASSERT_THAT(found({.unique_key = "k"}), testing::SizeIs(1));
    EXPECT_EQ(found({.unique_key = "k"}).front().id, id);
    EXPECT_THAT(found({.name = "n", .unique_key = "k"}), testing::SizeIs(1));
    EXPECT_THAT(found({.name = "m", .unique_key = "k"}), testing::IsEmpty());
    EXPECT_THAT(found({.unique_key = "K"}), testing::IsEmpty());
    EXPECT_EQ(jobs().count({.unique_key = "k"}, 10)->jobs, 1);
    EXPECT_EQ(jobs().count({.unique_key = "K"}, 10)->jobs, 0);
}

TEST_P(StoreContract, ARareMatchIsFoundPageByPage) {
    const JobId rare = enqueue(JobBuilder().group("rare"));
    enqueue_many(45'000, JobBuilder());
    std::vector<JobId> seen;
    JobQuery query{.group = "rare"};
    int pages = 0;
    do {
        const auto page = list(query);
        std::ranges::copy(ids_of(page.jobs), std::back_inserter(seen));
        query.cursor = page.next_cursor;
        ++pages;
    } while (!query.cursor.empty());

    EXPECT_THAT(seen, ElementsAre(rare));
    EXPECT_LE(pages, 4);
}

TEST_P(StoreContract, ACountWithAFilterLooksAtNoMoreRowsThanAPage) {
    enqueue(JobBuilder().group("rare"));
    enqueue_many(19'999);
    EXPECT_EQ(jobs().count({.group = "rare"}, 100'000)->jobs, 1);
    EXPECT_FALSE(jobs().count({.group = "rare"}, 100'000)->capped);
    enqueue({});

    const auto counted = jobs().count({.group = "rare"}, 100'000);

    ASSERT_TRUE(counted);
    EXPECT_EQ(counted->jobs, 0);
    EXPECT_TRUE(counted->capped);
}

TEST_P(StoreContract, AListOfRunningJobsHasPagesToo) {
    const auto ids = enqueue_many(5);
    for (const ClaimedJob& job : claim()) {
        start(job);
    }

    const auto first = list({.status = Status::Running, .limit = 3});
    const auto second = list({.status = Status::Running, .limit = 3, .cursor = first.next_cursor});

    EXPECT_THAT(ids_of(first.jobs), ElementsAre(ids[4], ids[3], ids[2]));
    EXPECT_THAT(ids_of(second.jobs), ElementsAre(ids[1], ids[0]));
}

}  // namespace jobhost::contract
