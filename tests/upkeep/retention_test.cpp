#include "upkeep/retention.hpp"

#include <gtest/gtest.h>

#include "support/fake_maintenance.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::upkeep {
namespace {

using std::chrono::days;
using std::chrono::hours;

class RetentionTest : public testing::Test {
protected:
    store::Cutoffs asked_with(const RetentionOptions& options) {
        Retention retention(options, store, metrics, clock);
        EXPECT_TRUE(retention.step());
        return store.asked.back();
    }

    support::ManualClock clock;
    support::FakeMaintenance store;
    base::Metrics metrics;
};

TEST_F(RetentionTest, AsksForWhatIsOlderThanTheSettingsSay) {
    const auto cutoffs = asked_with({});
    EXPECT_EQ(cutoffs.completed, clock.now() - days(15));
    EXPECT_EQ(cutoffs.stopped, clock.now() - days(90));
    EXPECT_EQ(cutoffs.not_run, clock.now() - days(90));
    EXPECT_EQ(cutoffs.output, core::Instant::min()) << "output goes with its job";
    EXPECT_FALSE(cutoffs.most_finished);
}

TEST_F(RetentionTest, AsksForOutputsAndNumbersWhenTheSettingsDo) {
    const auto cutoffs = asked_with({.completed = hours(1),
                                     .stopped = hours(2),
                                     .output = hours(3),
                                     .not_run = hours(5),
                                     .max_finished = 4});
    EXPECT_EQ(cutoffs.completed, clock.now() - hours(1));
    EXPECT_EQ(cutoffs.stopped, clock.now() - hours(2));
    EXPECT_EQ(cutoffs.output, clock.now() - hours(3));
    EXPECT_EQ(cutoffs.not_run, clock.now() - hours(5));
    EXPECT_EQ(cutoffs.most_finished, 4);
}

TEST_F(RetentionTest, GoesOnWhileThereIsMoreAndCountsWhatWent) {
    store.pruned = {
        {.jobs = 500, .more = true}, {.jobs = 7, .more = true}, {.outputs = 3, .records = 2}};
    Retention retention({}, store, metrics, clock);
    EXPECT_FALSE(retention.has_more());
    ASSERT_TRUE(retention.step());
    EXPECT_TRUE(retention.has_more());
    ASSERT_TRUE(retention.step());
    EXPECT_TRUE(retention.has_more());
    ASSERT_TRUE(retention.step());
    EXPECT_FALSE(retention.has_more());
    EXPECT_NE(metrics.text().find("jobhost_jobs_pruned_total 507"), std::string::npos);
    EXPECT_NE(metrics.text().find("jobhost_outputs_pruned_total 3"), std::string::npos);
    EXPECT_NE(metrics.text().find("jobhost_records_pruned_total 2"), std::string::npos);
}

TEST_F(RetentionTest, WaitsForItsNextTimeWhenTheStoreDoesNotAnswer) {
    store.pruned = {{.jobs = 1, .more = true}};
    Retention retention({}, store, metrics, clock);
    ASSERT_TRUE(retention.step());
    store.failure = base::Error{base::ErrorKind::Unavailable, "away", "away"};
    const auto failed = retention.step();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "away");
    EXPECT_FALSE(retention.has_more());
}

}  // namespace
}  // namespace jobhost::upkeep
