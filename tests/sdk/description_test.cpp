#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "border_harness.hpp"
#include "sample_plugin.hpp"

namespace jobhost::sdk_test {
namespace {

std::string text_of(jh_str text) { return {text.ptr, text.len}; }

const jh_plugin& sample_plugin() { return *jobhost_plugin_v1(nullptr); }

const jh_runner& runner_of(const std::string& id) {
    const jh_plugin& plugin = sample_plugin();
    for (std::uint32_t i = 0; i < plugin.runner_count; ++i) {
        if (plugin.runners[i]->id == id) {
            return *plugin.runners[i];
        }
    }
    throw std::out_of_range(id);
}

TEST(Description, IsTheSameAtEachCallFromEachThread) {
    std::vector<const jh_plugin*> seen(4);
    {
        std::vector<std::jthread> threads;
        for (auto& one : seen) {
            threads.emplace_back([&one] {
                for (int i = 0; i < 100; ++i) {
                    one = jobhost_plugin_v1(nullptr);
                }
            });
        }
    }
    EXPECT_EQ(seen, std::vector<const jh_plugin*>(4, &sample_plugin()));
}

TEST(Description, TellsWhoThePluginIs) {
    const jh_plugin& plugin = sample_plugin();
    EXPECT_EQ(plugin.struct_size, sizeof(jh_plugin));
    EXPECT_EQ(plugin.target_level, JH_API_LEVEL);
    EXPECT_EQ(plugin.min_level, 1U);
    EXPECT_STREQ(plugin.id, "sample.cpp");
    EXPECT_STREQ(plugin.version, "1.2.3");
    EXPECT_EQ(text_of(plugin.display_name), "Sample");
    EXPECT_EQ(text_of(plugin.description), "For the tests.");
    EXPECT_EQ(text_of(plugin.vendor), "Nobody");
    EXPECT_EQ(text_of(plugin.url), "https://example.org/");
    EXPECT_EQ(text_of(plugin.license), "MIT");
}

TEST(Description, ARunnerHasTheSlotOfItsKindAlone) {
    EXPECT_NE(runner_of("sample.succeed").run, nullptr);
    EXPECT_EQ(runner_of("sample.succeed").start, nullptr);
    EXPECT_EQ(runner_of("sample.finish").run, nullptr);
    EXPECT_NE(runner_of("sample.finish").start, nullptr);
}

TEST(Description, ARunnerTellsAllThatWasSaidAboutIt) {
    const jh_runner& runner = runner_of("sample.described");
    EXPECT_EQ(text_of(runner.display_name), "Described");
    EXPECT_EQ(text_of(runner.description), "Has everything.");
    EXPECT_EQ(runner.max_concurrency, 3U);
    EXPECT_EQ(runner.retry_base_ms, 10'000U);
    EXPECT_EQ(runner.flags, JH_RUNNER_NO_ACTIONS | JH_RUNNER_NO_STATUS | JH_RUNNER_NO_RUN_LOG);
    EXPECT_EQ(runner.param_count, 3U);
    EXPECT_EQ(runner.validate, nullptr);
}

TEST(Description, AParameterTellsAllThatWasSaidAboutIt) {
    const jh_param& size = *runner_of("sample.described").params[0];
    EXPECT_STREQ(size.name, "size");
    EXPECT_EQ(text_of(size.display_name), "Size");
    EXPECT_EQ(text_of(size.description), "How big.");
    EXPECT_EQ(size.type, JH_PARAM_ENUM);
    EXPECT_EQ(size.flags, JH_PARAM_REQUIRED | JH_PARAM_SECRET | JH_PARAM_REPEATED |
                              JH_PARAM_HIDDEN | JH_PARAM_DEPRECATED);
    EXPECT_EQ(text_of(size.schema_json), R"({"enum":["s","m\"l"]})");
}

TEST(Description, RulesOfAParameterAddUp) {
    const jh_runner& runner = runner_of("sample.described");
    EXPECT_EQ(text_of(runner.params[1]->schema_json), R"({"minimum":1,"maximum":9})");
    EXPECT_EQ(text_of(runner.params[2]->schema_json), R"({"maxLength":5,"pattern":"^\\d+$"})");
}

TEST(Description, FallbacksAreJson) {
    const jh_runner& runner = runner_of("sample.arguments");
    EXPECT_EQ(text_of(runner.params[0]->default_json), R"("a \"quoted\"\u000atext")");
    EXPECT_EQ(text_of(runner.params[1]->default_json), "7");
    EXPECT_EQ(text_of(runner.params[3]->default_json), "true");
    EXPECT_EQ(runner.params[4]->default_json.len, 0U);
}

TEST(Objects, AreMadeOncePerLoadedPluginAndDestroyedWhenItStops) {
    Loaded first(sample_plugin(), R"({"a":1})");
    Loaded second(sample_plugin(), R"({"b":2})");
    EXPECT_EQ(sample::services_alive, 2);
    EXPECT_EQ(first.run("sample.config").out, R"({"a":1})");
    EXPECT_EQ(second.run("sample.config").out, R"({"b":2})");
    first.stop();
    EXPECT_EQ(sample::services_alive, 1);
    EXPECT_EQ(second.run("sample.config").out, R"({"b":2})");
}

TEST(Objects, NeedNoSetup) {
    Loaded plugin(sample_plugin());
    EXPECT_TRUE(
        std::holds_alternative<core::Succeeded>(plugin.run("sample.stateless").outcome.end));
}

TEST(Objects, AConstructorRefusesByThrowingAFailure) {
    const Loaded plugin(sample_plugin(), R"({"refuse":1})");
    EXPECT_EQ(plugin.init_rc(), JH_FAILED);
    ASSERT_TRUE(plugin.init_failure());
    EXPECT_EQ(plugin.init_failure()->message, "this configuration is no good");
    EXPECT_EQ(sample::services_alive, 0);
}

TEST(Objects, AConstructorThatThrowsAnythingElseRefusesToo) {
    const Loaded plugin(sample_plugin(), R"({"break":1})");
    EXPECT_EQ(plugin.init_rc(), JH_FAILED);
    ASSERT_TRUE(plugin.init_failure());
    EXPECT_EQ(plugin.init_failure()->message, "could not connect");
}

TEST(Validate, AcceptsWhatTheJudgeLetsPass) {
    Loaded plugin(sample_plugin());
    EXPECT_EQ(plugin.validate("sample.judged", R"({"text":"right"})"), std::nullopt);
}

TEST(Validate, RefusesWithTheReasonOfTheJudge) {
    Loaded plugin(sample_plugin());
    const auto verdict = plugin.validate("sample.judged", R"({"text":"wrong"})");
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->category, core::ErrorCategory::Business);
    EXPECT_EQ(verdict->message, "this text is not wanted");
}

TEST(Validate, AJudgeThatBreaksIsAFailureThatIsTriedAgain) {
    Loaded plugin(sample_plugin());
    const auto verdict = plugin.validate("sample.judged", R"({"text":"broken"})");
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->category, core::ErrorCategory::Application);
    EXPECT_EQ(verdict->hint, core::RetryHint::Default);
    EXPECT_EQ(verdict->message, "the judge is ill");
    EXPECT_EQ(plugin.broken_rules(), 0);
}

}  // namespace
}  // namespace jobhost::sdk_test
