#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/parameters.hpp"

namespace jobhost::core {
namespace {

using ::testing::HasSubstr;

TypeInfo type_with(std::vector<Parameter> parameters) {
    return {.id = "test.job", .parameters = std::move(parameters)};
}

const std::vector<Parameter> kNoParameters;

TypeInfo type_with(ParameterType type, std::string schema_json = {}) {
    return type_with({{.name = "x", .type = type, .schema_json = std::move(schema_json)}});
}

std::vector<base::FieldError> mistakes(const TypeInfo& type, const std::string& args) {
    const auto document = base::parse_json(args);
    EXPECT_TRUE(document) << args;
    const auto checked = check_args(type, document->value.as_object());
    return checked ? std::vector<base::FieldError>() : checked.error().fields;
}

/// The code of the only mistake; empty when there is none.
std::string code(const TypeInfo& type, const std::string& args) {
    const auto all = mistakes(type, args);
    EXPECT_LE(all.size(), 1U);
    return all.empty() ? "" : all[0].code;
}

std::string message(const TypeInfo& type, const std::string& args) {
    const auto all = mistakes(type, args);
    return all.empty() ? "" : all[0].message;
}

TEST(CheckArgs, ATypeWithoutParametersTakesNoArguments) {
    EXPECT_EQ(code(type_with(kNoParameters), "{}"), "");
    EXPECT_EQ(code(type_with(kNoParameters), R"({"x":1})"), "unknown");
}

TEST(CheckArgs, AnUnknownArgumentIsToldTheNearestName) {
    const auto type = type_with({{.name = "command"}, {.name = "timeout"}});
    const auto all = mistakes(type, R"({"comand":"ls","zzz":1})");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].path, "args.comand");
    EXPECT_EQ(all[0].code, "unknown");
    EXPECT_EQ(all[0].message, R"(test.job takes no argument "comand"; did you mean "command"?)");
    EXPECT_EQ(all[1].message, R"(test.job takes no argument "zzz")");
}

TEST(CheckArgs, ARequiredArgumentMustBeThereAndNotNull) {
    const auto type = type_with({{.name = "x", .required = true}});
    EXPECT_EQ(code(type, "{}"), "required");
    EXPECT_EQ(code(type, R"({"x":null})"), "required");
    EXPECT_EQ(code(type, R"({"x":0})"), "");
}

TEST(CheckArgs, ADefaultStandsInForARequiredArgument) {
    const auto type = type_with({{.name = "x", .required = true, .default_json = "1"}});
    EXPECT_EQ(code(type, "{}"), "");
}

TEST(CheckArgs, NullCountsAsNotGiven) {
    EXPECT_EQ(code(type_with(ParameterType::Integer), R"({"x":null})"), "");
}

TEST(CheckArgs, EveryMistakeIsToldAtOnce) {
    const auto type = type_with({{.name = "a", .type = ParameterType::Integer, .required = true},
                                 {.name = "b", .type = ParameterType::Boolean}});
    const auto document = base::parse_json(R"({"b":"yes","c":1})");
    const auto checked = check_args(type, document->value.as_object());
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, base::ErrorKind::Invalid);
    EXPECT_EQ(checked.error().code, "invalid_args");
    EXPECT_EQ(checked.error().fields.size(), 3U);
    EXPECT_THAT(checked.error().message, HasSubstr("the arguments for test.job"));
}

TEST(CheckArgs, AStringIsOneLineOfText) {
    const auto type = type_with(ParameterType::String);
    EXPECT_EQ(code(type, R"({"x":"caf\u00e9"})"), "");
    EXPECT_EQ(code(type, R"({"x":""})"), "");
    EXPECT_EQ(code(type, R"({"x":5})"), "wrong_type");
    EXPECT_EQ(message(type, R"({"x":5})"), "must be a text, and is a number");
    EXPECT_EQ(code(type, R"({"x":"a\nb"})"), "not_allowed");
    EXPECT_EQ(code(type, R"({"x":"a\rb"})"), "not_allowed");
    EXPECT_EQ(code(type, R"({"x":"a\u0000b"})"), "not_allowed");
    EXPECT_EQ(code(type_with(ParameterType::File), R"({"x":"/tmp/a\nb"})"), "not_allowed");
}

TEST(CheckArgs, ATextMayHaveSeveralLines) {
    const auto type = type_with(ParameterType::Text);
    EXPECT_EQ(code(type, R"({"x":"a\nb"})"), "");
    EXPECT_EQ(code(type, R"({"x":["a"]})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":"a\u0000b"})"), "not_allowed");
}

TEST(CheckArgs, LengthsCountCharacters) {
    const auto type = type_with(ParameterType::String, R"({"minLength":2,"maxLength":3})");
    EXPECT_EQ(code(type, R"({"x":"\u20ac"})"), "too_short");
    EXPECT_EQ(code(type, R"({"x":"\u20ac\u20ac\u20ac"})"), "");
    EXPECT_EQ(code(type, R"({"x":"abcd"})"), "too_long");
    EXPECT_EQ(message(type, R"({"x":"abcd"})"), "must have at most 3 characters, and has 4");
}

TEST(CheckArgs, APatternIsHeld) {
    const auto type = type_with(ParameterType::String, R"({"pattern":"^[a-z]+$"})");
    EXPECT_EQ(code(type, R"({"x":"abc"})"), "");
    EXPECT_EQ(code(type, R"({"x":"ABC"})"), "pattern");
    EXPECT_EQ(code(type, "{\"x\":\"" + std::string(5000, 'a') + "\"}"), "too_long");
}

TEST(CheckArgs, AnIntegerIsAWholeNumberOf64Bits) {
    const auto type = type_with(ParameterType::Integer);
    EXPECT_EQ(code(type, R"({"x":-9223372036854775808})"), "");
    EXPECT_EQ(code(type, R"({"x":9223372036854775807})"), "");
    EXPECT_EQ(code(type, R"({"x":9223372036854775808})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":-9223372036854775809})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":99999999999999999999999})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":1.5})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":1.0})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":"1"})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":true})"), "wrong_type");
}

TEST(CheckArgs, BoundsAreInclusive) {
    const auto type = type_with(ParameterType::Integer, R"({"minimum":1,"maximum":65535})");
    EXPECT_EQ(code(type, R"({"x":1})"), "");
    EXPECT_EQ(code(type, R"({"x":65535})"), "");
    EXPECT_EQ(code(type, R"({"x":0})"), "out_of_range");
    EXPECT_EQ(message(type, R"({"x":0})"), "must be at least 1");
    EXPECT_EQ(message(type, R"({"x":65536})"), "must be at most 65535");
}

TEST(CheckArgs, ANumberMayHaveAFractionButNotBeInfinite) {
    const auto type = type_with(ParameterType::Number, R"({"minimum":-0.5})");
    EXPECT_EQ(code(type, R"({"x":1.5})"), "");
    EXPECT_EQ(code(type, R"({"x":1})"), "");
    EXPECT_EQ(code(type, R"({"x":18446744073709551615})"), "");
    EXPECT_EQ(code(type, R"({"x":-0.6})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":1e400})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":"1"})"), "wrong_type");
}

TEST(CheckArgs, ABooleanIsTrueOrFalse) {
    const auto type = type_with(ParameterType::Boolean);
    EXPECT_EQ(code(type, R"({"x":false})"), "");
    EXPECT_EQ(code(type, R"({"x":0})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":"true"})"), "wrong_type");
}

TEST(CheckArgs, AnEnumIsOneOfItsChoices) {
    const auto type = type_with(ParameterType::Enum, R"({"enum":["fast","safe"]})");
    EXPECT_EQ(code(type, R"({"x":"fast"})"), "");
    EXPECT_EQ(code(type, R"({"x":"fsat"})"), "not_allowed");
    EXPECT_EQ(message(type, R"({"x":"fsat"})"),
              R"(must be one of "fast", "safe"; did you mean "fast"?)");
    EXPECT_EQ(message(type, R"({"x":"other"})"), R"(must be one of "fast", "safe")");
    EXPECT_EQ(code(type, R"({"x":1})"), "wrong_type");
}

TEST(CheckArgs, ChoicesNarrowOtherTypesToo) {
    const auto type = type_with(ParameterType::Integer, R"({"enum":[1,2,4]})");
    EXPECT_EQ(code(type, R"({"x":4})"), "");
    EXPECT_EQ(code(type, R"({"x":3})"), "not_allowed");
    EXPECT_EQ(message(type, R"({"x":3})"), "must be one of 1, 2, 4");
}

TEST(CheckArgs, ADateTimeIsRfc3339) {
    const auto type = type_with(ParameterType::DateTime);
    EXPECT_EQ(code(type, R"({"x":"2026-03-01T12:00:00+01:00"})"), "");
    EXPECT_EQ(code(type, R"({"x":"tomorrow"})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":1772366400})"), "wrong_type");
}

TEST(CheckArgs, ADurationIsSecondsOrAText) {
    const auto type = type_with(ParameterType::Duration, R"({"maximum":90})");
    EXPECT_EQ(code(type, R"({"x":1.5})"), "");
    EXPECT_EQ(code(type, R"({"x":"1m30s"})"), "");
    EXPECT_EQ(code(type, R"({"x":"91s"})"), "out_of_range");
    EXPECT_EQ(message(type, R"({"x":91})"), "must be at most 90 seconds");
    EXPECT_EQ(code(type, R"({"x":-1})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":1e400})"), "out_of_range");
    EXPECT_EQ(code(type, R"({"x":"soon"})"), "wrong_type");
    EXPECT_EQ(code(type, R"({"x":true})"), "wrong_type");
}

TEST(CheckArgs, JsonTakesEverything) {
    const auto type = type_with(ParameterType::Json);
    for (const auto* args : {R"({"x":1})", R"({"x":[1,{"a":null}]})", R"({"x":"t"})"}) {
        EXPECT_EQ(code(type, args), "");
    }
}

TEST(CheckArgs, ARepeatedParameterIsAListOfItsType) {
    const auto type = type_with({{.name = "x", .type = ParameterType::Integer, .repeated = true}});
    EXPECT_EQ(code(type, R"({"x":[]})"), "");
    EXPECT_EQ(code(type, R"({"x":[1,2]})"), "");
    EXPECT_EQ(code(type, R"({"x":1})"), "wrong_type");
    const auto all = mistakes(type, R"({"x":[1,"2",null]})");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].path, "args.x[1]");
    EXPECT_EQ(all[1].path, "args.x[2]");
    EXPECT_EQ(all[1].message, "must be a whole number, and is null");
}

TEST(CheckArgs, ASecretIsGivenByName) {
    const auto type = type_with({{.name = "x", .type = ParameterType::String, .secret = true}});
    EXPECT_EQ(code(type, R"({"x":{"$secret":"mail"}})"), "");
    for (const auto* args :
         {R"({"x":"hunter2"})", R"({"x":{"$secret":""}})", R"({"x":{"$secret":1}})",
          R"({"x":{"$secret":"a","b":1}})", R"({"x":{}})", R"({"x":7})"}) {
        EXPECT_EQ(code(type, args), "secret_literal") << args;
    }
    EXPECT_EQ(message(type, R"({"x":"hunter2"})").find("hunter2"), std::string::npos);
}

TEST(CheckArgs, ABrokenDescriptionLetsNothingThrough) {
    const auto type = type_with(ParameterType::String, "{oops");
    EXPECT_EQ(code(type, R"({"x":"a"})"), "bad_schema");
    EXPECT_EQ(code(type, "{}"), "");
}

TEST(CheckArgs, AHugeUnknownNameIsNotRepeatedInFull) {
    const auto all =
        mistakes(type_with(kNoParameters), "{\"" + std::string(100'000, 'a') + "\":1}");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_LT(all[0].path.size() + all[0].message.size(), 300U);
}

std::string refusal(const Parameter& parameter) {
    const auto checked = check_parameter(parameter);
    return checked ? "" : checked.error().message;
}

TEST(CheckParameter, AGoodDescriptionIsTaken) {
    EXPECT_EQ(refusal({.name = "a"}), "");
    EXPECT_EQ(refusal({.name = "a",
                       .type = ParameterType::Integer,
                       .default_json = "5",
                       .schema_json = R"({"maximum":5})"}),
              "");
    EXPECT_EQ(refusal({.name = "a", .type = ParameterType::Duration, .default_json = R"("30s")"}),
              "");
}

TEST(CheckParameter, WhatIsWrongIsNamed) {
    EXPECT_THAT(refusal({.name = "a", .schema_json = "["}), HasSubstr("parameter \"a\""));
    EXPECT_THAT(refusal({.name = "a", .type = ParameterType::Enum}), HasSubstr("needs \"enum\""));
    EXPECT_THAT(refusal({.name = "a", .default_json = "nope"}), HasSubstr("is not JSON"));
    EXPECT_THAT(refusal({.name = "a", .type = ParameterType::Integer, .default_json = "1.5"}),
                HasSubstr("must be a whole number"));
    EXPECT_THAT(refusal({.name = "a", .secret = true, .default_json = "1"}),
                HasSubstr("a secret has no default"));
}

std::string completed(const TypeInfo& type, const std::string& args) {
    return complete_args(type, *base::parse_json(args));
}

TEST(CompleteArgs, DefaultsStandWhereNothingWasGiven) {
    const auto type = type_with({{.name = "a", .default_json = "[1]"},
                                 {.name = "b", .default_json = "\"x\""},
                                 {.name = "c"}});
    EXPECT_EQ(completed(type, "{}"), R"({"a":[1],"b":"x"})");
    EXPECT_EQ(completed(type, R"({"a":null,"c":3,"b":"y"})"), R"({"a":[1],"b":"y","c":3})");
    EXPECT_EQ(completed(type_with(kNoParameters), "{}"), "{}");
}

TEST(CompleteArgs, DurationsAreNumbersOfSeconds) {
    const auto type =
        type_with({{.name = "a", .type = ParameterType::Duration, .default_json = "\"1m\""},
                   {.name = "b", .type = ParameterType::Duration, .repeated = true}});
    EXPECT_EQ(completed(type, R"({"b":["250ms",2,"0s"]})"), R"({"a":60,"b":[0.25,2,0]})");
    EXPECT_EQ(completed(type, R"({"a":1.5})"), R"({"a":1.5})");
}

TEST(CompleteArgs, EverythingElseKeepsItsText) {
    const auto type = type_with({{.name = "n", .type = ParameterType::Json}});
    EXPECT_EQ(completed(type, R"({ "n" : 123456789012345678901234567890 })"),
              R"({"n":123456789012345678901234567890})");
}

}  // namespace
}  // namespace jobhost::core
