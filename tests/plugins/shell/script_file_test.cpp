#include "script_file.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/resource.h>

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

namespace fs = std::filesystem;

class ScriptFiles : public ::testing::Test {
protected:
    void SetUp() override {
        std::string name = "/tmp/jobhost-test-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string folder_;
};

TEST_F(ScriptFiles, HoldsTheTextForItsOwnerAlone) {
    const std::string text("echo a\0b\n", 9);
    const auto script = ScriptFile::write(folder_, text);
    ASSERT_TRUE(script);
    std::ifstream file(script->path(), std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
    EXPECT_EQ(fs::status(script->path()).permissions(),
              fs::perms::owner_read | fs::perms::owner_exec);
}

TEST_F(ScriptFiles, IsRemovedAtTheEndOfItsLife) {
    {
        auto script = ScriptFile::write(folder_, "x");
        ASSERT_TRUE(script);
        const auto moved = std::move(script);
        EXPECT_FALSE(fs::is_empty(folder_));
    }
    EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(ScriptFiles, AFolderThatIsNotThereIsAFault) {
    const auto script = ScriptFile::write(folder_ + "/nowhere", "x");
    ASSERT_FALSE(script);
    EXPECT_EQ(script.fault().code, ENOENT);
    EXPECT_EQ(script.fault().category, Category::System);
}

TEST_F(ScriptFiles, ATextThatDoesNotFitLeavesNothing) {
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit small{1000, usual.rlim_max};
    std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto script = ScriptFile::write(folder_, std::string(2000, 'x'));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, SIG_DFL);
    ASSERT_FALSE(script);
    EXPECT_EQ(script.fault().code, EFBIG);
    EXPECT_EQ(script.fault().retry, Retry::Worthwhile);
    EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace jobhost::shell
