#include "core/job.hpp"

#include <unordered_set>

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

TEST(Job, EveryKindAndPriorityIsReadByItsName) {
    for (const auto kind : {Kind::Once, Kind::Period, Kind::Persistent}) {
        EXPECT_EQ(kind_from(name(kind)), kind);
    }
    for (const auto priority : {Priority::Low, Priority::BelowNormal, Priority::Normal,
                                Priority::AboveNormal, Priority::High}) {
        EXPECT_EQ(priority_from(name(priority)), priority);
    }
}

TEST(Job, NamesAreThoseOfTheWire) {
    EXPECT_EQ(name(Kind::Once), "once");
    EXPECT_EQ(name(Source::User), "user");
    EXPECT_EQ(name(Source::System), "system");
    EXPECT_EQ(name(Priority::BelowNormal), "below_normal");
}

TEST(Job, OtherNamesAreNotTaken) {
    EXPECT_FALSE(kind_from("Once"));
    EXPECT_FALSE(kind_from(""));
    EXPECT_FALSE(priority_from("highest"));
}

TEST(Job, TokensAreOrderedAndHashed) {
    EXPECT_LT(Token{1}, Token{2});
    const std::unordered_set<Token> tokens{Token{1}, Token{1}, Token{2}};
    EXPECT_EQ(tokens.size(), 2U);
}

TEST(JobDeathTest, ANumberThatIsNoKindHasNoName) {
    EXPECT_DEATH(static_cast<void>(name(static_cast<Kind>(77))), "broken promise");
}

}  // namespace
}  // namespace jobhost::core
