#include "plugin/description.hpp"

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

core::Parameter some_parameter() {
    core::Parameter parameter;
    parameter.name = "to";
    parameter.display_name = "To";
    parameter.type = core::ParameterType::String;
    parameter.required = true;
    parameter.default_json = R"("anna")";
    parameter.schema_json = R"({"maxLength":100})";
    return parameter;
}

PluginDescription everything() {
    PluginDescription all;
    all.id = "acme.mail";
    all.version = "1.2.0";
    all.display_name = "Mail";
    all.vendor = "Acme";
    all.description = "Sends \"mail\".";
    all.url = "https://acme.example";
    all.license = "MIT";
    all.min_level = 1;
    all.target_level = 2;
    core::TypeInfo type;
    type.id = "acme.send";
    type.display_name = "Send";
    type.plugin = "acme.mail";
    type.plugin_version = "1.2.0";
    type.blocking = false;
    type.max_concurrency = 4;
    type.retry_base = core::Duration(10'250);
    type.parameters = {some_parameter()};
    all.types = {type, core::TypeInfo{.id = "acme.other"}};
    all.handlers = {{.id = "acme.notify",
                     .display_name = "Notify",
                     .description = "Tells.",
                     .kinds = 0b100010,
                     .runner_glob = "shell.*",
                     .priority = -5,
                     .timeout = core::Duration(1500),
                     .must_pass = true,
                     .parameters = {some_parameter()}}};
    all.schedules = {{.id = "acme.nightly",
                      .runner_id = "acme.send",
                      .schedule = "0 3 * * *",
                      .args_json = R"({"to":"bob"})",
                      .per_node = true,
                      .catch_up = true}};
    all.warnings = {"runner `x` sets unknown critical flags"};
    return all;
}

TEST(Description, SurvivesTheWayThroughJson) {
    const auto text = base::to_text(to_json(everything()));
    const auto document = base::parse_json(text);
    ASSERT_TRUE(document);
    const auto back = description_from_json(document->value);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, everything());
}

TEST(Description, EmptyOneSurvivesToo) {
    const auto back = description_from_json(to_json(PluginDescription{}));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, PluginDescription{});
}

TEST(Description, NamesKindsOfEvents) {
    const auto json = to_json(everything());
    EXPECT_EQ(base::to_text(json.at("handlers").at(0).at("kinds")),
              R"(["before_run","abandoned"])");
}

TEST(Description, IsNotReadFromAnythingButAnObject) {
    EXPECT_FALSE(description_from_json(base::Json("acme.mail")));
    EXPECT_FALSE(description_from_json(base::Json(nullptr)));
}

TEST(Description, MissingOrWrongMemberIsNamed) {
    for (const auto* const name :
         {"id", "version", "min_level", "types", "handlers", "schedules", "warnings"}) {
        auto json = to_json(everything());
        json.erase(name);
        const auto without = description_from_json(json);
        ASSERT_FALSE(without) << name;
        EXPECT_NE(without.error().message.find(name), std::string::npos);
        json[name] = base::JsonObject{};
        EXPECT_FALSE(description_from_json(json)) << name;
    }
}

TEST(Description, GarbledPartsAreRefused) {
    const std::vector<std::pair<const char*, base::Json>> garbled{
        {"types", base::JsonArray{1}},
        {"types", base::JsonArray{base::JsonObject{{"id", 7}}}},
        {"handlers", base::JsonArray{base::JsonObject{}}},
        {"schedules", base::JsonArray{"x"}},
        {"warnings", base::JsonArray{1}}};
    for (const auto& [name, value] : garbled) {
        auto json = to_json(everything());
        json[name] = value;
        EXPECT_FALSE(description_from_json(json)) << name;
    }
    auto json = to_json(everything());
    json["handlers"].at(0).as_object()["kinds"] = base::JsonArray{"doomsday"};
    EXPECT_FALSE(description_from_json(json));
}

}  // namespace
}  // namespace jobhost::plugin
