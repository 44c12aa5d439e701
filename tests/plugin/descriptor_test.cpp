#include "plugin/descriptor.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/fields.hpp"

namespace jobhost::plugin {
namespace {

using testing::HasSubstr;

jh_rc JH_CALL run(void*, jh_ctx, const jh_run_info*) { return JH_OK; }
jh_rc JH_CALL on_event(void*, jh_ctx, const jh_event*) { return JH_OK; }

jh_str text(const char* literal) { return jh_str_of(literal); }

/// A plugin with one of everything, which a test then spoils.
struct Sound {
    Sound() {
        param.struct_size = JH_STRUCT_SIZE(jh_param);
        param.flags = JH_PARAM_REQUIRED | JH_PARAM_DEPRECATED;
        param.name = "to";
        param.type = JH_PARAM_STRING;
        param.schema_json = text(R"({ "maxLength" : 100 })");
        runner.struct_size = JH_STRUCT_SIZE(jh_runner);
        runner.id = "acme.send";
        runner.params = params.data();
        runner.param_count = 1;
        runner.max_concurrency = 4;
        runner.retry_base_ms = 10'000;
        runner.run = run;
        handler.struct_size = JH_STRUCT_SIZE(jh_handler);
        handler.flags = JH_HANDLER_MUST_PASS;
        handler.id = "acme.notify";
        handler.kinds = JH_EVENT_BIT(JH_EVENT_BEFORE_RUN) | JH_EVENT_BIT(60);
        handler.runner_glob = "shell.*";
        handler.priority = -1;
        handler.timeout_ms = 1500;
        handler.params = params.data();
        handler.param_count = 1;
        handler.on_event = on_event;
        schedule.struct_size = JH_STRUCT_SIZE(jh_schedule);
        schedule.flags = JH_SCHEDULE_PER_NODE;
        schedule.id = "acme.nightly";
        schedule.runner_id = "acme.send";
        schedule.schedule = "0 3 * * *";
        schedule.args_json = text(R"({"to":"anna"})");
        plugin.struct_size = JH_STRUCT_SIZE(jh_plugin);
        plugin.target_level = 1;
        plugin.min_level = 1;
        plugin.id = "acme.mail";
        plugin.version = "1.2.0";
        plugin.display_name = text("Mail");
        plugin.runners = runners.data();
        plugin.handlers = handlers.data();
        plugin.schedules = schedules.data();
        plugin.runner_count = 1;
        plugin.handler_count = 1;
        plugin.schedule_count = 1;
    }

    jh_param param{};
    jh_runner runner{};
    jh_handler handler{};
    jh_schedule schedule{};
    jh_plugin plugin{};
    std::array<const jh_param*, 2> params{&param, &param};
    std::array<const jh_runner*, 1> runners{&runner};
    std::array<const jh_handler*, 2> handlers{&handler, &handler};
    std::array<const jh_schedule*, 2> schedules{&schedule, &schedule};
};

PluginDescription described(const Sound& sound) {
    const auto read = read_descriptor(&sound.plugin);
    EXPECT_TRUE(read) << read.error().message;
    return read ? read->description : PluginDescription{};
}

std::string refusal(const std::function<void(Sound&)>& spoil) {
    Sound sound;
    spoil(sound);
    const auto read = read_descriptor(&sound.plugin);
    return read ? "taken" : read.error().message;
}

TEST(Descriptor, SoundPluginIsCopiedWhole) {
    const Sound sound;
    const auto found = described(sound);
    EXPECT_EQ(found.id, "acme.mail");
    EXPECT_EQ(found.version, "1.2.0");
    EXPECT_EQ(found.display_name, "Mail");
    ASSERT_EQ(found.types.size(), 1U);
    const auto& type = found.types.front();
    EXPECT_EQ(type.id, "acme.send");
    EXPECT_EQ(type.plugin, "acme.mail");
    EXPECT_EQ(type.plugin_version, "1.2.0");
    EXPECT_EQ(type.max_concurrency, 4);
    EXPECT_EQ(type.retry_base, core::Duration(10'000));
    EXPECT_TRUE(type.blocking);
    EXPECT_TRUE(found.warnings.empty());
}

TEST(Descriptor, ParametersAreCopiedWithTheirFlags) {
    const auto parameter = described(Sound()).types.front().parameters.at(0);
    EXPECT_EQ(parameter.name, "to");
    EXPECT_EQ(parameter.display_name, "to");
    EXPECT_EQ(parameter.type, core::ParameterType::String);
    EXPECT_TRUE(parameter.required);
    EXPECT_TRUE(parameter.deprecated);
    EXPECT_FALSE(parameter.secret);
    EXPECT_EQ(parameter.schema_json, R"({"maxLength":100})");
}

TEST(Descriptor, HandlersAndSchedulesAreCopied) {
    const auto found = described(Sound());
    const auto& handler = found.handlers.at(0);
    EXPECT_EQ(handler.id, "acme.notify");
    EXPECT_EQ(handler.kinds, JH_EVENT_BIT(JH_EVENT_BEFORE_RUN)) << "unknown kinds are left out";
    EXPECT_EQ(handler.runner_glob, "shell.*");
    EXPECT_EQ(handler.timeout, core::Duration(1500));
    EXPECT_TRUE(handler.must_pass);
    const auto& schedule = found.schedules.at(0);
    EXPECT_EQ(schedule.id, "acme.nightly");
    EXPECT_EQ(schedule.args_json, R"({"to":"anna"})");
    EXPECT_TRUE(schedule.per_node);
    EXPECT_FALSE(schedule.catch_up);
}

TEST(Descriptor, KeepsThePluginsOwnStructs) {
    const Sound sound;
    const auto read = read_descriptor(&sound.plugin);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->plugin, &sound.plugin);
    EXPECT_EQ(read->runners.at(0), &sound.runner);
}

TEST(Descriptor, RunnerWithBothIsStarted) {
    Sound sound;
    sound.runner.start = run;
    EXPECT_FALSE(described(sound).types.at(0).blocking);
}

TEST(Descriptor, UnknownParameterTypeIsJson) {
    Sound sound;
    sound.param.type = 77;
    sound.param.schema_json = {};
    EXPECT_EQ(described(sound).types.at(0).parameters.at(0).type, core::ParameterType::Json);
}

TEST(Descriptor, DefaultOfNullIsNone) {
    Sound sound;
    sound.param.default_json = text("null");
    EXPECT_EQ(described(sound).types.at(0).parameters.at(0).default_json, "");
}

TEST(Descriptor, HugeNumbersAreBounded) {
    Sound sound;
    sound.runner.max_concurrency = 0xffffffffU;
    sound.runner.retry_base_ms = ~std::uint64_t{0};
    const auto type = described(sound).types.at(0);
    EXPECT_GT(type.max_concurrency, 0);
    EXPECT_GT(*type.retry_base, std::chrono::days(1));
}

TEST(Descriptor, PluginWithoutAnythingIsTaken) {
    Sound sound;
    sound.plugin.runner_count = sound.plugin.handler_count = sound.plugin.schedule_count = 0;
    EXPECT_TRUE(described(sound).types.empty());
}

TEST(Descriptor, StructsOfANewerLevelAreRead) {
    struct Newer {
        jh_plugin plugin;
        std::array<char, 64> more{};
    } newer{Sound().plugin, {}};
    newer.plugin.runner_count = newer.plugin.handler_count = newer.plugin.schedule_count = 0;
    newer.plugin.struct_size = sizeof(Newer);
    newer.plugin.target_level = 2;
    const auto read = read_descriptor(&newer.plugin);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->description.target_level, 2);
}

TEST(Descriptor, StructsOfTheSizesOfLevelOneAreRead) {
    Sound sound;
    sound.plugin.struct_size = 184;
    sound.runner.struct_size = 96;
    sound.handler.struct_size = 96;
    sound.schedule.struct_size = 48;
    sound.param.struct_size = 88;
    const auto found = described(sound);
    EXPECT_EQ(found.types.size() + found.handlers.size() + found.schedules.size(), 3U);
    EXPECT_TRUE(found.warnings.empty());
}

TEST(Descriptor, NoDescriptionIsARefusalOfTheHost) {
    const auto read = read_descriptor(nullptr);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("refuses this host"));
}

TEST(Descriptor, SizesBelowLevelOneAreRefused) {
    EXPECT_THAT(refusal([](Sound& s) { s.handler.struct_size = 64; }),
                HasSubstr("`struct_size` of `handlers[0]` is 64"));
    EXPECT_THAT(refusal([](Sound& s) { s.schedule.struct_size = 4; }),
                HasSubstr("`struct_size` of `schedules[0]` is 4"));
}

TEST(Descriptor, LevelsMustMakeSense) {
    EXPECT_THAT(refusal([](Sound& s) { s.plugin.min_level = 2; }),
                HasSubstr("below what it needs"));
    EXPECT_THAT(refusal([](Sound& s) { s.plugin.target_level = 0; }),
                HasSubstr("below what it needs"));
}

TEST(Descriptor, CountsBeyondReasonAreRefused) {
    EXPECT_THAT(refusal([](Sound& s) { s.plugin.runner_count = 0xffffffffU; }),
                HasSubstr("4294967295 `runners`: at most 1000"));
    EXPECT_THAT(refusal([](Sound& s) { s.runner.param_count = 1001; }), HasSubstr("1001 `params`"));
}

TEST(Descriptor, ParametersMustDiffer) {
    EXPECT_EQ(refusal([](Sound& s) { s.runner.param_count = 2; }),
              "parameter `to` of runner `acme.send` is there twice");
}

TEST(Descriptor, HandlersAndSchedulesMustDiffer) {
    EXPECT_EQ(refusal([](Sound& s) { s.plugin.handler_count = 2; }),
              "handler `acme.notify` is there twice");
    EXPECT_EQ(refusal([](Sound& s) { s.plugin.schedule_count = 2; }),
              "schedule `acme.nightly` is there twice");
}

TEST(Descriptor, DefaultMustFitItsParameter) {
    EXPECT_THAT(refusal([](Sound& s) { s.param.default_json = text("7"); }),
                HasSubstr("runner `acme.send`: parameter \"to\""));
}

TEST(Descriptor, SecretMustNotHaveADefault) {
    EXPECT_THAT(refusal([](Sound& s) {
                    s.param.flags = JH_PARAM_SECRET;
                    s.param.default_json = text(R"("hunter2")");
                }),
                HasSubstr("a secret has no default"));
}

TEST(Descriptor, TextsMustBeSound) {
    EXPECT_THAT(refusal([](Sound& s) {
                    s.plugin.vendor = {nullptr, 5};
                }),
                HasSubstr("`vendor` of the plugin has a length and no bytes"));
    EXPECT_THAT(refusal([](Sound& s) {
                    s.runner.description = {"x", std::size_t{1} << 40U};
                }),
                HasSubstr("`description` of runner `acme.send` is longer than 64 KiB"));
    EXPECT_THAT(refusal([](Sound& s) { s.plugin.version = "1.0\n"; }),
                HasSubstr("only printable ASCII"));
}

TEST(Descriptor, HandlerMustServeAnEvent) {
    EXPECT_THAT(refusal([](Sound& s) { s.handler.kinds = 0; }), HasSubstr("`kinds` is 0"));
    EXPECT_THAT(refusal([](Sound& s) { s.handler.on_event = nullptr; }),
                HasSubstr("has no `on_event`"));
}

TEST(Descriptor, ScheduleMustNameARunnerOfThePlugin) {
    EXPECT_THAT(refusal([](Sound& s) { s.schedule.runner_id = "acme.other"; }),
                HasSubstr("`acme.other`, which is no runner of the plugin"));
    EXPECT_THAT(refusal([](Sound& s) { s.schedule.args_json = text("[1]"); }),
                HasSubstr("is no JSON object"));
    EXPECT_THAT(refusal([](Sound& s) { s.schedule.schedule = nullptr; }),
                HasSubstr("`schedule` of schedule `acme.nightly` is missing"));
}

TEST(Descriptor, UnknownCriticalFlagRefusesTheHandlerAlone) {
    Sound sound;
    sound.handler.flags = 0x80000000U;
    const auto found = described(sound);
    EXPECT_TRUE(found.handlers.empty());
    EXPECT_EQ(found.types.size(), 1U);
    ASSERT_EQ(found.warnings.size(), 1U);
    EXPECT_THAT(found.warnings.front(), HasSubstr("handler `acme.notify` sets unknown critical"));
}

TEST(Descriptor, WhatUnknownCriticalFlagsLeaveOutIsNotJudged) {
    Sound sound;
    sound.runner.flags = 0x10000U;
    sound.runner.run = nullptr;
    sound.runner.display_name = {nullptr, 5};
    const auto found = described(sound);
    EXPECT_TRUE(found.types.empty());
    EXPECT_EQ(found.handlers.size(), 1U);
    EXPECT_EQ(found.schedules.size(), 1U) << "its runner is one of the plugin all the same";
    ASSERT_EQ(found.warnings.size(), 1U);
    EXPECT_THAT(found.warnings.front(), HasSubstr("runner `acme.send` sets unknown critical"));
}

TEST(Descriptor, HandlerAndScheduleWithUnknownCriticalFlagsAreNotJudged) {
    Sound sound;
    sound.handler.flags = sound.schedule.flags = 0x80000000U;
    sound.handler.on_event = nullptr;
    sound.handler.kinds = 0;
    sound.schedule.runner_id = nullptr;
    const auto found = described(sound);
    EXPECT_EQ(found.types.size(), 1U);
    EXPECT_TRUE(found.handlers.empty() && found.schedules.empty());
    EXPECT_EQ(found.warnings.size(), 2U);
}

TEST(Descriptor, ParameterWithUnknownCriticalFlagsIsNotJudgedAndNorIsItsOwner) {
    Sound sound;
    jh_param strange = sound.param;
    strange.flags = 0x10000U;
    strange.default_json = text("{nope");
    const jh_param* const only = &strange;
    sound.runner.params = &only;
    sound.runner.run = nullptr;
    const auto found = described(sound);
    EXPECT_TRUE(found.types.empty());
    EXPECT_EQ(found.handlers.size(), 1U) << "its parameter is another one";
    ASSERT_EQ(found.warnings.size(), 1U);
    EXPECT_THAT(found.warnings.front(), HasSubstr("parameter `to` of runner `acme.send` sets"));
}

TEST(Descriptor, UnknownCriticalFlagOfAParameterRefusesItsOwner) {
    Sound sound;
    sound.param.flags = 0x10000U;
    sound.plugin.handler_count = 0;
    const auto read = read_descriptor(&sound.plugin);
    ASSERT_FALSE(read) << "nothing is left of the plugin";
    EXPECT_THAT(read.error().message, HasSubstr("parameter `to` of runner `acme.send` sets"));
}

TEST(Descriptor, UnknownCriticalFlagRefusesTheScheduleAlone) {
    Sound sound;
    sound.schedule.flags = 0x10000U;
    const auto found = described(sound);
    EXPECT_TRUE(found.schedules.empty());
    EXPECT_EQ(found.warnings.size(), 1U);
}

TEST(Descriptor, UnknownAdvisoryFlagsAreIgnored) {
    Sound sound;
    sound.plugin.flags = sound.runner.flags = sound.schedule.flags = 0x8000U;
    sound.handler.flags |= 0x8000U;
    sound.param.flags |= 0x8000U;
    EXPECT_TRUE(described(sound).warnings.empty());
}

/// A struct of which a later level has made more.
struct Grown {
    std::uint32_t struct_size;
    std::uint32_t flags;
    std::uint64_t added;
};

}  // namespace

template <>
inline constexpr std::size_t kLevel1Size<Grown> = 8;

namespace {

TEST(Fields, SizeOfLevelOneIsEnoughWhenTheHeaderHasGrown) {
    Fields fields;
    EXPECT_TRUE(fields.size(Grown{.struct_size = 8, .flags = 0, .added = 0}, "it"));
    EXPECT_TRUE(fields.size(Grown{.struct_size = 16, .flags = 0, .added = 0}, "it"));
    EXPECT_FALSE(fields.size(Grown{.struct_size = 4, .flags = 0, .added = 0}, "it"));
    EXPECT_EQ(fields.mistake(), "`struct_size` of it is 4: level 1 has 8");
}

}  // namespace
}  // namespace jobhost::plugin
