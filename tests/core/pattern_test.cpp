#include "core/pattern.hpp"

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
    const auto compiled = Pattern::compile(pattern);
    EXPECT_TRUE(compiled) << pattern;
    return compiled && compiled->matches(text);
}

TEST(Pattern, IsFoundAnywhereUnlessAnchored) {
    EXPECT_TRUE(matches("b+", "abbc"));
    EXPECT_FALSE(matches("^b+$", "abbc"));
    EXPECT_TRUE(matches("^[a-z]+\\d{2,3}$", "abc123"));
    EXPECT_FALSE(matches("^[a-z]+\\d{2,3}$", "abc1"));
    EXPECT_TRUE(matches("^(https?|ftp)://\\S+$", "https://example.org/x?y=1"));
    EXPECT_TRUE(matches("", ""));
}

TEST(Pattern, CountsCharactersNotBytes) {
    EXPECT_TRUE(matches("^.{3}$", "a\u00FC\u20AC"));
    EXPECT_TRUE(matches("^[\u00E4-\u00FC]$", "\u00F6"));
    EXPECT_TRUE(matches("^.$", "\U0001F600"));
}

TEST(Pattern, APatternThatCannotBeReadIsRefused) {
    for (const auto* pattern : {"(", "[a", "a{2,1}", "*a", "\\", "(a)\\1"}) {
        const auto compiled = Pattern::compile(pattern);
        ASSERT_FALSE(compiled) << pattern;
        EXPECT_EQ(compiled.error().code, "bad_pattern");
    }
    EXPECT_FALSE(Pattern::compile(std::string(Pattern::kLongestPattern + 1, 'a')));
    EXPECT_FALSE(Pattern::compile("((((a{999}){999}){999}){999})"));
}

// With the usual matcher these take longer than anybody waits, or more stack than there is.
TEST(Pattern, NoPatternTakesExponentialTimeOrDeepStack) {
    EXPECT_FALSE(matches("^(a+)+$", std::string(500, 'a') + "!"));
    EXPECT_FALSE(matches("^(a|aa)+$", std::string(500, 'a') + "!"));
    EXPECT_FALSE(matches("^(.*)*x$", std::string(500, 'a')));
    EXPECT_TRUE(matches("^(.|\\n)*$", std::string(Pattern::kLongestText, 'a')));
}

TEST(Pattern, ATextBeyondTheLimitNeverMatches) {
    EXPECT_FALSE(matches("a", std::string(Pattern::kLongestText + 1, 'a')));
}

}  // namespace
}  // namespace jobhost::core
