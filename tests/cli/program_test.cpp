#include "cli/program.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/version.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::cli {
namespace {

using testing::run;

TEST(Program, WithoutWordsItSaysWhereTheHelpIs) {
    const auto said = run({});
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.err, "jobhost: there is no verb; see jobhost help\n");
}

TEST(Program, HelpGoesToStdout) {
    const auto said = run({"--help"});
    EXPECT_EQ(said.code, 0);
    EXPECT_TRUE(said.out.starts_with("jobhost runs jobs")) << said.out;
    EXPECT_EQ(said.err, "");
    EXPECT_EQ(run({"help", "nonsense"}).code, 2);
}

TEST(Program, ItsVersionIsToldToPeopleAndPrograms) {
    EXPECT_TRUE(run({"version"}).out.starts_with("jobhost " + std::string(base::kVersion)));
    EXPECT_EQ(run({"--version"}).out, run({"version"}).out);
    const auto json = base::parse_json(run({"version", "--output", "json"}).out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->value.at("version").as_string(), base::kVersion);
}

TEST(Program, EveryVerbAnswersItsMistakesInJsonWhenAsked) {
    for (const auto& verb : verbs()) {
        std::vector<std::string> words;
        if (!verb.noun.empty()) {
            words.emplace_back(verb.noun);
        }
        words.emplace_back(verb.name);
        words.insert(words.end(), {"--no-such-option", "--output", "json"});
        const auto said = run(words);
        EXPECT_EQ(said.code, 2) << verb.full_name();
        EXPECT_EQ(said.out, "") << verb.full_name();
        const auto json = base::parse_json(said.err);
        ASSERT_TRUE(json) << said.err;
        EXPECT_EQ(json->value.at("code").as_string(), "wrong_use");
        EXPECT_EQ(json->value.at("exit_code").as_int64(), 2);
    }
}

class Check : public ::testing::Test {
protected:
    testing::Said check(const std::string& text, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"check", "--config",
                                       folder_.write("jobhost.toml", text).string()};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    support::TempDir folder_;
};

TEST_F(Check, AGoodConfigurationIsFineAndNothingIsMade) {
    const auto said = check("[plugins]\ndirs = []\n");
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_NE(said.out.find("jobhost.toml has no mistakes"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(Check, MistakesArePrintedWithTheirPlace) {
    const auto said = check("[run]\nwrokers = 1\n", {"--set", "run.workers=0"});
    EXPECT_EQ(said.code, 78);
    EXPECT_EQ(said.out, "");
    EXPECT_NE(said.err.find("jobhost.toml:2:1\n"), std::string::npos) << said.err;
    EXPECT_NE(said.err.find("did you mean \"workers\"?"), std::string::npos);
    EXPECT_NE(said.err.find("--> --set run.workers\n"), std::string::npos);
}

TEST_F(Check, ProgramsGetMistakesAsFields) {
    const auto said = check("[run]\nwrokers = 1\n", {"--output", "json"});
    EXPECT_EQ(said.code, 78);
    const auto json = base::parse_json(said.err);
    ASSERT_TRUE(json) << said.err;
    const auto& error = json->value.at("errors").as_array().at(0);
    EXPECT_TRUE(std::string_view(error.at("pointer").as_string()).ends_with("jobhost.toml:2:1"));
    EXPECT_EQ(error.at("code").as_string(), "unknown_key");
}

TEST_F(Check, WhatTheConfigurationPointsToIsLookedAt) {
    folder_.write("data", "this is no folder");
    const auto said = check("[plugins]\ndirs = []\n", {"--output", "json"});
    EXPECT_EQ(said.code, 78);
    const auto json = base::parse_json(said.out);
    ASSERT_TRUE(json) << said.out;
    EXPECT_FALSE(json->value.at("ok").as_bool());
    EXPECT_EQ(json->value.at("checks").as_array().at(0).at("name").as_string(), "data folder");
}

TEST_F(Check, AMissingFileIsAWrongConfiguration) {
    EXPECT_EQ(run({"check", "--config", (folder_ / "nowhere").string()}).code, 78);
    EXPECT_EQ(run({"serve", "--config", (folder_ / "nowhere").string()}).code, 78);
}

TEST(PluginDescribe, AMissingFileIsNotFound) {
    const auto said = run({"plugin", "describe", "/nowhere/plugin.so"});
    EXPECT_EQ(said.code, 3);
    EXPECT_EQ(said.err, "jobhost: there is no file \"/nowhere/plugin.so\"\n");
}

}  // namespace
}  // namespace jobhost::cli
