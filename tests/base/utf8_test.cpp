#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

using namespace std::string_literals;

TEST(Utf8, CharactersOfOneToFourBytesAreMeasured) {
    EXPECT_EQ(utf8_length("a"), 1U);
    EXPECT_EQ(utf8_length("\xC3\xBC"), 2U);
    EXPECT_EQ(utf8_length("\xE2\x82\xAC"), 3U);
    EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80"), 4U);
}

TEST(Utf8, TheBordersOfTheEncodingAreKept) {
    EXPECT_TRUE(is_clean_utf8("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80"));
    EXPECT_TRUE(is_clean_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(Utf8, WhatIsNotUtf8IsSeen) {
    for (const std::string& bytes : {"\x80"s,              // a continuation alone
                                     "\xC0\xAF"s,          // overlong
                                     "\xC1\xBF"s,          // overlong
                                     "\xE0\x9F\xBF"s,      // overlong
                                     "\xF0\x8F\xBF\xBF"s,  // overlong
                                     "\xED\xA0\x80"s,      // a surrogate
                                     "\xF4\x90\x80\x80"s,  // above U+10FFFF
                                     "\xF5\x80\x80\x80"s, "\xFF"s,
                                     "\xC3"s,          // cut
                                     "\xE2\x82"s,      // cut
                                     "\xF0\x9F\x98"s,  // cut
                                     "\xE2\x28\xA1"s, "\xE2\x82\x28"s}) {
        EXPECT_EQ(utf8_length(bytes), std::nullopt) << ::testing::PrintToString(bytes);
        EXPECT_FALSE(is_clean_utf8("ok" + bytes));
    }
    EXPECT_EQ(utf8_length(""), std::nullopt);
}

TEST(Utf8, NulIsNotClean) {
    EXPECT_FALSE(is_clean_utf8("a\0b"s));
    EXPECT_TRUE(is_clean_utf8(""));
}

TEST(Utf8, BadBytesAreReplacedOneByOneAndTheRestIsKept) {
    EXPECT_EQ(to_utf8("a\xFF\xC3\xBC\xE2\x82z\0"s), "a\uFFFD\u00FC\uFFFD\uFFFDz\uFFFD");
    EXPECT_TRUE(is_clean_utf8(to_utf8("\xF0\x9F\x98")));
    EXPECT_EQ(to_utf8("plain"), "plain");
}

TEST(Utf8, CharactersAreCountedNotBytes) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("a\u00FC\u20AC\U0001F600"), 4U);
}

TEST(Utf8, ControlCharactersAreFound) {
    EXPECT_TRUE(has_control_characters("a\tb"));
    EXPECT_TRUE(has_control_characters("\x1B[2J"));
    EXPECT_TRUE(has_control_characters("\x7F"));
    EXPECT_TRUE(has_control_characters("\u0085"));
    EXPECT_TRUE(has_control_characters("\u009B"));
    EXPECT_FALSE(has_control_characters("\u00A0 caf\u00E9 \u20AC"));
    EXPECT_FALSE(has_control_characters(""));
}

TEST(Utf8, CuttingNeverSplitsACharacter) {
    EXPECT_EQ(cut_utf8("a\u20ACb", 10), "a\u20ACb");
    EXPECT_EQ(cut_utf8("a\u20ACb", 4), "a\u20AC");
    EXPECT_EQ(cut_utf8("a\u20ACb", 3), "a");
    EXPECT_EQ(cut_utf8("a\u20ACb", 2), "a");
    EXPECT_EQ(cut_utf8("\u20AC", 2), "");
    EXPECT_EQ(cut_utf8("abc", 0), "");
}

}  // namespace
}  // namespace jobhost::base
