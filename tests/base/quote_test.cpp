#include "base/quote.hpp"

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

using namespace std::string_literals;

std::string appended(std::string_view text) {
    std::string out = ">";
    append_quoted(out, text);
    return out;
}

TEST(Quote, PlainTextOnlyGetsItsQuotes) {
    EXPECT_EQ(appended(""), R"(>"")");
    EXPECT_EQ(appended("caf\u00E9 \U0001F600"), ">\"caf\u00E9 \U0001F600\"");
}

TEST(Quote, QuotesAndBackslashesAreEscaped) { EXPECT_EQ(appended(R"(a"b\c)"), R"(>"a\"b\\c")"); }

TEST(Quote, NoControlCharacterGoesThrough) {
    EXPECT_EQ(appended("\n\r\t\0\x1B\x7F"s), R"(>"\n\r\t\u0000\u001b\u007f")");
    EXPECT_EQ(appended("\u0085\u009B"), R"(>"\u0085\u009b")");
    EXPECT_EQ(appended("\u2028\u2029\u2027"), ">\"\\u2028\\u2029\u2027\"");
}

TEST(Quote, BytesThatAreNotUtf8BecomeReplacements) {
    EXPECT_EQ(appended("a\xFFz"), ">\"a\uFFFDz\"");
}

TEST(Quote, AWordInAMessageIsCut) {
    EXPECT_EQ(in_quotes("word"), "\"word\"");
    EXPECT_EQ(in_quotes(std::string(64, 'x')).size(), 66U);
    EXPECT_EQ(in_quotes(std::string(65, 'x')), '"' + std::string(64, 'x') + "…\"");
    EXPECT_EQ(in_quotes(std::string(63, 'x') + "\u00FCx"), '"' + std::string(63, 'x') + "…\"");
}

}  // namespace
}  // namespace jobhost::base
