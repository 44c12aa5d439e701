#include "environment.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

TEST(Environment, HasTheFactsOfTheAttempt) {
    EXPECT_EQ(environment_for({}, {}, {"id", "", "", 2}),
              (Environment{{"JOBHOST_ATTEMPT", "2"}, {"JOBHOST_JOB_ID", "id"}}));
    EXPECT_EQ(environment_for({}, {}, {"id", "name", "trace", 1}),
              (Environment{{"JOBHOST_ATTEMPT", "1"},
                           {"JOBHOST_JOB_ID", "id"},
                           {"JOBHOST_JOB_NAME", "name"},
                           {"JOBHOST_TRACEPARENT", "trace"},
                           {"TRACEPARENT", "trace"}}));
}

TEST(Environment, TheJobCountsMoreThanTheOperator) {
    const auto all = environment_for({{"A", "base"}, {"B", "base"}}, {{"B", "own"}}, {});
    EXPECT_EQ(all.at("A"), "base");
    EXPECT_EQ(all.at("B"), "own");
}

TEST(Environment, TheTraceOfTheAttemptCountsMoreThanTheOperators) {
    EXPECT_EQ(
        environment_for({{"TRACEPARENT", "base"}}, {}, {"id", "", "trace", 1}).at("TRACEPARENT"),
        "trace");
}

TEST(Environment, NamesAndValuesAreJudged) {
    EXPECT_FALSE(mistake_in_variable("NAME", "any = value\n"));
    EXPECT_FALSE(mistake_in_variable("lower case too", ""));
    EXPECT_TRUE(mistake_in_variable("", "x"));
    EXPECT_TRUE(mistake_in_variable("A=B", "x"));
    EXPECT_TRUE(mistake_in_variable(std::string("A\0B", 3), "x"));
    EXPECT_TRUE(mistake_in_variable("A", std::string("x\0y", 3)));
    EXPECT_TRUE(mistake_in_variable("JOBHOST_JOB_ID", "x"));
}

}  // namespace
}  // namespace jobhost::shell
