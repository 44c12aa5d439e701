#include "run/starters.hpp"

#include <latch>

#include <gtest/gtest.h>

#include "support/fake_runner.hpp"

namespace jobhost::run {
namespace {

using core::Token;

TEST(Starters, ATypeThatHangsHoldsUpNoOther) {
    const auto hanging = std::make_shared<support::FakeRunner>("test.hanging");
    const auto other = std::make_shared<support::FakeRunner>("test.other");
    std::latch released(1);
    base::Channel<Token> done;
    Starters starters([&](const Assignment& assignment) {
        if (assignment.runner == hanging) {
            released.wait();
        }
        done.push(assignment.token);
    });
    for (std::int64_t token = 1; token <= 10; ++token) {
        starters.add({Token{token}, hanging});
    }
    starters.add({Token{11}, other});
    EXPECT_EQ(done.pop({}), Token{11});
    released.count_down();
    EXPECT_EQ(done.pop({}), Token{1});
    EXPECT_EQ(done.pop({}), Token{2}) << "the jobs of a type begin in their order";
}

}  // namespace
}  // namespace jobhost::run
