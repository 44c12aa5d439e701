#include "plugin/loaded_plugin.hpp"

#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log_file.hpp"
#include "plugin/describe.hpp"
#include "sdk/border_harness.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LoadedPluginTest : public testing::Test {
protected:
    /// What a host would do, with the description read in this process.
    std::shared_ptr<LoadedPlugin> prepare(const char* sample,
                                          std::string config = "{}",
                                          base::Duration limit = 60s) {
        Start how;
        how.library.file = std::filesystem::path(SAMPLES_DIR) / sample;
        how.description = *describe_here(how.library.file);
        how.config_json = std::move(config);
        how.host_version = "9.9.9";
        how.number = 1;
        how.init_timeout = limit;
        return std::make_shared<LoadedPlugin>(std::move(how));
    }

    [[nodiscard]] std::string config(const std::string& more = "") const {
        return R"({"journal":")" + journal().string() + '"' + more + '}';
    }
    [[nodiscard]] std::filesystem::path journal() const { return dir_ / "journal"; }
    [[nodiscard]] std::string calls() const { return support::read_file(journal()); }
    void release() const { dir_.write("journal.release", ""); }

    static core::Attempt attempt(std::int64_t token) {
        core::Attempt made;
        made.token = {token};
        made.args = "{}";
        return made;
    }

    /// Waits until the plugin has noted a call, or fails.
    void wait_for(const std::string& call) const {
        while (calls().find(call) == std::string::npos) {
            std::this_thread::yield();
        }
    }

    /// Waits until the thread that was left behind has let go of its plugin.
    static void wait_for_the_end(std::shared_ptr<LoadedPlugin> plugin) {
        const std::weak_ptr<LoadedPlugin> watched = plugin;
        plugin.reset();
        while (!watched.expired()) {
            std::this_thread::yield();
        }
    }

    support::TempDir dir_;
    LogFile log_;
    sdk_test::RecordingSink sink_;
};

TEST_F(LoadedPluginTest, IsInitialisedAndRuns) {
    const auto plugin = prepare("sample.so", config());
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    EXPECT_EQ(calls(), "init\n");
    ASSERT_EQ(plugin->runners().size(), 3U);
    auto& echo = *plugin->runners().front();
    EXPECT_EQ(echo.type().id, "sample.echo");
    echo.start(attempt(1), sink_);
    EXPECT_EQ(sink_.wait({1}).outcome.result_json, "{}");
}

TEST_F(LoadedPluginTest, IsStoppedInOrder) {
    const auto plugin = prepare("sample.so", config());
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    LoadedPlugin::stop(plugin, 60s);
    EXPECT_EQ(calls(), "init\nquiesce\ndeinit\n");
}

TEST_F(LoadedPluginTest, IsStoppedOnce) {
    const auto plugin = prepare("sample.so", config());
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    LoadedPlugin::stop(plugin, 60s);
    LoadedPlugin::stop(plugin, 60s);
    EXPECT_EQ(calls(), "init\nquiesce\ndeinit\n");
}

TEST_F(LoadedPluginTest, WhatWasNotStartedIsNotStopped) {
    LoadedPlugin::stop(prepare("sample.so", config()), 60s);
    EXPECT_EQ(calls(), "");
}

TEST_F(LoadedPluginTest, IsLeftAloneWhileAnAttemptWaits) {
    const auto plugin = prepare("sample.so", config());
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    plugin->runners().at(1)->start(attempt(1), sink_);
    LoadedPlugin::stop(plugin, 60s);
    EXPECT_EQ(calls(), "init\n");
    EXPECT_THAT(log_.text(), HasSubstr("still runs an attempt"));
}

TEST_F(LoadedPluginTest, IsLeftAloneWhileAnAttemptIsInsideIt) {
    const auto plugin = prepare("sample.so", config());
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    std::jthread worker([&] { plugin->runners().at(2)->start(attempt(1), sink_); });
    wait_for("stay");
    LoadedPlugin::stop(plugin, 60s);
    EXPECT_EQ(calls(), "init\nstay\n");
    EXPECT_THAT(log_.text(), HasSubstr("still runs an attempt"));
    release();
    worker.join();
}

TEST_F(LoadedPluginTest, InitThatHangsIsGivenUp) {
    auto plugin = prepare("sample.so", config(R"(,"hang":"init")"), 50ms);
    const auto started = LoadedPlugin::start(plugin);
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().message, HasSubstr("its init did not return within 50ms"));
    release();
    wait_for_the_end(std::move(plugin));
}

TEST_F(LoadedPluginTest, ConstructorThatHangsHoldsUpTheLoader) {
    // Described first: a library that is mapped already runs no constructor, and a copy does.
    const auto file = std::filesystem::path(SAMPLES_DIR) / "slow_constructor.so";
    Start how;
    how.description = *describe_here(file);
    how.library.file = dir_ / "copy.so";
    how.init_timeout = 50ms;
    std::filesystem::copy_file(file, how.library.file);
    const auto release_file = dir_ / "constructor.release";
    ::setenv("SLOW_CONSTRUCTOR", release_file.c_str(), 1);
    auto plugin = std::make_shared<LoadedPlugin>(std::move(how));
    const auto started = LoadedPlugin::start(plugin);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, kLoaderBlocked);
    EXPECT_THAT(started.error().message, HasSubstr("its constructors did not return"));
    dir_.write("constructor.release", "");
    wait_for_the_end(std::move(plugin));
    ::unsetenv("SLOW_CONSTRUCTOR");
}

TEST_F(LoadedPluginTest, QuiesceThatHangsIsLeftBehind) {
    auto plugin = prepare("sample.so", config(R"(,"hang":"quiesce")"));
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    LoadedPlugin::stop(plugin, 50ms);
    EXPECT_EQ(calls(), "init\nquiesce\n");
    EXPECT_THAT(log_.text(), HasSubstr("did not stop within 50ms"));
    release();
    wait_for_the_end(std::move(plugin));
    EXPECT_EQ(calls(), "init\nquiesce\ndeinit\n");
}

TEST_F(LoadedPluginTest, WhatItChangesInTheProcessIsPutBackAndCounted) {
    const auto here = std::filesystem::current_path();
    const auto plugin = prepare("sample.so", config(R"(,"restless":true)"));
    ASSERT_TRUE(LoadedPlugin::start(plugin));
    EXPECT_EQ(plugin->conduct().broken_rules(), 4);
    EXPECT_EQ(std::filesystem::current_path(), here);
    EXPECT_THAT(log_.text(), HasSubstr("changed what happens on signal SIGUSR2"));
    LoadedPlugin::stop(plugin, 60s);
}

TEST_F(LoadedPluginTest, DescriptionThatChangedIsRefused) {
    const auto started = LoadedPlugin::start(prepare("changeling.so"));
    ASSERT_FALSE(started);
    EXPECT_THAT(
        started.error().message,
        HasSubstr("something else of itself than when it was described, about its version"));
}

}  // namespace
}  // namespace jobhost::plugin
