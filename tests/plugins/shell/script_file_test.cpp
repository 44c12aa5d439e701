#include "script_file.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::shell {
namespace {

namespace fs = std::filesystem;

TEST(ScriptFiles, HoldsTheTextForItsOwnerAlone) {
    const support::TempDir folder;
    const std::string text("echo a\0b\n", 9);
    const auto script = ScriptFile::write(folder.path(), text);
    ASSERT_TRUE(script);
    EXPECT_EQ(support::read_file(script->path()), text);
    EXPECT_EQ(fs::status(script->path()).permissions(),
              fs::perms::owner_read | fs::perms::owner_exec);
}

TEST(ScriptFiles, IsRemovedAtTheEndOfItsLife) {
    const support::TempDir folder;
    {
        auto script = ScriptFile::write(folder.path(), "x");
        ASSERT_TRUE(script);
        const auto moved = std::move(script);
        EXPECT_FALSE(fs::is_empty(folder.path()));
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ScriptFiles, AFolderThatIsNotThereIsAFault) {
    const support::TempDir folder;
    const auto script = ScriptFile::write(folder / "nowhere", "x");
    ASSERT_FALSE(script);
    EXPECT_EQ(script.fault().code, ENOENT);
    EXPECT_EQ(script.fault().category, Category::System);
}

TEST(ScriptFiles, ATextThatDoesNotFitLeavesNothing) {
    const support::TempDir folder;
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit small{1000, usual.rlim_max};
    std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto script = ScriptFile::write(folder.path(), std::string(2000, 'x'));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, SIG_DFL);
    ASSERT_FALSE(script);
    EXPECT_EQ(script.fault().code, EFBIG);
    EXPECT_EQ(script.fault().retry, Retry::Worthwhile);
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace jobhost::shell
