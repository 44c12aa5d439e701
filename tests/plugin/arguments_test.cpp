#include "plugin/arguments.hpp"

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

core::Parameter parameter(std::string name, core::ParameterType type, std::string default_json) {
    core::Parameter made;
    made.name = std::move(name);
    made.type = type;
    made.default_json = std::move(default_json);
    return made;
}

core::TypeInfo type_with_defaults() {
    core::TypeInfo type;
    type.id = "acme.mail";
    type.parameters = {parameter("to", core::ParameterType::String, ""),
                       parameter("copies", core::ParameterType::Integer, "2"),
                       parameter("tags", core::ParameterType::Json, R"(["a"])")};
    return type;
}

std::string text_of(Arguments& arguments, std::string_view name) {
    const auto found = arguments.find(name);
    return found ? std::string(found->text) : "absent";
}

TEST(Arguments, AreFoundByName) {
    const auto type = type_with_defaults();
    Arguments arguments(type, R"({"to":"anna"})");
    const auto found = arguments.find("to");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->value->get_string(), "anna");
    EXPECT_EQ(found->text, R"("anna")");
}

TEST(Arguments, AreCompletedByDefaults) {
    const auto type = type_with_defaults();
    Arguments arguments(type, R"({"to":"anna"})");
    EXPECT_EQ(text_of(arguments, "copies"), "2");
    EXPECT_EQ(text_of(arguments, "tags"), R"(["a"])");
    EXPECT_NE(arguments.text().find(R"("copies":2)"), std::string::npos);
}

TEST(Arguments, GivenValueWinsOverTheDefault) {
    const auto type = type_with_defaults();
    Arguments arguments(type, R"({"to":"anna","copies":5})");
    EXPECT_EQ(text_of(arguments, "copies"), "5");
}

TEST(Arguments, NullCountsAsNotGiven) {
    const auto type = type_with_defaults();
    Arguments arguments(type, R"({"to":null,"copies":null})");
    EXPECT_FALSE(arguments.find("to"));
    EXPECT_EQ(text_of(arguments, "copies"), "2");
}

TEST(Arguments, WhatWasNotGivenAndHasNoDefaultIsAbsent) {
    const auto type = type_with_defaults();
    Arguments arguments(type, "{}");
    EXPECT_FALSE(arguments.find("to"));
    EXPECT_FALSE(arguments.find("nobody"));
}

TEST(Arguments, KeepTheirTextWhenThereIsNothingToComplete) {
    const core::TypeInfo plain;
    Arguments arguments(plain, R"({ "number" : 0.10 })");
    EXPECT_EQ(arguments.text(), R"({ "number" : 0.10 })");
    EXPECT_EQ(text_of(arguments, "number"), "0.10");
}

TEST(Arguments, SecretIsMarked) {
    core::TypeInfo type;
    type.parameters = {parameter("password", core::ParameterType::String, "")};
    type.parameters.front().secret = true;
    Arguments arguments(type, R"({"password":{"$secret":"mail"}})");
    const auto found = arguments.find("password");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->secret);
}

TEST(Arguments, WhatIsNoObjectHasNoArguments) {
    const auto type = type_with_defaults();
    for (const auto* const text : {"", "[1]", "{nope"}) {
        Arguments arguments(type, text);
        EXPECT_EQ(arguments.text(), text);
        EXPECT_FALSE(arguments.find("to"));
    }
}

}  // namespace
}  // namespace jobhost::plugin
