#include "settings.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

std::string mistakes_in(std::string_view json) {
    const auto settings = read_settings(json);
    return settings ? "" : settings.fault().message;
}

TEST(Settings, HaveDefaults) {
    const auto settings = read_settings("{}");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->shell, "/bin/sh");
    EXPECT_EQ(settings->working_directory, "/");
    EXPECT_EQ(settings->script_directory, "/tmp");
    EXPECT_EQ(settings->environment,
              (Environment{{"LANG", "C.UTF-8"}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}}));
}

TEST(Settings, AreReadFromTheOperatorsText) {
    const auto settings = read_settings(R"({
        "shell": "/bin/bash", "working_directory": "/srv", "script_directory": "/run/scripts",
        "environment": {"HOME": "/srv", "LANG": "C"}})");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->shell, "/bin/bash");
    EXPECT_EQ(settings->working_directory, "/srv");
    EXPECT_EQ(settings->script_directory, "/run/scripts");
    EXPECT_EQ(
        settings->environment,
        (Environment{{"HOME", "/srv"}, {"LANG", "C"}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}}));
}

TEST(Settings, EveryMistakeIsNamed) {
    EXPECT_EQ(mistakes_in(R"({"shel": "/bin/sh", "working_directory": "srv", "shell": 1,
                              "script_directory": "", "environment": {"A": 1, "JOBHOST_X": "y"}})"),
              "shell: has to be a text; working_directory: has to be an absolute path; "
              "script_directory: has to be an absolute path; environment.A: has to be a text; "
              "environment.JOBHOST_X: names that begin with JOBHOST_ are set by the host; "
              "shel: unknown");
}

TEST(Settings, AreOneObject) {
    EXPECT_EQ(mistakes_in("[]"), "not a JSON object");
    EXPECT_EQ(mistakes_in("{").find("no valid JSON: "), 0U);
    EXPECT_EQ(mistakes_in(R"({"environment": []})"), "environment: has to be an object of texts");
}

}  // namespace
}  // namespace jobhost::shell
