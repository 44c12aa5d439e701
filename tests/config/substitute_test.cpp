#include "config/substitute.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;

class Substitute : public ::testing::Test {
protected:
    Substitute() {
        workspace_.environment = {{"NAME", "batch"},
                                  {"EMPTY", ""},
                                  {"TRICKY", "${env:NAME}\" = 1"},
                                  {"LINES", "a\nb"},
                                  {"COUNT", "3"}};
    }

    /// What host.name becomes, or the message of the mistake.
    std::string name_of(const std::string& text) {
        const auto config = workspace_.read("[host]\nname = '" + text + "'\n");
        return config ? config->host.name : config.error().fields.at(0).message;
    }

    Workspace workspace_;
};

TEST_F(Substitute, AVariableIsPutIn) { EXPECT_EQ(name_of("x-${env:NAME}-y"), "x-batch-y"); }

TEST_F(Substitute, SeveralArePutIn) { EXPECT_EQ(name_of("${env:NAME}${env:COUNT}"), "batch3"); }

TEST_F(Substitute, TheDefaultStandsForAVariableThatIsMissingOrEmpty) {
    EXPECT_EQ(name_of("${env:MISSING:-other}"), "other");
    EXPECT_EQ(name_of("${env:EMPTY:-other}"), "other");
    EXPECT_EQ(name_of("${env:NAME:-other}"), "batch");
    EXPECT_EQ(name_of("x${env:MISSING:-}"), "x");
    EXPECT_EQ(name_of("x${env:EMPTY}"), "x");
}

TEST_F(Substitute, AMissingVariableIsAMistake) {
    EXPECT_EQ(name_of("${env:MISSING}"),
              "the environment variable \"MISSING\" is not set; set it, or give a default: "
              "${env:NAME:-default}");
}

TEST_F(Substitute, WhatIsPutInIsNeverLookedAtAgain) {
    EXPECT_EQ(name_of("${env:TRICKY}"), "${env:NAME}\" = 1");
}

TEST_F(Substitute, TwoDollarsAreALiteral) {
    EXPECT_EQ(name_of("$${env:NAME}"), "${env:NAME}");
    EXPECT_EQ(name_of("$${a} ${env:NAME}"), "${a} batch");
}

TEST_F(Substitute, OtherDollarsStay) { EXPECT_EQ(name_of("$a $$ {b} $"), "$a $$ {b} $"); }

TEST_F(Substitute, AVariableOfMoreThanOneLineIsAMistake) {
    EXPECT_EQ(name_of("${env:LINES}"),
              "the environment variable \"LINES\" holds more than one line");
}

TEST_F(Substitute, AnOpenBraceIsAMistake) {
    EXPECT_EQ(name_of("${env:NAME"), "\"${\" without \"}\"; write $${ for a literal ${");
}

TEST_F(Substitute, AnUnknownSourceIsAMistake) {
    EXPECT_EQ(name_of("${NAME}"), "${…} must begin with env: or file:; write $${ for a literal ${");
}

TEST_F(Substitute, AFilesTextIsPutInWithoutItsLastLineEnd) {
    workspace_.write("a", "secret\n");
    workspace_.write("b", "secret\r\n");
    workspace_.write("c", " sec ret");
    EXPECT_EQ(name_of("${file:a}"), "secret");
    EXPECT_EQ(name_of("${file:b}"), "secret");
    EXPECT_EQ(name_of("${file:c}"), " sec ret");
    EXPECT_EQ(name_of("${file:" + (workspace_.folder() / "a").string() + "}"), "secret");
}

TEST_F(Substitute, OnlyOneLineEndIsDropped) {
    workspace_.write("a", "x\n\n");
    const auto config = workspace_.read("[[plugin]]\nid = 'p'\nconfig.text = '${file:a}'\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->plugins.plugins.at(0).config_json, R"({"text":"x\n"})");
}

TEST_F(Substitute, AFileIsReadUpToALimit) {
    workspace_.write("a", std::string(64 * 1024, 'x'));
    workspace_.write("b", std::string(64 * 1024 + 1, 'x'));
    EXPECT_EQ(name_of("${file:a}").size(), 64U * 1024);
    EXPECT_NE(name_of("${file:b}").find("the file is larger than 64 KiB"), std::string::npos);
}

TEST_F(Substitute, AFileThatCannotBeReadIsAMistake) {
    workspace_.make_folder("folder");
    workspace_.write("bytes", "\xff");
    ::mkfifo((workspace_.folder() / "pipe").c_str(), 0600);
    EXPECT_NE(name_of("${file:missing}").find("there is no such file"), std::string::npos);
    EXPECT_NE(name_of("${file:folder}").find("this is a directory"), std::string::npos);
    EXPECT_NE(name_of("${file:bytes}").find("not text in UTF-8"), std::string::npos);
    EXPECT_NE(name_of("${file:pipe}").find("this is not a regular file"), std::string::npos);
    EXPECT_EQ(name_of("${file:}"), "${file:} needs a path");
}

TEST_F(Substitute, ANumberMayComeFromAVariable) {
    EXPECT_EQ(workspace_.read("[run]\nworkers = '${env:COUNT}'\n")->run.workers, 3);
    EXPECT_EQ(workspace_.read("[run]\nworkers = '${env:NAME}'\n").error().fields.at(0).message,
              "run.workers must be a whole number, and \"batch\" is not");
}

TEST_F(Substitute, StringsInListsAndTablesAreSubstitutedAndKeysAreNot) {
    const auto config = workspace_.read(
        "[host]\nlabels = { site = '${env:NAME}' }\n[http]\nhosts = ['a', '${env:NAME}']\n"
        "[[plugin]]\nid = 'p'\nconfig = { '${env:NAME}' = ['${env:COUNT}'] }\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->host.labels, (core::LabelMap{{"site", "batch"}}));
    EXPECT_EQ(config->http.hosts, (std::vector<std::string>{"a", "batch"}));
    EXPECT_EQ(config->plugins.plugins.at(0).config_json, R"({"${env:NAME}":["3"]})");
}

TEST_F(Substitute, CommentsAreLeftAlone) { EXPECT_TRUE(workspace_.read("# ${env:MISSING}\n")); }

TEST_F(Substitute, OneMistakeIsReportedOnce) {
    for (const auto* text :
         {"[log]\ntarget = '${env:MISSING}'\n", "[http]\nlisten = ['${env:MISSING}']\n",
          "[[plugin]]\nid = '${env:MISSING}'\n"}) {
        const auto config = workspace_.read(text);
        ASSERT_FALSE(config);
        EXPECT_EQ(config.error().fields.size(), 1U) << config.error().message;
    }
}

}  // namespace
}  // namespace jobhost::config
