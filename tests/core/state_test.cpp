#include "core/state.hpp"

#include <set>

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

TEST(State, EveryStatusIsReadByItsName) {
    std::set<std::string_view> names;
    for (const auto status : all_statuses()) {
        EXPECT_EQ(status_from(name(status)), status);
        names.insert(name(status));
    }
    EXPECT_EQ(names.size(), 7U);
    EXPECT_FALSE(status_from("Queuing"));
    EXPECT_FALSE(status_from(""));
}

TEST(State, OnlyWhatIsNotOverCanBeCancelled) {
    for (const auto status : all_statuses()) {
        const bool alive = status != Status::None && !is_final(status);
        EXPECT_EQ(allows(status, Operation::Cancel), alive) << name(status);
    }
}

TEST(State, StoppedAndCompletedAreFinal) {
    EXPECT_TRUE(is_final(Status::Stopped));
    EXPECT_TRUE(is_final(Status::Completed));
    EXPECT_FALSE(is_final(Status::Paused));
    EXPECT_FALSE(is_final(Status::None));
}

TEST(State, OperationsHaveNames) {
    for (const auto operation : all_operations()) {
        EXPECT_EQ(name(operation), "cancel");
    }
}

}  // namespace
}  // namespace jobhost::core
