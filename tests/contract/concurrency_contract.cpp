#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "contract/store_contract.hpp"

namespace jobhost::contract {

using testing::SizeIs;

namespace {

constexpr int kThreads = 8;
constexpr int kBatches = 20;
constexpr int kBatch = 10;

/// Runs `work(thread)` on eight threads at once.
template <typename Work>
void on_all_threads(Work work) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&work, i] { work(i); });
    }
}

}  // namespace

TEST_P(StoreContract, EightThreadsRunEveryJobExactlyOnce) {
    constexpr int kJobs = kThreads * kBatches * kBatch;
    std::atomic<int> done = 0;
    std::mutex mutex;
    std::map<JobId, int> runs;
    std::set<Token> tokens;
    on_all_threads([&](int thread) {
        for (int i = 0; i < kBatches; ++i) {
            enqueue_many(kBatch, JobBuilder().priority(thread % 2 == 0 ? core::Priority::High
                                                                       : core::Priority::Normal));
            const auto claimed = claim(kBatch + 3);
            std::vector<Settlement> ends;
            for (const ClaimedJob& job : claimed) {
                start(job);
                ends.push_back(succeeded(job));
                const std::scoped_lock lock(mutex);
                ++runs[job.id];
                tokens.insert(job.token);
            }
            for (const SettleVerdict verdict : settle(ends)) {
                EXPECT_EQ(verdict, SettleVerdict::Applied);
                ++done;
            }
        }
    });
    for (const ClaimedJob& job : claim(kJobs)) {
        settle(succeeded(job));
        ++runs[job.id];
        tokens.insert(job.token);
        ++done;
    }

    EXPECT_EQ(done, kJobs);
    EXPECT_THAT(runs, SizeIs(kJobs));
    EXPECT_THAT(tokens, SizeIs(kJobs));
    EXPECT_EQ((*jobs().counts())[Status::Completed], kJobs);
}

TEST_P(StoreContract, ACancelAndAClaimNeverBothWin) {
    constexpr int kJobs = 400;
    const auto ids = enqueue_many(kJobs);
    std::mutex mutex;
    std::set<JobId> stopped;
    std::set<JobId> told;
    std::set<JobId> ran;
    on_all_threads([&](int thread) {
        if (thread % 2 == 0) {
            for (std::size_t i = static_cast<std::size_t>(thread); i < ids.size(); i += 4) {
                const auto verdict = cancel(ids[i]);
                const bool now = verdict.accepted() && status(ids[i]) == Status::Stopped;
                const std::scoped_lock lock(mutex);
                (now ? stopped : told).insert(ids[i]);
            }
            return;
        }
        for (auto claimed = claim(7); !claimed.empty(); claimed = claim(7)) {
            for (const ClaimedJob& job : claimed) {
                settle(succeeded(job));
                const std::scoped_lock lock(mutex);
                ran.insert(job.id);
            }
        }
    });

    for (const JobId id : ids) {
        const store::Job job = find(id);
        EXPECT_TRUE(job.status == Status::Completed || job.status == Status::Stopped);
        EXPECT_EQ(job.attempts, ran.contains(id) ? 1 : 0);
        if (job.status == Status::Stopped) {
            EXPECT_EQ(job.reason, "cancelled");
        }
        EXPECT_TRUE(ran.contains(id) || stopped.contains(id));
    }
}

TEST_P(StoreContract, ReadersSeeWholeJobsWhileOthersWrite) {
    std::atomic<bool> over = false;
    std::jthread reader([&] {
        while (!over) {
            for (const store::Job& job : list({.limit = 20}).jobs) {
                const bool ended = job.status == Status::Completed;
                EXPECT_EQ(ended, job.ended_at.has_value());
                EXPECT_EQ(ended, !job.result_json.empty());
                EXPECT_EQ(job.attempts, ended || job.status == Status::Running ? 1 : 0);
            }
        }
    });
    for (int i = 0; i < 200; ++i) {
        enqueue({});
        Settlement end = succeeded(run_one());
        end.result_json = "1";
        settle(end);
    }
    over = true;
}

}  // namespace jobhost::contract
