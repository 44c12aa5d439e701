#include "core/parameters.hpp"

#include <gtest/gtest.h>

namespace jobhost::core {
namespace {

using base::Json;

TypeInfo full_type() {
    Parameter command{.name = "command",
                      .display_name = "Command",
                      .description = "What to run.",
                      .type = ParameterType::Text,
                      .required = true,
                      .schema_json = R"({"minLength":1})"};
    Parameter env{.name = "env", .type = ParameterType::Json, .hidden = true, .default_json = "{}"};
    Parameter token{.name = "token", .type = ParameterType::String, .secret = true};
    Parameter files{
        .name = "files", .type = ParameterType::File, .repeated = true, .deprecated = true};
    return {.id = "shell.run",
            .display_name = "Shell",
            .description = "Runs a command.",
            .plugin = "shell",
            .plugin_version = "1.2.3",
            .parameters = {command, env, token, files},
            .blocking = false,
            .max_concurrency = 3,
            .retry_base = std::chrono::milliseconds(10'500)};
}

std::string mistake_in(const std::string& text) {
    const auto type = type_from_json(base::parse_json(text)->value);
    return type ? "" : type.error().message;
}

TEST(Parameters, EveryTypeIsReadByItsName) {
    for (int number = 1; number <= 10; ++number) {
        const auto type = static_cast<ParameterType>(number);
        EXPECT_EQ(parameter_type_from(name(type)), type);
    }
    EXPECT_FALSE(parameter_type_from("object"));
}

TEST(Parameters, ATypeIsReadBackAsItWasWritten) {
    const auto type = full_type();
    const auto read = type_from_json(to_json(type));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, type);
    EXPECT_EQ(*type_from_json(to_json(TypeInfo{.id = "a"})), TypeInfo{.id = "a"});
}

TEST(Parameters, ATypeSurvivesItsText) {
    const auto type = full_type();
    const auto document = base::parse_json(base::to_text(to_json(type)));
    ASSERT_TRUE(document);
    EXPECT_EQ(*type_from_json(document->value), type);
}

TEST(Parameters, DefaultAndSchemaAreShownAsValues) {
    const auto object = to_json(full_type().parameters[0]);
    EXPECT_EQ(object.at("schema").at("minLength"), 1);
    EXPECT_TRUE(object.at("default").is_null());
    EXPECT_EQ(object.at("type"), "text");
}

TEST(Parameters, ADocumentOfAPluginThatIsNotJsonIsLeftOut) {
    const auto object =
        to_json(Parameter{.name = "x", .default_json = "{oops", .schema_json = "["});
    EXPECT_TRUE(object.at("default").is_null());
    EXPECT_TRUE(object.at("schema").is_null());
}

TEST(Parameters, ANewerNodesMembersAndTypesAreTolerated) {
    const auto type = type_from_json(
        base::parse_json(R"({"id":"a","colour":"red","parameters":[{"name":"p","type":"matrix"}]})")
            ->value);
    ASSERT_TRUE(type);
    EXPECT_EQ(type->parameters[0].type, ParameterType::Json);
}

TEST(Parameters, WhatIsNoTypeIsRefused) {
    EXPECT_NE(mistake_in("[]"), "");
    EXPECT_NE(mistake_in("{}"), "");
    EXPECT_NE(mistake_in(R"({"id":1})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","blocking":"yes"})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","max_concurrency":1.5})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","retry_base":"10s"})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","retry_base":1e300})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","parameters":{}})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","parameters":["p"]})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","parameters":[{}]})"), "");
    EXPECT_NE(mistake_in(R"({"id":"a","parameters":[{"name":"p","required":1}]})"), "");
}

}  // namespace
}  // namespace jobhost::core
