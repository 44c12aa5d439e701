#include "config/check.hpp"

#include <gtest/gtest.h>

#include "config/workspace.hpp"

namespace jobhost::config {
namespace {

using testing::Workspace;

class CheckSurroundings : public ::testing::Test {
protected:
    Check check(std::string_view name, std::string_view config = "") {
        const auto read = workspace_.read(config);
        EXPECT_TRUE(read) << read.error().message;
        for (auto& found : check_surroundings(*read)) {
            if (found.name == name) {
                return found;
            }
        }
        ADD_FAILURE() << "no check " << name;
        return {};
    }

    std::string path(std::string_view name) const {
        return "\"" + (workspace_.folder() / name).string() + "\"";
    }

    Workspace workspace_;
};

TEST_F(CheckSurroundings, AFreshFolderIsFineAndNothingIsMade) {
    EXPECT_EQ(check("data folder"), (Check{"data folder", true, path("data") + " will be made"}));
    EXPECT_EQ(check("database"),
              (Check{"database", true, path("data/jobhost.db") + " will be made"}));
    EXPECT_FALSE(std::filesystem::exists(workspace_.folder() / "data"));
}

TEST_F(CheckSurroundings, TheJobsOfTheFileAreCounted) {
    const std::string one = "[[job]]\ntype = \"a.b\"\nname = ";
    EXPECT_EQ(check("jobs", one + "\"n\"\n"),
              (Check{"jobs", true, path("jobhost.toml") + " declares 1 job"}));
    EXPECT_EQ(check("jobs", one + "\"n\"\n" + one + "\"m\"\n").detail,
              path("jobhost.toml") + " declares 2 jobs");
}

TEST_F(CheckSurroundings, AFolderThatIsThereCanBeWritten) {
    workspace_.make_folder("data");
    EXPECT_EQ(check("data folder"), (Check{"data folder", true, path("data") + " can be written"}));
}

TEST_F(CheckSurroundings, AFileInThePlaceOfTheFolderIsFound) {
    workspace_.write("data", "");
    EXPECT_EQ(check("data folder"),
              (Check{"data folder", false, path("data") + " is not a folder"}));
}

TEST_F(CheckSurroundings, AFolderThatCannotBeWrittenIsFound) {
    const auto found = check("data folder", "[host]\ndata_dir = \"/proc/data\"\n");
    EXPECT_FALSE(found.ok);
    EXPECT_NE(found.detail.find("\"/proc\""), std::string::npos) << found.detail;
}

TEST_F(CheckSurroundings, ADatabaseIsKnownByItsFirstBytes) {
    workspace_.make_folder("data");
    workspace_.write("data/jobhost.db", std::string_view("SQLite format 3\0 and so on", 27));
    EXPECT_TRUE(check("database").ok);
    workspace_.write("data/jobhost.db", "");
    EXPECT_TRUE(check("database").ok);
    workspace_.write("data/jobhost.db", "this is a letter, no database");
    EXPECT_EQ(check("database"),
              (Check{"database", false, path("data/jobhost.db") + " is no SQLite database"}));
}

TEST_F(CheckSurroundings, AFolderInThePlaceOfTheDatabaseIsFound) {
    workspace_.make_folder("data/jobhost.db");
    EXPECT_EQ(check("database"),
              (Check{"database", false, path("data/jobhost.db") + " is not a regular file"}));
}

TEST_F(CheckSurroundings, LibrariesAreCounted) {
    EXPECT_EQ(check("plugins"),
              (Check{"plugins", true, "no folder is named and none belongs to the program"}));
    workspace_.make_folder("plugins");
    workspace_.write("plugins/a.so", "");
    workspace_.write("plugins/readme", "");
    EXPECT_EQ(check("plugins"), (Check{"plugins", true, path("plugins") + " holds 1 library"}));
}

TEST_F(CheckSurroundings, AFolderThatWentAwayIsFound) {
    workspace_.make_folder("plugins");
    const auto config = workspace_.read("");
    std::filesystem::remove(workspace_.folder() / "plugins");
    const auto checks = check_surroundings(*config);
    EXPECT_FALSE(checks.at(2).ok);
    EXPECT_NE(checks.at(2).detail.find("cannot be read"), std::string::npos);
}

TEST_F(CheckSurroundings, TheLogFileIsLookedAt) {
    EXPECT_TRUE(check("log", "[log]\ntarget = \"file:a.log\"\n").ok);
    workspace_.make_folder("a.log");
    EXPECT_FALSE(check("log", "[log]\ntarget = \"file:a.log\"\n").ok);
}

}  // namespace
}  // namespace jobhost::config
