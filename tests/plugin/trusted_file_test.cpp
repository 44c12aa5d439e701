#include "plugin/trusted_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using testing::HasSubstr;

constexpr uid_t kSomebodyElse = 54321;

class TrustedFile : public testing::Test {
protected:
    TrustedFile() : file_(dir_.write("plugins/mail.so", "content")) {
        ::chmod(file_.c_str(), 0644);
        ::chmod(file_.parent_path().c_str(), 0755);
    }

    static std::string refusal(const std::filesystem::path& file) {
        const auto opened = open_trusted(file);
        return opened ? "opened" : opened.error().message;
    }

    static std::string content(const std::filesystem::path& file) {
        const auto opened = open_trusted(file);
        std::array<char, 100> bytes{};
        const auto got = opened ? ::read(opened->get(), bytes.data(), bytes.size()) : -1;
        return got < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(got));
    }

    support::TempDir dir_;
    std::filesystem::path file_;
};

TEST_F(TrustedFile, SafeFileIsOpened) { EXPECT_EQ(content(file_), "content"); }

TEST_F(TrustedFile, RelativePathIsTakenFromTheWorkingDirectory) {
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(dir_.path());
    EXPECT_EQ(content("plugins/../plugins/./mail.so"), "content");
    std::filesystem::current_path(here);
}

TEST_F(TrustedFile, FileThatEverybodyMayWriteIsRefused) {
    ::chmod(file_.c_str(), 0646);
    EXPECT_THAT(refusal(file_), HasSubstr("mail.so can be written by everybody"));
}

TEST_F(TrustedFile, FolderThatEverybodyMayWriteIsRefused) {
    ::chmod(file_.parent_path().c_str(), 0757);
    EXPECT_THAT(refusal(file_), HasSubstr("plugins can be written by everybody"));
}

TEST_F(TrustedFile, StickyFolderIsSafe) {
    ::chmod(file_.parent_path().c_str(), 01777);
    EXPECT_EQ(content(file_), "content");
}

TEST_F(TrustedFile, LinkIsFollowed) {
    std::filesystem::create_symlink("mail.so", dir_ / "plugins/relative.so");
    std::filesystem::create_symlink(file_, dir_ / "plugins/absolute.so");
    std::filesystem::create_directory_symlink("plugins", dir_ / "folder");
    EXPECT_EQ(content(dir_ / "plugins/relative.so"), "content");
    EXPECT_EQ(content(dir_ / "plugins/absolute.so"), "content");
    EXPECT_EQ(content(dir_ / "folder/absolute.so"), "content");
}

TEST_F(TrustedFile, LinkIntoAnUnsafeFolderIsRefused) {
    const auto target = dir_.write("open/mail.so", "content");
    ::chmod(target.parent_path().c_str(), 0777);
    std::filesystem::create_symlink(target, dir_ / "plugins/link.so");
    EXPECT_THAT(refusal(dir_ / "plugins/link.so"), HasSubstr("open can be written by everybody"));
}

TEST_F(TrustedFile, LinkInAnUnsafeFolderIsRefused) {
    const auto folder = dir_ / "open";
    std::filesystem::create_directory(folder);
    ::chmod(folder.c_str(), 0777);
    std::filesystem::create_symlink(file_, folder / "link.so");
    EXPECT_THAT(refusal(folder / "link.so"), HasSubstr("open can be written by everybody"));
}

TEST_F(TrustedFile, CircleOfLinksIsRefused) {
    std::filesystem::create_symlink("two.so", dir_ / "plugins/one.so");
    std::filesystem::create_symlink("one.so", dir_ / "plugins/two.so");
    EXPECT_THAT(refusal(dir_ / "plugins/one.so"), HasSubstr("Too many levels of symbolic links"));
}

TEST_F(TrustedFile, WhatIsNotThereIsRefused) {
    EXPECT_THAT(refusal(dir_ / "plugins/absent.so"), HasSubstr("No such file"));
    EXPECT_THAT(refusal(file_ / "inside.so"), HasSubstr("Not a directory"));
    std::filesystem::create_symlink("absent.so", dir_ / "plugins/dangling.so");
    EXPECT_THAT(refusal(dir_ / "plugins/dangling.so"), HasSubstr("No such file"));
}

TEST_F(TrustedFile, OnlyRegularFilesAreOpened) {
    EXPECT_EQ(refusal(dir_ / "plugins"), "it is not a regular file");
    const auto fifo = dir_ / "plugins/fifo.so";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(refusal(fifo), "it is not a regular file");
}

class TrustedFileAsRoot : public TrustedFile {
protected:
    void SetUp() override {
        if (::geteuid() != 0) {
            GTEST_SKIP() << "only root can give files away";
        }
    }
};

TEST_F(TrustedFileAsRoot, FileOfSomebodyElseIsRefused) {
    ASSERT_EQ(::chown(file_.c_str(), kSomebodyElse, 0), 0);
    EXPECT_THAT(refusal(file_), HasSubstr("mail.so belongs to user 54321"));
}

TEST_F(TrustedFileAsRoot, FolderOfSomebodyElseIsRefused) {
    ASSERT_EQ(::chown(file_.parent_path().c_str(), kSomebodyElse, 0), 0);
    EXPECT_THAT(refusal(file_), HasSubstr("plugins belongs to user 54321"));
}

TEST_F(TrustedFileAsRoot, LinkOfSomebodyElseIsRefused) {
    const auto link = dir_ / "plugins/link.so";
    std::filesystem::create_symlink("mail.so", link);
    ASSERT_EQ(::lchown(link.c_str(), kSomebodyElse, 0), 0);
    EXPECT_THAT(refusal(link), HasSubstr("link.so belongs to user 54321"));
}

TEST_F(TrustedFileAsRoot, GroupMayWriteOnlyWhenItIsRoots) {
    ::chmod(file_.c_str(), 0664);
    ASSERT_EQ(::chown(file_.c_str(), 0, kSomebodyElse), 0);
    EXPECT_THAT(refusal(file_), HasSubstr("mail.so can be written by group 54321"));
    ASSERT_EQ(::chown(file_.c_str(), 0, 0), 0);
    EXPECT_EQ(content(file_), "content");
}

}  // namespace
}  // namespace jobhost::plugin
