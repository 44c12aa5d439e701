#include "base/json.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

using namespace std::string_literals;

std::string nested(std::size_t depth, char open, char close) {
    return std::string(depth, open) + std::string(depth, close);
}

Error error_of(std::string text) {
    const auto document = parse_json(std::move(text));
    return document ? Error{} : document.error();
}

TEST(ParseJson, ReadsEveryKindOfValue) {
    const auto document = parse_json(R"({"a":[1,-2,3.5,true,false,null,"x"],"b":{}})");
    ASSERT_TRUE(document);
    const auto& object = document->value.as_object();
    EXPECT_EQ(object.at("a").as_array().size(), 7U);
    EXPECT_EQ(object.at("a").at(1), -2);
    EXPECT_TRUE(object.at("b").as_object().empty());
}

TEST(ParseJson, TakesADocumentOfAnyKindWithWhiteSpaceAround) {
    EXPECT_EQ(parse_json(" \r\n\t17 \n")->value, 17);
    EXPECT_EQ(parse_json("\"x\"")->value, "x");
    EXPECT_TRUE(parse_json("null")->value.is_null());
}

TEST(ParseJson, KeepsTheTextAsItWas) {
    const std::string text = "{ \"n\" : 1.50 }\n";
    EXPECT_EQ(parse_json(text)->text, text);
}

TEST(ParseJson, IntegersOf64BitsAreExact) {
    EXPECT_EQ(parse_json("9223372036854775807")->value.as_int64(),
              std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(parse_json("-9223372036854775808")->value.as_int64(),
              std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parse_json("18446744073709551615")->value.as_uint64(),
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(parse_json("9007199254740993")->value.as_int64(), 9007199254740993);
}

TEST(ParseJson, RefusesWhatIsNotJsonWithLineAndColumn) {
    EXPECT_EQ(error_of("{\n  \"a\": tru\n}").message, "line 2, column 8: unexpected \"t\"");
    EXPECT_EQ(error_of("{\"a\":}").message, "line 1, column 6: unexpected \"}\"");
    EXPECT_EQ(error_of("").message, "line 1, column 1: the document ends too early");
    EXPECT_EQ(error_of("[1,2").message, "line 1, column 5: the document ends too early");
    EXPECT_EQ(error_of("{\"\u00FC\": \u00FC}").message, "line 1, column 7: unexpected \"\u00FC\"");
}

TEST(ParseJson, TheCodeSaysWhatKindOfMistakeItIs) {
    for (const std::string& text :
         {"{a:1}"s,   "{'a':1}"s,     "[1,]"s,  "{\"a\":1,}"s,     "[01]"s,    "[+1]"s,
          "[.5]"s,    "[1.]"s,        "[NaN]"s, "[Infinity]"s,     "// x\n1"s, "\"\n\""s,
          "\"\\x\""s, "\"\\u12g4\""s, "\"a"s,   "\xEF\xBB\xBF{}"s, "{} {}"s,   "1 2"s,
          "{}x"s,     "\0"s,          "{}\0"s}) {
        EXPECT_EQ(error_of(text).code, "json_syntax") << text;
    }
    EXPECT_EQ(error_of("\"\xFF\"").code, "json_encoding");
    EXPECT_EQ(error_of("\"\xED\xA0\x80\"").code, "json_encoding");
    EXPECT_EQ(error_of("[\"a\",\xC3]").message,
              "line 1, column 6: a byte that does not belong to UTF-8");
    EXPECT_EQ(error_of(R"("\ud800")").code, "json_syntax");
    EXPECT_EQ(error_of(R"("\udc00")").code, "json_syntax");
    EXPECT_EQ(error_of(R"("\ud800A")").code, "json_syntax");
    EXPECT_EQ(error_of("{}x").kind, ErrorKind::Invalid);
}

TEST(ParseJson, NestingEndsAt32Levels) {
    EXPECT_TRUE(parse_json(nested(kJsonDepth, '[', ']')));
    EXPECT_EQ(error_of(nested(kJsonDepth + 1, '[', ']')).code, "json_depth");
    EXPECT_EQ(error_of(std::string(1'000'000, '[')).code, "json_depth");
    std::string objects;
    for (int i = 0; i < 40; ++i) {
        objects += "{\"a\":";
    }
    EXPECT_EQ(error_of(objects).code, "json_depth");
}

TEST(ParseJson, NoObjectMayHaveAKeyTwice) {
    const auto error = error_of("{\"a\":1,\n \"b\":2, \"a\":3}");
    EXPECT_EQ(error.code, "json_duplicate_key");
    EXPECT_EQ(error.message, "line 2, column 9: the key \"a\" is there twice");
    EXPECT_EQ(error_of(R"({"x":[{"y":{"a":1,"a":1}}]})").code, "json_duplicate_key");
    EXPECT_EQ(error_of(R"({"a":1,"\u0061":2})").code, "json_duplicate_key");
    EXPECT_EQ(error_of(R"({"":1,"":2})").code, "json_duplicate_key");
}

TEST(ParseJson, TheSameKeyInDifferentObjectsIsFine) {
    EXPECT_TRUE(parse_json(R"({"a":{"a":[{"a":1},{"a":2}]},"b":{"a":"a"},"c":["a","a"]})"));
    EXPECT_TRUE(parse_json(R"({"a":"\"a\":1,","b":"{\"b\":1}"})"));
}

TEST(ParseJson, ANumberThatIsTooLargeForADoubleIsNotAnError) {
    EXPECT_TRUE(parse_json("[1e400]"));
    EXPECT_EQ(error_of("[1e99999999999999999999]").code, "json_syntax");
}

TEST(JsonText, AMemberIsGivenAsItWasWritten) {
    const auto document = parse_json(
        "{\"skip\": {\"args\": [1, \"}\"]}, \"args\" :  {\"big\": 123456789012345678901234567890, "
        "\"x\": \"\\u0041}\\\"\"} , \"last\":true}");
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->member("args"),
              "{\"big\": 123456789012345678901234567890, \"x\": \"\\u0041}\\\"\"}");
    EXPECT_EQ(document->member("last"), "true");
    EXPECT_EQ(document->member("skip"), "{\"args\": [1, \"}\"]}");
}

TEST(JsonText, AMemberIsFoundByWhatItsKeyMeans) {
    EXPECT_EQ(parse_json(R"({"\u0061rgs":[ 1 ]})")->member("args"), "[ 1 ]");
    EXPECT_EQ(parse_json(R"({"a\"b":1})")->member("a\"b"), "1");
}

TEST(JsonText, WhatIsNotThereIsEmpty) {
    EXPECT_EQ(parse_json(R"({"a":1})")->member("b"), "");
    EXPECT_EQ(parse_json("{}")->member("a"), "");
    EXPECT_EQ(parse_json("[\"a\",1]")->member("a"), "");
    EXPECT_EQ(parse_json("\"a\"")->member("a"), "");
    EXPECT_EQ(parse_json(R"({"x":{"a":1}})")->member("a"), "");
}

TEST(JsonText, ScalarsAndEmptyValuesAreCutOutExactly) {
    const auto document = parse_json(R"( {"n":-1.5e3,"s":"","o":{},"l":[] ,"z":null} )");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->member("n"), "-1.5e3");
    EXPECT_EQ(document->member("s"), "\"\"");
    EXPECT_EQ(document->member("o"), "{}");
    EXPECT_EQ(document->member("l"), "[]");
    EXPECT_EQ(document->member("z"), "null");
}

/// Whatever is sent: it is refused, or every member's text means what the document says.
TEST(JsonText, MembersOfDamagedDocumentsAreRightOrRefused) {
    const std::string whole =
        "{\"a\": [1, \"]}\\\"\", {\"b\": {}}], \"\\u00e9\": -1.5e3, \"c\\\\\": "
        "{\"d\":[null,true,false]} , \"\u20AC\":\"\u20AC\"}";
    constexpr std::string_view kLetters = "{}[]\",:\\u0a1e-. \n\x80\xE2";
    std::mt19937 random(20260301);
    int accepted = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string text = whole;
        for (unsigned change = 0; change < 1 + random() % 3; ++change) {
            const auto at = random() % text.size();
            const char letter = kLetters[random() % kLetters.size()];
            if (random() % 2 == 0) {
                text[at] = letter;
            } else {
                text.insert(at, 1, letter);
            }
        }
        const auto document = parse_json(text);
        if (!document || !document->value.is_object()) {
            continue;
        }
        ++accepted;
        for (const auto& [key, value] : document->value.get_object()) {
            const auto member = parse_json(std::string(document->member(key)));
            ASSERT_TRUE(member) << text;
            ASSERT_EQ(member->value, value) << text;
        }
    }
    EXPECT_GT(accepted, 1000);
}

TEST(ToText, WritesWhatCanBeReadBack) {
    const std::string text =
        R"({"a":[1,-9223372036854775808,18446744073709551615,1.5,true,false,null],"b":{"c":"x\ny"}})";
    EXPECT_EQ(to_text(parse_json(text)->value), text);
    EXPECT_EQ(to_text(JsonObject{}), "{}");
    EXPECT_EQ(to_text(JsonArray{}), "[]");
}

TEST(ToText, NumbersLookLikePeopleWriteThem) {
    EXPECT_EQ(to_text(1.5), "1.5");
    EXPECT_EQ(to_text(30.0), "30");
    EXPECT_EQ(to_text(0.1), "0.1");
    EXPECT_EQ(parse_json(to_text(1e300))->value, 1e300);
}

TEST(ToText, WhatJsonCannotSayBecomesNull) {
    EXPECT_EQ(to_text(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(to_text(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(ToText, NoTextBreaksTheDocument) {
    const std::string text = to_text(JsonObject{{"k\"\xFF", "v\0\n\xC3"s}});
    const auto document = parse_json(text);
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(document->value.at("k\"\uFFFD").as_string(), "v\0\n\uFFFD"s);
}

TEST(Find, GivesNullForWhatIsAbsent) {
    const JsonObject object{{"a", 1}};
    ASSERT_NE(find(object, "a"), nullptr);
    EXPECT_EQ(*find(object, "a"), 1);
    EXPECT_EQ(find(object, "b"), nullptr);
}

}  // namespace
}  // namespace jobhost::base
