#include "upkeep/inspector.hpp"

#include <gtest/gtest.h>

#include "support/fake_maintenance.hpp"

namespace jobhost::upkeep {
namespace {

class InspectorTest : public testing::Test {
protected:
    [[nodiscard]] bool counts(const std::string& line) const {
        return metrics.text().find(line) != std::string::npos;
    }

    support::FakeMaintenance store;
    base::Metrics metrics;
    Inspector inspector{store, metrics};
};

TEST_F(InspectorTest, GoesOnUntilARoundIsDone) {
    store.checked = {{.more = true}, {.more = true}, {}};
    EXPECT_FALSE(inspector.has_more());
    ASSERT_TRUE(inspector.step());
    EXPECT_TRUE(inspector.has_more());
    ASSERT_TRUE(inspector.step());
    EXPECT_TRUE(inspector.has_more());
    EXPECT_TRUE(counts("jobhost_check_rounds_total 0"));
    ASSERT_TRUE(inspector.step());
    EXPECT_FALSE(inspector.has_more());
    EXPECT_TRUE(counts("jobhost_check_rounds_total 1"));
}

TEST_F(InspectorTest, CountsWhatItFindsByKind) {
    store.checked = {{.placed = 1, .displaced = 2, .counters = 3, .left = 4}};
    ASSERT_TRUE(inspector.step());
    EXPECT_TRUE(counts(R"(jobhost_check_findings_total{kind="nowhere"} 1)"));
    EXPECT_TRUE(counts(R"(jobhost_check_findings_total{kind="misplaced"} 2)"));
    EXPECT_TRUE(counts(R"(jobhost_check_findings_total{kind="counter"} 3)"));
    EXPECT_TRUE(counts(R"(jobhost_check_findings_total{kind="left"} 4)"));
}

TEST_F(InspectorTest, WaitsForItsNextTimeWhenTheStoreDoesNotAnswer) {
    store.checked = {{.more = true}};
    ASSERT_TRUE(inspector.step());
    store.failure = base::Error{base::ErrorKind::Unavailable, "away", "away"};
    const auto failed = inspector.step();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "away");
    EXPECT_FALSE(inspector.has_more());
}

}  // namespace
}  // namespace jobhost::upkeep
