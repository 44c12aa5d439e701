#include <gtest/gtest.h>

#include "config/overrides.hpp"
#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;

constexpr std::string_view kFile = "[run]\nworkers = 2\n";

TEST(Layers, TheEnvironmentWinsOverTheFile) {
    Workspace workspace;
    EXPECT_EQ(workspace.read(kFile)->run.workers, 2);
    workspace.environment["JOBHOST_RUN__WORKERS"] = "3";
    EXPECT_EQ(workspace.read(kFile)->run.workers, 3);
}

TEST(Layers, TheCommandLineWinsOverTheEnvironment) {
    Workspace workspace;
    workspace.environment["JOBHOST_RUN__WORKERS"] = "3";
    workspace.sets = {"run.workers=4"};
    EXPECT_EQ(workspace.read(kFile)->run.workers, 4);
}

TEST(Layers, TheLaterOfTwoSetsWins) {
    Workspace workspace;
    workspace.sets = {"run.workers=4", "run.workers=5"};
    EXPECT_EQ(workspace.read(kFile)->run.workers, 5);
}

TEST(Layers, ListsAreCutAtCommas) {
    Workspace workspace;
    workspace.environment["JOBHOST_HTTP__LISTEN"] = "127.0.0.1:1, [::1]:2";
    workspace.environment["JOBHOST_HTTP__HOSTS"] = "";
    const auto config = workspace.read("[http]\nhosts = [\"a\"]\n");
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_EQ(config->http.listen.size(), 2U);
    EXPECT_EQ(config->http.listen[1].host, "::1");
    EXPECT_TRUE(config->http.hosts.empty());
}

TEST(Layers, OneLabelIsAddedToThoseOfTheFile) {
    Workspace workspace;
    workspace.environment["JOBHOST_HOST__LABELS__SITE"] = "ber1";
    workspace.sets = {"host.labels.rack=7"};
    EXPECT_EQ(workspace.read("[host]\nlabels = { site = \"fra1\", gpu = \"no\" }\n")->host.labels,
              (core::LabelMap{{"gpu", "no"}, {"rack", "7"}, {"site", "ber1"}}));
}

TEST(Layers, PathsFromOutsideStartFromTheWorkingFolder) {
    Workspace workspace;
    workspace.make_folder("etc");
    workspace.write("etc/jobhost.toml", "");
    workspace.sets = {"host.data_dir=data", "storage.url=sqlite:x.db"};
    const auto config = workspace.read_named("etc/jobhost.toml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->host.data_dir, workspace.folder() / "data");
    EXPECT_EQ(config->sqlite_file, workspace.folder() / "x.db");
}

TEST(Layers, AValueFromOutsideIsNeverSubstituted) {
    Workspace workspace;
    workspace.sets = {"host.name=${env:X}"};
    EXPECT_EQ(workspace.read("")->host.name, "${env:X}");
}

TEST(Layers, VariablesWithoutTwoUnderscoresAreNoSettings) {
    Workspace workspace;
    workspace.environment = {{"JOBHOST_LEASH_FD", "7"},
                             {"JOBHOST_HOST", "http://127.0.0.1:1"},
                             {"JOBHOST_URL", "x"},
                             {"OTHER__NAME", "x"}};
    EXPECT_TRUE(workspace.read(""));
}

TEST(Layers, AnUnknownVariableIsAMistakeThatNamesTheNearest) {
    Workspace workspace;
    workspace.environment["JOBHOST_RUN__WORKRES"] = "3";
    EXPECT_EQ(workspace.mistakes(""),
              "error[unknown_key]: there is no setting run.workres\n"
              "  --> environment variable JOBHOST_RUN__WORKRES\n"
              "  = did you mean \"JOBHOST_RUN__WORKERS\"?\n\n"
              "1 mistake in the configuration\n");
}

TEST(Layers, OneUnderscoreInsteadOfTwoIsAMistake) {
    Workspace workspace;
    workspace.environment["JOBHOST_RUN_WORKERS"] = "3";
    EXPECT_EQ(workspace.mistakes(""),
              "error[unknown_key]: this is no setting\n"
              "  --> environment variable JOBHOST_RUN_WORKERS\n"
              "  = did you mean \"JOBHOST_RUN__WORKERS\"?\n\n"
              "1 mistake in the configuration\n");
}

TEST(Layers, AnUnknownSetIsAMistakeThatNamesTheNearest) {
    Workspace workspace;
    workspace.sets = {"run.worker=3"};
    EXPECT_EQ(workspace.mistakes(""),
              "error[unknown_key]: there is no setting run.worker\n"
              "  --> --set run.worker\n"
              "  = did you mean \"run.workers\"?\n\n"
              "1 mistake in the configuration\n");
}

TEST(Layers, AWrongValueNamesTheVariable) {
    Workspace workspace;
    workspace.environment["JOBHOST_RUN__WORKERS"] = "eight";
    EXPECT_EQ(workspace.mistakes(""),
              "error[wrong_type]: run.workers must be a whole number, and \"eight\" is not\n"
              "  --> environment variable JOBHOST_RUN__WORKERS\n\n"
              "1 mistake in the configuration\n");
}

TEST(Layers, AWrongValueInTheFileIsAMistakeEvenWhenItIsOverridden) {
    Workspace workspace;
    workspace.sets = {"run.workers=4"};
    EXPECT_FALSE(workspace.read("[run]\nworkers = 0\n"));
}

TEST(Layers, CombinationsAreJudgedAfterTheLayersWereMerged) {
    Workspace workspace;
    workspace.sets = {"probes.listen=127.0.0.1:7460"};
    EXPECT_EQ(workspace.mistakes(""),
              "error[duplicate]: probes.listen uses 127.0.0.1:7460, which http.listen uses "
              "already\n"
              "  --> --set probes.listen\n"
              "  = take another port\n\n"
              "1 mistake in the configuration\n");
}

TEST(Layers, ASetWithoutAValueIsAMistake) {
    Workspace workspace;
    for (const auto* set : {"run.workers", "=3", ".workers=3", "run..workers=3"}) {
        workspace.sets = {set};
        const auto config = workspace.read("");
        ASSERT_FALSE(config) << set;
        EXPECT_EQ(config.error().fields[0].code, "bad_override") << set;
    }
}

TEST(Layers, AVariableThatIsNoTextIsAMistake) {
    Workspace workspace;
    workspace.environment["JOBHOST_HOST__NAME"] = "\xff";
    EXPECT_EQ(workspace.read("").error().fields[0].code, "bad_override");
    workspace.environment = {{"JOBHOST___X", "1"}};
    EXPECT_EQ(workspace.read("").error().fields[0].code, "bad_override");
}

TEST(Layers, PluginTablesCannotBeOverridden) {
    Workspace workspace;
    workspace.sets = {"plugin.id=x"};
    EXPECT_EQ(workspace.read("").error().fields[0].code, "unknown_key");
}

TEST(Layers, AKeyBelowAPlainSettingIsUnknown) {
    Workspace workspace;
    workspace.sets = {"run.workers.more=3"};
    EXPECT_EQ(workspace.read("").error().fields[0].code, "unknown_key");
}

TEST(Layers, TheNameOfAVariableFollowsFromTheSetting) {
    EXPECT_EQ(variable_of("run.workers"), "JOBHOST_RUN__WORKERS");
    EXPECT_EQ(variable_of("host.data_dir"), "JOBHOST_HOST__DATA_DIR");
}

}  // namespace
}  // namespace jobhost::config
