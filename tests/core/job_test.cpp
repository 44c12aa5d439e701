#include "core/job.hpp"

#include <limits>
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

TEST(EffectivePriority, FallsInThirdsOfTheLimit) {
    struct Row {
        int max_tries;
        int last_unchanged;
        int last_below_normal;
    };
    for (const Row& row : {Row{2, 0, 1}, Row{3, 1, 2}, Row{10, 3, 6}, Row{50, 16, 33}}) {
        for (int tries = 0; tries <= row.max_tries; ++tries) {
            const auto expected = tries <= row.last_unchanged      ? Priority::High
                                  : tries <= row.last_below_normal ? Priority::BelowNormal
                                                                   : Priority::Low;
            EXPECT_EQ(effective_priority(Priority::High, tries, row.max_tries), expected)
                << tries << " of " << row.max_tries;
        }
    }
}

TEST(EffectivePriority, IsUnchangedWithoutALimitOrWithOneTry) {
    for (const int max_tries : {0, 1}) {
        for (const int tries : {0, 1, 2, 1'000'000, std::numeric_limits<int>::max()}) {
            EXPECT_EQ(effective_priority(Priority::Normal, tries, max_tries), Priority::Normal);
        }
    }
}

TEST(EffectivePriority, NeverRisesAndFallsWithEveryFailureOrNotAtAll) {
    constexpr int kMost = std::numeric_limits<int>::max();
    for (const auto priority : {Priority::Low, Priority::BelowNormal, Priority::Normal,
                                Priority::AboveNormal, Priority::High}) {
        for (const int max_tries : {0, 1, 2, 3, 4, 5, 7, 50, 1'000'000, kMost}) {
            Priority before = priority;
            for (const int tries : {0, 1, 2, 3, 4, 5, 17, 34, 50, 333'334, 666'667, kMost}) {
                const auto now = effective_priority(priority, tries, max_tries);
                EXPECT_LE(now, before) << tries << " of " << max_tries;
                before = now;
            }
            EXPECT_EQ(effective_priority(priority, 0, max_tries), priority);
        }
    }
}

TEST(JobDeathTest, ANumberThatIsNoKindHasNoName) {
    EXPECT_DEATH(static_cast<void>(name(static_cast<Kind>(77))), "broken promise");
}

}  // namespace
}  // namespace jobhost::core
