#include <array>
#include <csignal>
#include <random>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "store/sqlite/opened.hpp"

/// A process that is killed in the middle of its work, again and again, on one file.
namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;

constexpr int kKills = 20;
constexpr int kEnqueuers = 4;

/// What a child reports the moment that the store has acknowledged it; one write to a pipe is
/// whole.
struct Record {
    char what = 0;  ///< 'e'nqueued, 's'ettled, 'c'ancelled
    core::JobId job;
};

void report(int pipe, char what, core::JobId job) {
    const Record record{what, job};
    static_cast<void>(::write(pipe, &record, sizeof record));
}

void keep_enqueuing(Opened& store, int pipe, int batch) {
    for (;;) {
        const std::vector<core::JobSpec> specs(static_cast<std::size_t>(batch),
                                               JobBuilder().spec());
        const auto enqueued = store.jobs().enqueue(specs);
        for (const Enqueued& one : *enqueued) {
            report(pipe, 'e', one.id);
        }
    }
}

void keep_running(Opened& store, int pipe) {
    for (;;) {
        const auto claimed = store.claim(20);
        for (std::size_t i = 0; i < claimed.size(); ++i) {
            if (i % 3 != 0) {
                store.claims().started({&claimed[i].token, 1});
            }
            if (i % 7 == 0 && store.jobs()
                                  .apply(core::Operation::Cancel, {&claimed[i].id, 1}, {})
                                  ->at(0)
                                  .accepted()) {
                report(pipe, 'c', claimed[i].id);
            }
            if (i % 4 != 0 && store.settle(store.succeeded(claimed[i]))) {
                report(pipe, 's', claimed[i].id);
            }
        }
    }
}

[[noreturn]] void work_until_killed(const std::filesystem::path& file, int pipe) {
    Opened store(file);
    std::vector<std::jthread> threads;
    for (int i = 0; i < kEnqueuers; ++i) {
        threads.emplace_back([&store, pipe, i] { keep_enqueuing(store, pipe, 1 + 5 * i); });
    }
    keep_running(store, pipe);
    std::abort();
}

class KillTest : public testing::Test {
protected:
    /// Lets a child work until it has reported `records` things, then kills it.
    void kill_after(int records) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(pipe[0]);
            work_until_killed(file_, pipe[1]);
        }
        ::close(pipe[1]);
        Record record;
        int seen = 0;
        while (::read(pipe[0], &record, sizeof record) == sizeof record) {
            note(record);
            if (++seen == records) {
                ::kill(child, SIGKILL);
            }
        }
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    }

    void note(const Record& record) {
        switch (record.what) {
            case 'e':
                enqueued_.insert(record.job);
                break;
            case 's':
                settled_.insert(record.job);
                break;
            default:
                cancelled_.insert(record.job);
                break;
        }
    }

    void check(Opened& store) {
        EXPECT_THAT(store.violations(), IsEmpty());
        for (const core::JobId id : enqueued_) {
            const auto found = store.jobs().find({&id, 1});
            ASSERT_EQ(found->size(), 1u) << "an acknowledged job is lost";
            if (settled_.contains(id)) {
                EXPECT_THAT(found->at(0).status,
                            testing::AnyOf(core::Status::Completed, core::Status::Stopped));
            }
            EXPECT_LE(found->at(0).attempts, found->at(0).status == core::Status::Queuing ? 0 : 1);
        }
    }

    /// Lands what the killed process held, as a rescuer does.
    void rescue(Opened& store) {
        for (auto dead = *store.claims().dead_claims(50); !dead.empty();
             dead = *store.claims().dead_claims(50)) {
            for (const DeadClaim& one : dead) {
                Settlement end = store.succeeded(one.job);
                end.node = one.node;
                end.transition.to = core::Status::Stopped;
                end.transition.reason = "lost";
                end.transition.outcome = core::AttemptOutcome::Lost;
                EXPECT_EQ(store.settle(end)->at(0).verdict, SettleVerdict::Applied);
            }
        }
    }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    std::set<core::JobId> enqueued_;
    std::set<core::JobId> settled_;
    std::set<core::JobId> cancelled_;
};

TEST_F(KillTest, NothingAcknowledgedIsLostInTwentyKills) {
    std::mt19937 random(20260301);
    std::uniform_int_distribution<int> records(1, 400);
    for (int kill = 0; kill < kKills; ++kill) {
        ASSERT_NO_FATAL_FAILURE(kill_after(records(random)));
        Opened store(file_);
        check(store);
        rescue(store);
        for (const core::JobId id : cancelled_) {
            EXPECT_EQ(store.status(id), core::Status::Stopped);
        }
    }
    EXPECT_GT(enqueued_.size(), 500u);
    EXPECT_FALSE(settled_.empty());

    Opened store(file_);
    for (auto rest = store.claim(500); !rest.empty(); rest = store.claim(500)) {
        for (const ClaimedJob& job : rest) {
            ASSERT_TRUE(store.settle(store.succeeded(job)));
        }
    }
    check(store);
    const auto counts = *store.jobs().counts();
    EXPECT_EQ(counts.at(core::Status::Queuing), 0);
    EXPECT_EQ(counts.at(core::Status::Running), 0);
}

}  // namespace
}  // namespace jobhost::store::sqlite
