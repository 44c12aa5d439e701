// The plugin as it was built, behind the real border.
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <jobhost/plugin.h>

#include "sdk/border_harness.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::shell {
namespace {

using sdk_test::failure_of;
using sdk_test::Loaded;
using sdk_test::Told;

/// Mapped for good, as the host does.
const jh_plugin& shell_plugin() {
    void* const library = ::dlopen(SHELL_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error(::dlerror());
    }
    using Entry = const jh_plugin*(const jh_host*);
    const jh_host host{};
    return *reinterpret_cast<Entry*>(::dlsym(library, "jobhost_plugin_v1"))(&host);
}

class ShellPlugin : public ::testing::Test {
protected:
    Told run(const std::string& arguments) { return loaded_.run("shell.run", arguments); }

    void TearDown() override { EXPECT_EQ(loaded_.broken_rules(), 0); }

    Loaded loaded_{shell_plugin()};
};

TEST_F(ShellPlugin, DescribesItself) {
    const jh_plugin& plugin = shell_plugin();
    EXPECT_STREQ(plugin.id, "shell");
    EXPECT_STREQ(plugin.version, SHELL_VERSION);
    ASSERT_EQ(plugin.runner_count, 1U);
    EXPECT_STREQ(plugin.runners[0]->id, "shell.run");
    EXPECT_EQ(plugin.runners[0]->param_count, 11U);
    for (std::uint32_t i = 0; i < plugin.runners[0]->param_count; ++i) {
        EXPECT_GT(plugin.runners[0]->params[i]->display_name.len, 0U);
        EXPECT_GT(plugin.runners[0]->params[i]->description.len, 0U);
    }
}

TEST_F(ShellPlugin, RunsACommand) {
    const Told told = run(R"({"command":"echo $JOBHOST_ATTEMPT; echo no >&2"})");
    EXPECT_TRUE(std::holds_alternative<core::Succeeded>(told.outcome.end));
    EXPECT_EQ(told.out, "1\n");
    EXPECT_EQ(told.err, "no\n");
    EXPECT_EQ(told.outcome.result_json.find(R"({"exit_code":0,)"), 0U);
}

TEST_F(ShellPlugin, GivesCategoryAdviceAndCodeOfAFailure) {
    const std::tuple<const char*, core::ErrorCategory, core::RetryHint> cases[] = {
        {"1", core::ErrorCategory::Application, core::RetryHint::Default},
        {"64", core::ErrorCategory::Business, core::RetryHint::Permanent},
        {"69", core::ErrorCategory::Network, core::RetryHint::Retryable},
        {"75", core::ErrorCategory::System, core::RetryHint::Retryable},
        {"127", core::ErrorCategory::Application, core::RetryHint::Permanent}};
    for (const auto& [code, category, hint] : cases) {
        const Told told = run(std::string(R"({"command":"exit )") + code + "\"}");
        const core::Failure failure = failure_of(told);
        EXPECT_EQ(failure.category, category) << code;
        EXPECT_EQ(failure.hint, hint) << code;
        EXPECT_EQ(failure.code, std::stoi(code));
        EXPECT_EQ(failure.type, "shell.exit");
        EXPECT_EQ(told.outcome.result_json.find("{\"exit_code\":"), 0U);
    }
}

TEST_F(ShellPlugin, ACancelledAttemptSaysSo) {
    for (const auto reason : {core::CancelReason::User, core::CancelReason::LeaseLost}) {
        loaded_.sink().cancel_from_the_beginning(reason);
        const Told told = run(R"({"command":"sleep 1000"})");
        EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
    }
}

TEST_F(ShellPlugin, ACancellationReachesARunningCommand) {
    const support::TempDir folder;
    const std::string gate = (folder / "gate").string();
    ASSERT_EQ(::mkfifo(gate.c_str(), 0600), 0);
    const core::Token token = loaded_.next_token();
    std::ifstream reader;  // stays open: a command that writes to nobody dies of that
    std::jthread canceller([&] {
        reader.open(gate);  // returns when the command opens its side
        loaded_.cancel(token, "shell.run");
    });
    const Told told = run(R"({"command":"echo > gate; sleep 1000","working_directory":")" +
                          folder.path().string() + "\"}");
    EXPECT_TRUE(std::holds_alternative<core::Cancelled>(told.outcome.end));
}

TEST_F(ShellPlugin, ArgumentsAreJudgedBeforeTheyAreUsed) {
    EXPECT_EQ(loaded_.validate("shell.run", R"({"command":"exit"})"), std::nullopt);
    EXPECT_EQ(loaded_.validate("shell.run", R"({"argv":["ls"],"environment":{"A":"b"}})"),
              std::nullopt);
    for (const char* const wrong : {"{}", R"({"command":"exit","script":"exit"})",
                                    R"({"command":"exit","environment":{"A":1}})",
                                    R"({"command":"exit","retry_codes":[0]})"}) {
        EXPECT_NE(loaded_.validate("shell.run", wrong), std::nullopt) << wrong;
        EXPECT_EQ(failure_of(run(wrong)).type, "shell.arguments") << wrong;
    }
}

TEST_F(ShellPlugin, TakesTheOperatorsConfiguration) {
    Loaded configured(shell_plugin(),
                      R"({"working_directory":"/usr","environment":{"HOME":"/h"}})");
    EXPECT_EQ(configured.run("shell.run", R"({"command":"pwd; echo $HOME"})").out, "/usr\n/h\n");
}

TEST_F(ShellPlugin, RefusesAConfigurationThatItDoesNotUnderstand) {
    const Loaded refused(shell_plugin(), R"({"work_dir":"/"})");
    EXPECT_EQ(refused.init_rc(), JH_FAILED);
    ASSERT_TRUE(refused.init_failure());
    EXPECT_EQ(refused.init_failure()->message, "work_dir: unknown");
}

}  // namespace
}  // namespace jobhost::shell
