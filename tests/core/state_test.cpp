#include "core/state.hpp"

#include <map>
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

/// The preconditions once more, in the words of whoever asks for them.
const std::map<Operation, std::set<Status>>& preconditions() {
    using enum Status;
    static const std::set<Status> stored{Queuing, Running, FailedRetry, Paused, Stopped, Completed};
    static const std::map<Operation, std::set<Status>> all{
        {Operation::Start, {None, Stopped, FailedRetry}},
        {Operation::Trigger, {Queuing, Running, Completed, FailedRetry}},
        {Operation::Pause, {Queuing, Running, FailedRetry}},
        {Operation::Resume, {Paused, Stopped}},
        {Operation::Stop, {Queuing, Running, FailedRetry, Paused}},
        {Operation::Cancel, {Queuing, Running, FailedRetry, Paused}},
        {Operation::Enable, stored},
        {Operation::Disable, stored},
        {Operation::Update, stored},
        {Operation::Delete, {Stopped, Completed}},
        {Operation::Copy, stored},
    };
    return all;
}

TEST(State, EveryOperationIsAllowedExactlyWhereItIsMeantToBe) {
    ASSERT_EQ(preconditions().size(), all_operations().size());
    for (const auto operation : all_operations()) {
        for (const auto status : all_statuses()) {
            EXPECT_EQ(allows(status, operation), preconditions().at(operation).contains(status))
                << name(operation) << " " << name(status);
        }
    }
}

TEST(State, AWishChangesOnlyThatARunningJobCanBeResumed) {
    for (const auto operation : all_operations()) {
        for (const auto status : all_statuses()) {
            for (const auto want : all_wants()) {
                const bool taken_back = operation == Operation::Resume &&
                                        status == Status::Running && ends_attempt(want);
                EXPECT_EQ(allows(status, operation, want), taken_back || allows(status, operation))
                    << name(operation) << " " << name(status) << " " << name(want);
            }
        }
    }
}

TEST(State, TheLastWishCountsAndOnlyFourOperationsAreWishes) {
    const std::map<Operation, Want> wishes{{Operation::Pause, Want::Pause},
                                           {Operation::Stop, Want::Stop},
                                           {Operation::Cancel, Want::Cancel},
                                           {Operation::Resume, Want::Resume}};
    for (const auto operation : all_operations()) {
        for (const auto want : all_wants()) {
            const auto wish = wishes.find(operation);
            EXPECT_EQ(want_after(want, operation), wish == wishes.end() ? want : wish->second);
        }
    }
}

TEST(State, AWishToEndIsWhatTheAttemptIsToldAbout) {
    EXPECT_FALSE(ends_attempt(Want::Nothing));
    EXPECT_FALSE(ends_attempt(Want::Resume));
    EXPECT_TRUE(ends_attempt(Want::Cancel));
    EXPECT_TRUE(ends_attempt(Want::Pause));
    EXPECT_TRUE(ends_attempt(Want::Stop));
}

TEST(State, ARefusalSaysWhereTheJobStandsAndWhatItTakes) {
    const auto refusal = not_allowed(Status::Paused, Operation::Pause);
    EXPECT_EQ(refusal.kind, base::ErrorKind::Conflict);
    EXPECT_EQ(refusal.code, "wrong_status");
    EXPECT_EQ(
        refusal.message,
        "A job that is paused does not take \"pause\"; it takes resume, stop, cancel, enable, "
        "disable, update, copy.");
}

TEST(State, StoppedAndCompletedAreFinal) {
    EXPECT_TRUE(is_final(Status::Stopped));
    EXPECT_TRUE(is_final(Status::Completed));
    EXPECT_FALSE(is_final(Status::Paused));
    EXPECT_FALSE(is_final(Status::None));
}

TEST(State, EveryOperationIsReadByItsName) {
    std::set<std::string_view> names;
    for (const auto operation : all_operations()) {
        EXPECT_EQ(operation_from(name(operation)), operation);
        names.insert(name(operation));
    }
    EXPECT_EQ(names.size(), 11U);
    EXPECT_FALSE(operation_from("Pause"));
}

}  // namespace
}  // namespace jobhost::core
