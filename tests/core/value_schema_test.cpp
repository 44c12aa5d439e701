#include "core/value_schema.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

std::string mistake_in(const std::string& schema_json) {
    const auto schema = ValueSchema::read(schema_json);
    return schema ? "" : schema.error().message;
}

TEST(ValueSchema, NothingRestrictsNothing) {
    const auto schema = ValueSchema::read("");
    ASSERT_TRUE(schema);
    EXPECT_FALSE(schema->minimum || schema->maximum || schema->min_length || schema->max_length);
    EXPECT_FALSE(schema->pattern.has_value());
    EXPECT_TRUE(schema->choices.empty());
}

TEST(ValueSchema, ReadsBothSpellings) {
    for (const auto* text :
         {R"({"min_length":1,"max_length":9})", R"({"minLength":1,"maxLength":9})"}) {
        const auto schema = ValueSchema::read(text);
        ASSERT_TRUE(schema);
        EXPECT_EQ(schema->min_length, 1U);
        EXPECT_EQ(schema->max_length, 9U);
    }
}

TEST(ValueSchema, ReadsBoundsPatternAndChoices) {
    const auto schema =
        ValueSchema::read(R"({"minimum":-1,"maximum":2.5,"pattern":"^a","enum":["x",1,null]})");
    ASSERT_TRUE(schema);
    EXPECT_EQ(*schema->minimum, -1);
    EXPECT_EQ(*schema->maximum, 2.5);
    EXPECT_TRUE(schema->pattern->matches("abc"));
    EXPECT_EQ(schema->choices.size(), 3U);
}

TEST(ValueSchema, WhatItDoesNotKnowItIgnores) {
    EXPECT_TRUE(ValueSchema::read(R"({"title":"x","format":"uri","multipleOf":2})"));
}

TEST(ValueSchema, WhatItKnowsMustBeRight) {
    EXPECT_NE(mistake_in("{"), "");
    EXPECT_EQ(mistake_in("[]"), "it must be an object");
    EXPECT_EQ(mistake_in(R"({"minimum":"1"})"), "\"minimum\" must be a number");
    EXPECT_EQ(mistake_in(R"({"maximum":null})"), "\"maximum\" must be a number");
    EXPECT_NE(mistake_in(R"({"minLength":-1})"), "");
    EXPECT_NE(mistake_in(R"({"max_length":1.5})"), "");
    EXPECT_NE(mistake_in(R"({"maxLength":"9"})"), "");
    EXPECT_EQ(mistake_in(R"({"pattern":1})"), "\"pattern\" must be a text");
    EXPECT_NE(mistake_in(R"({"pattern":"("})"), "");
    EXPECT_NE(mistake_in(R"({"enum":[]})"), "");
    EXPECT_NE(mistake_in(R"({"enum":"a"})"), "");
}

TEST(CompareNumbers, IsExactAcrossKinds) {
    using base::Json;
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(compare_numbers(Json(1), Json(2)) < 0);
    EXPECT_TRUE(compare_numbers(Json(-1), Json(std::uint64_t(1))) < 0);
    EXPECT_TRUE(compare_numbers(Json(2), Json(2.0)) == 0);
    EXPECT_TRUE(compare_numbers(Json(kMost), Json(9223372036854775808.0)) < 0);
    EXPECT_TRUE(compare_numbers(Json(std::uint64_t(18446744073709551615U)),
                                Json(18446744073709551616.0)) < 0);
    EXPECT_TRUE(compare_numbers(Json(kMost), Json(kMost - 1)) > 0);
    EXPECT_TRUE(compare_numbers(Json("1"), Json(1)) == std::partial_ordering::unordered);
}

}  // namespace
}  // namespace jobhost::core
