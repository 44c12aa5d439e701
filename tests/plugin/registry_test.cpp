#include "plugin/registry.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "log_file.hpp"
#include "plugin/describe.hpp"
#include "sdk/border_harness.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Runs the library's code in this process; only for those that are known to be harmless.
class TrustingDescriber final : public Describer {
public:
    base::Result<std::string> describe(const std::filesystem::path& library) override {
        ++asked;
        if (broken) {
            return base::Error{base::ErrorKind::Unavailable, "child_start", "no child program"};
        }
        const auto description = describe_here(library);
        return description ? base::Result<std::string>(base::to_text(to_json(*description)))
                           : description.error();
    }
    [[nodiscard]] std::string identity() const override { return "trusting"; }

    int asked = 0;
    bool broken = false;
};

class RegistryTest : public testing::Test {
protected:
    RegistryTest() {
        options_.dirs = {dir_ / "plugins"};
        options_.stage_dir = dir_ / "stage";
        std::filesystem::create_directory(dir_ / "plugins");
    }

    void install(const char* sample, const std::string& as) const {
        std::filesystem::copy_file(std::filesystem::path(SAMPLES_DIR) / sample,
                                   dir_ / "plugins" / as);
    }

    void configure(const std::string& id, std::string config) {
        PluginOptions wanted;
        wanted.id = id;
        wanted.config_json = std::move(config);
        options_.plugins.push_back(wanted);
    }

    std::unique_ptr<Registry> load() {
        auto registry = Registry::load(options_, {"node-1", "9.9.9"}, describer_);
        EXPECT_TRUE(registry) << registry.error().message;
        return registry ? *std::move(registry) : nullptr;
    }

    base::Error failure() {
        const auto registry = Registry::load(options_, {"node-1", "9.9.9"}, describer_);
        EXPECT_FALSE(registry);
        return registry ? base::Error{} : registry.error();
    }

    support::TempDir dir_;
    LogFile log_;
    TrustingDescriber describer_;
    Options options_;
};

std::vector<std::string> ids_of(const std::vector<core::TypeInfo>& types) {
    std::vector<std::string> ids;
    for (const auto& type : types) {
        ids.push_back(type.id);
    }
    return ids;
}

TEST_F(RegistryTest, EmptyFolderGivesNoPlugins) {
    const auto registry = load();
    EXPECT_TRUE(registry->plugins().empty());
    EXPECT_TRUE(registry->types()->empty());
    EXPECT_EQ(registry->find("sample.echo"), nullptr);
}

TEST_F(RegistryTest, SoundPluginIsActiveWithItsTypes) {
    install("sample.so", "sample.so");
    const auto registry = load();
    const auto plugins = registry->plugins();
    ASSERT_EQ(plugins.size(), 1U);
    EXPECT_TRUE(plugins[0].active);
    EXPECT_EQ(plugins[0].id, "sample");
    EXPECT_EQ(plugins[0].version, "1.2.3");
    EXPECT_EQ(plugins[0].file, dir_ / "plugins/sample.so");
    EXPECT_EQ(plugins[0].digest.size(), 64U);
    EXPECT_FALSE(plugins[0].reduced);
    EXPECT_THAT(ids_of(*registry->types()),
                ElementsAre("sample.echo", "sample.stay", "sample.wait"));
    EXPECT_EQ(registry->types(), registry->types()) << "no copy is made";
}

TEST_F(RegistryTest, RunnerRunsAndOutlivesTheRegistry) {
    install("sample.so", "sample.so");
    auto registry = load();
    const auto runner = registry->find("sample.echo");
    ASSERT_NE(runner, nullptr);
    sdk_test::RecordingSink sink;
    core::Attempt attempt;
    attempt.token = {1};
    attempt.args = R"({"a":1})";
    runner->start(attempt, sink);
    EXPECT_EQ(sink.wait({1}).outcome.result_json, R"({"a":1})");
    registry.reset();
    EXPECT_EQ(runner->type().id, "sample.echo");
}

TEST_F(RegistryTest, ConfigurationReachesInit) {
    install("sample.so", "sample.so");
    configure("sample", R"({"journal":")" + (dir_ / "journal").string() + R"("})");
    auto registry = load();
    EXPECT_EQ(support::read_file(dir_ / "journal"), "init\n");
    registry->shut_down();
    registry.reset();
    EXPECT_EQ(support::read_file(dir_ / "journal"), "init\nquiesce\ndeinit\n");
}

TEST_F(RegistryTest, OriginalMayGoAwayAfterLoading) {
    install("sample.so", "sample.so");
    const auto registry = load();
    std::filesystem::resize_file(dir_ / "plugins/sample.so", 0);
    sdk_test::RecordingSink sink;
    core::Attempt attempt;
    attempt.token = {1};
    attempt.args = "{}";
    registry->find("sample.echo")->start(attempt, sink);
    EXPECT_EQ(sink.wait({1}).outcome.result_json, "{}");
}

TEST_F(RegistryTest, SecondStartAsksNoDescriber) {
    install("sample.so", "sample.so");
    load();
    load();
    EXPECT_EQ(describer_.asked, 1);
}

TEST_F(RegistryTest, PluginThatIsNamedAndNotThereIsListed) {
    configure("acme.absent", "{}");
    const auto registry = load();
    const auto plugins = registry->plugins();
    ASSERT_EQ(plugins.size(), 1U);
    EXPECT_FALSE(plugins[0].active);
    EXPECT_EQ(plugins[0].id, "acme.absent");
    EXPECT_EQ(plugins[0].reason, "no library in the plugin folders has this id");
    EXPECT_THAT(log_.text(), HasSubstr("plugin acme.absent is refused"));
}

TEST_F(RegistryTest, CopyUnderAnotherNameIsRefusedAndTheFirstServes) {
    install("sample.so", "a.so");
    std::filesystem::create_hard_link(dir_ / "plugins/a.so", dir_ / "plugins/b.so");
    const auto registry = load();
    const auto plugins = registry->plugins();
    ASSERT_EQ(plugins.size(), 2U);
    EXPECT_TRUE(plugins[0].active);
    EXPECT_FALSE(plugins[1].active);
    EXPECT_THAT(plugins[1].reason, HasSubstr("has the id `sample` of"));
    EXPECT_THAT(plugins[1].reason, HasSubstr("a.so"));
    EXPECT_TRUE(plugins[1].types.empty());
    EXPECT_NE(registry->find("sample.echo"), nullptr);
}

TEST_F(RegistryTest, ProgramIsRefused) {
    std::filesystem::copy_file("/proc/self/exe", dir_ / "plugins/host.so");
    const auto plugins = load()->plugins();
    ASSERT_EQ(plugins.size(), 1U);
    EXPECT_EQ(plugins[0].reason, "it is a program, not a shared library");
}

TEST_F(RegistryTest, OnlyLibrariesAreLookedAt) {
    dir_.write("plugins/README", "not a plugin");
    dir_.write("plugins/sample.so.old", "not a plugin");
    EXPECT_TRUE(load()->plugins().empty());
}

TEST_F(RegistryTest, BrokenRulesAreCounted) {
    install("sample.so", "sample.so");
    configure("sample", R"({"restless":true})");
    EXPECT_EQ(load()->plugins().at(0).misbehaved, 4);
}

TEST_F(RegistryTest, LibraryAfterOneThatHangsIsLoaded) {
    install("sample.so", "a.so");
    install("slow_constructor.so", "b.so");
    configure("sample", R"({"journal":")" + (dir_ / "journal").string() + R"(","hang":"init"})");
    options_.init_timeout = 200ms;
    const auto registry = load();
    const auto plugins = registry->plugins();
    ASSERT_EQ(plugins.size(), 2U);
    EXPECT_THAT(plugins[0].reason, HasSubstr("its init did not return"));
    EXPECT_TRUE(plugins[1].active) << plugins[1].reason;
    const auto release = dir_.write("journal.release", "");
    while (std::filesystem::exists(release)) {
        std::this_thread::yield();
    }
}

TEST_F(RegistryTest, MissingFolderIsTheHostsFault) {
    options_.dirs = {dir_ / "absent"};
    EXPECT_EQ(failure().kind, base::ErrorKind::Unavailable);
    EXPECT_THAT(failure().message, HasSubstr("absent"));
}

TEST_F(RegistryTest, StageThatCannotBeWrittenIsTheHostsFault) {
    dir_.write("stage", "a file in the way");
    EXPECT_EQ(failure().code, "stage_failed");
}

TEST_F(RegistryTest, DescriberThatCannotStartIsTheHostsFault) {
    install("sample.so", "sample.so");
    describer_.broken = true;
    EXPECT_EQ(failure().message, "no child program");
}

}  // namespace
}  // namespace jobhost::plugin
