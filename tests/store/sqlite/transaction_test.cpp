#include <algorithm>
#include <array>

#include <gmock/gmock.h>

#include "store/sqlite/claim_store.hpp"
#include "store/sqlite/job_store.hpp"
#include "store/sqlite/long_runs.hpp"
#include "store/sqlite/opened.hpp"
#include "store/sqlite/operations.hpp"
#include "store/sqlite/recovery.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/settling.hpp"
#include "store/sqlite/updating.hpp"

/// Operations that meet inside one transaction: the later one must see what the earlier one
/// decided, though memory changes only after the commit. Each test is tried with a transaction that
/// succeeds and with one that fails.
namespace jobhost::store::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

testing::Matcher<const Settled&> is(SettleVerdict verdict) {
    return testing::Field(&Settled::verdict, verdict);
}

/// The parts of a store, so that a test can do several things in one turn of the writer.
class TransactionTest : public testing::TestWithParam<bool> {
protected:
    TransactionTest() {
        live_.with([this](Live& live) {
            live.know(recovered_.epoch, {node_, "node-1"});
            live.frontier().serve({"test.job"});
        });
    }

    void TearDown() override { EXPECT_THAT(*verify(file_), IsEmpty()); }

    static std::unique_ptr<Connection> make(const std::filesystem::path& file) {
        auto writing = *open_writing(file, Access::Create);
        EXPECT_TRUE(migrate(*writing));
        return writing;
    }

    [[nodiscard]] bool succeeds() const { return GetParam(); }

    /// Does all of it in one transaction, which the parameter of the test lets succeed or fail.
    template <typename Work>
    void in_one_transaction(Work work) {
        const auto done = writer_.run([&](Turn& turn) {
            work(turn);
            if (!succeeds()) {
                turn.db.refuse({base::ErrorKind::Limit, "failed", "failed on purpose"});
            }
            return base::Unit{};
        });
        EXPECT_EQ(done.has_value(), succeeds());
    }

    ClaimedJob claim_one() {
        return claims_.claim({.types = {{"test.job", 1}}, .limit = 1})->jobs.at(0);
    }
    std::size_t claimable() {
        return claims_.claim({.types = {{"test.job", 9}}, .limit = 9})->jobs.size();
    }
    Settlement retried(const ClaimedJob& job) {
        Settlement end{.job = job.id,
                       .token = job.token,
                       .node = node_,
                       .transition = {},
                       .started_at = clock_.now(),
                       .ended_at = clock_.now()};
        end.transition.to = core::Status::FailedRetry;
        end.transition.due = clock_.now();
        end.transition.tries = 1;
        end.transition.outcome = core::AttemptOutcome::Failed;
        return end;
    }
    Verdict ask(Turn& turn, core::Operation operation) {
        return apply(turn, operation, {&id_, 1}, {}).at(0);
    }
    Job find(core::JobId id) { return jobs_.find({&id, 1})->at(0); }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
    support::ManualClock clock_;
    std::unique_ptr<Connection> writing_ = make(file_);
    Recovered recovered_ =
        *recover(*writing_, *Board::open(file_, "0123456789abcdef"), clock_.now());
    base::Guarded<Live> live_{std::move(recovered_.live)};
    Writer writer_{{.file = file_, .call_timeout = 10s},
                   std::move(writing_),
                   live_,
                   clock_,
                   {[](Live&) { return std::nullopt; }, [](Turn&) {}}};
    Readers readers_{file_, 10s};
    SqliteJobStore jobs_{readers_, writer_, live_, recovered_.lanes, recovered_.epoch, clock_};
    SqliteClaimStore claims_{file_, readers_, writer_, live_, recovered_.epoch, clock_};
    LaneBook book_;
    const core::NodeId node_ = core::NodeId::make(clock_.now());
    const core::JobId id_ = jobs_.enqueue({&JobBuilder().spec(), 1})->at(0).id;
};

INSTANTIATE_TEST_SUITE_P(Fate, TransactionTest, testing::Bool(), [](const auto& test) {
    return test.param ? "Commit" : "Rollback";
});

TEST_P(TransactionTest, CancelAfterHandBack) {
    const ClaimedJob job = claim_one();

    in_one_transaction([&](Turn& turn) {
        hand_back(turn, {&job.token, 1});
        EXPECT_TRUE(ask(turn, core::Operation::Cancel).accepted());
    });

    EXPECT_EQ(find(id_).status, succeeds() ? core::Status::Stopped : core::Status::Queuing);
    EXPECT_EQ(claimable(), 0u);
    const Settlement end = retried(job);
    EXPECT_THAT(*claims_.settle({&end, 1}),
                ElementsAre(is(succeeds() ? SettleVerdict::Fenced : SettleVerdict::Applied)));
}

TEST_P(TransactionTest, HandBackAfterCancel) {
    const ClaimedJob job = claim_one();

    in_one_transaction([&](Turn& turn) {
        EXPECT_TRUE(ask(turn, core::Operation::Cancel).accepted());
        hand_back(turn, {&job.token, 1});
    });

    EXPECT_EQ(find(id_).status, succeeds() ? core::Status::Stopped : core::Status::Queuing);
    EXPECT_EQ(claimable(), 0u);
    EXPECT_THAT(claims_.claim({})->wants, IsEmpty());
}

TEST_P(TransactionTest, CancelAfterSettle) {
    const Settlement end = retried(claim_one());

    in_one_transaction([&](Turn& turn) {
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
        EXPECT_EQ(ask(turn, core::Operation::Cancel).status, core::Status::FailedRetry);
    });

    EXPECT_EQ(find(id_).status, succeeds() ? core::Status::Stopped : core::Status::Queuing);
    EXPECT_EQ(find(id_).attempts, succeeds() ? 1 : 0);
    EXPECT_EQ(claimable(), 0u);
}

TEST_P(TransactionTest, SettleAfterCancel) {
    const Settlement end = retried(claim_one());

    in_one_transaction([&](Turn& turn) {
        EXPECT_TRUE(ask(turn, core::Operation::Cancel).accepted());
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
    });

    EXPECT_EQ(find(id_).status, succeeds() ? core::Status::Stopped : core::Status::Queuing);
    EXPECT_THAT(claims_.claim({})->wants, IsEmpty());
}

TEST_P(TransactionTest, SettleAfterHandBack) {
    const ClaimedJob job = claim_one();
    const Settlement end = retried(job);

    in_one_transaction([&](Turn& turn) {
        hand_back(turn, {&job.token, 1});
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Fenced)));
    });

    EXPECT_EQ(claimable(), succeeds() ? 1u : 0u);
}

TEST_P(TransactionTest, HandBackAndSettleAgainAfterSettle) {
    const ClaimedJob job = claim_one();
    const Settlement end = retried(job);

    in_one_transaction([&](Turn& turn) {
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
        hand_back(turn, {&job.token, 1});
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Repeated)));
    });

    EXPECT_EQ(claimable(), succeeds() ? 1u : 0u);
    EXPECT_EQ(find(id_).attempts, succeeds() ? 1 : 0);
}

TEST_P(TransactionTest, UpdateAfterSettle) {
    const ClaimedJob job = claim_one();
    const Settlement end = retried(job);
    AttemptUpdate update{.job = id_, .token = job.token};
    update.output = Output{.head = {{core::Stream::Out, "late"}}};

    in_one_transaction([&](Turn& turn) {
        EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
        keep_updates(turn, {&update, 1});
    });

    if (succeeds()) {
        EXPECT_THAT(jobs_.output(id_, 1)->output.head, IsEmpty());
    }
}

TEST_P(TransactionTest, OutputIsWrittenAgainAfterItWasLost) {
    const ClaimedJob job = claim_one();
    claims_.started({&job.token, 1});
    AttemptUpdate update{.job = id_, .token = job.token};
    update.output = Output{.head = {{core::Stream::Out, "text"}}};
    in_one_transaction([&](Turn& turn) { keep_updates(turn, {&update, 1}); });

    ASSERT_TRUE(claims_.update({&update, 1}));

    EXPECT_THAT(jobs_.output(id_, 0)->output.head, SizeIs(1));
}

TEST_P(TransactionTest, ALongRunThatCouldNotBeMarkedIsMarkedLater) {
    const ClaimedJob job = claim_one();
    claims_.started({&job.token, 1});
    clock_.advance(kLongRun);
    const auto due = [&] {
        return live_.with([](Live& live) { return live.next_long_runner(kLongRun); });
    };

    in_one_transaction([&](Turn& turn) {
        mark_long_runs(clock_).work(turn);
        EXPECT_TRUE(due()) << "somebody asks while the fate is open";
    });

    EXPECT_EQ(due().has_value(), !succeeds());
    const Settlement end = retried(job);
    EXPECT_THAT(*claims_.settle({&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
}

/// What may happen to a waiting or running job in one transaction, the settlement included.
constexpr std::array kAsked{core::Operation::Pause,   core::Operation::Stop,
                            core::Operation::Resume,  core::Operation::Start,
                            core::Operation::Disable, core::Operation::Enable,
                            core::Operation::Trigger, core::Operation::Delete};

TEST_P(TransactionTest, AnyTwoOperationsOnAWaitingJob) {
    for (const auto first : kAsked) {
        for (const auto second : kAsked) {
            SCOPED_TRACE(std::string(core::name(first)) + ", " + std::string(core::name(second)));
            const core::JobId id = jobs_.enqueue({&JobBuilder().spec(), 1})->at(0).id;
            in_one_transaction([&](Turn& turn) {
                for (const auto operation : {first, second}) {
                    static_cast<void>(apply(turn, operation, {&id, 1}, {}));
                }
            });
            const auto found = *jobs_.find({&id, 1});
            if (!succeeds()) {
                EXPECT_EQ(found.at(0).status, core::Status::Queuing);
                EXPECT_EQ(found.at(0).version, 1);
            }
            const bool waits =
                !found.empty() && found[0].spec.enabled && found[0].status == core::Status::Queuing;
            const auto claimed = claims_.claim({.types = {{"test.job", 99}}, .limit = 99})->jobs;
            const bool is_claimed = std::ranges::count(claimed, id, &ClaimedJob::id) == 1;
            EXPECT_EQ(is_claimed, waits);
        }
    }
}

TEST_P(TransactionTest, AnyOperationBeforeAndAfterASettlement) {
    for (const auto operation : kAsked) {
        for (const bool before : {true, false}) {
            SCOPED_TRACE(core::name(operation));
            static_cast<void>(claimable());
            const core::JobId id = jobs_.enqueue({&JobBuilder().spec(), 1})->at(0).id;
            const ClaimedJob job = claim_one();
            claims_.started({&job.token, 1});
            const Settlement end = retried(job);
            in_one_transaction([&](Turn& turn) {
                if (before) {
                    static_cast<void>(apply(turn, operation, {&id, 1}, {}));
                }
                EXPECT_THAT(settle(turn, {&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
                if (!before) {
                    static_cast<void>(apply(turn, operation, {&id, 1}, {}));
                }
            });
            EXPECT_THAT(claims_.claim({})->wants, IsEmpty());
            if (!succeeds()) {
                EXPECT_EQ(find(id).status, core::Status::Running);
                EXPECT_THAT(*claims_.settle({&end, 1}), ElementsAre(is(SettleVerdict::Applied)));
            }
        }
    }
}

TEST_P(TransactionTest, AnUpdateThatNeedsANewLane) {
    core::JobSpec spec = JobBuilder().label("site", "here").spec();
    spec.priority = core::Priority::High;
    in_one_transaction([&](Turn& turn) {
        EXPECT_TRUE(update(turn, book_, id_, prepare({&spec, 1}).front(), {}).accepted());
    });

    EXPECT_EQ(find(id_).version, succeeds() ? 2 : 1);
    EXPECT_EQ(claimable(), succeeds() ? 0u : 1u);
    ASSERT_TRUE(jobs_.update(id_, JobBuilder().spec(), {}));
    EXPECT_EQ(claimable(), succeeds() ? 1u : 0u) << "it is held when it could be claimed before";
}

TEST_P(TransactionTest, TwoCancels) {
    in_one_transaction([&](Turn& turn) {
        EXPECT_TRUE(ask(turn, core::Operation::Cancel).accepted());
        EXPECT_FALSE(ask(turn, core::Operation::Cancel).accepted());
    });

    EXPECT_EQ(claimable(), succeeds() ? 0u : 1u);
}

}  // namespace
}  // namespace jobhost::store::sqlite
