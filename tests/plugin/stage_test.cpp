#include "plugin/stage.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {
namespace {

using base::ErrorKind;
using support::read_file;

class StageTest : public testing::Test {
protected:
    StageTest() : library_(dir_.write("plugins/mail.so", "content")) {}

    Stage open() {
        auto stage = Stage::open(dir_ / "data/stage");
        EXPECT_TRUE(stage) << stage.error().message;
        return *std::move(stage);
    }

    static mode_t mode_of(const std::filesystem::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0);
        return status.st_mode & 0777U;
    }

    std::size_t files_in_stage() const {
        std::size_t files = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(dir_ / "data/stage")) {
            files += entry.is_regular_file() ? 1U : 0U;
        }
        return files;
    }

    support::TempDir dir_;
    std::filesystem::path library_;
};

TEST_F(StageTest, CopyHasTheContentAndIsNamedByIt) {
    const auto staged = open().take(library_);
    ASSERT_TRUE(staged) << staged.error().message;
    EXPECT_EQ(read_file(staged->file), "content");
    EXPECT_EQ(staged->digest, base::sha256_hex("content"));
    EXPECT_EQ(staged->file, dir_ / "data/stage" / staged->digest.substr(0, 16) / "mail.so");
}

TEST_F(StageTest, CopyIsForThisUserAlone) {
    const auto staged = open().take(library_);
    ASSERT_TRUE(staged);
    EXPECT_EQ(mode_of(staged->file), 0500U);
    EXPECT_EQ(mode_of(staged->file.parent_path()), 0700U);
    EXPECT_EQ(mode_of(dir_ / "data/stage"), 0700U);
}

TEST_F(StageTest, FolderThatWasOpenToOthersIsClosed) {
    std::filesystem::create_directories(dir_ / "data/stage");
    ::chmod((dir_ / "data/stage").c_str(), 0755);
    open();
    EXPECT_EQ(mode_of(dir_ / "data/stage"), 0700U);
}

TEST_F(StageTest, ChangeOfTheOriginalDoesNotReachTheCopy) {
    const auto staged = open().take(library_);
    dir_.write("plugins/mail.so", "other");
    ASSERT_TRUE(staged);
    EXPECT_EQ(read_file(staged->file), "content");
    const auto again = open().take(library_);
    ASSERT_TRUE(again);
    EXPECT_NE(again->file, staged->file);
}

TEST_F(StageTest, SameContentIsTakenOnce) {
    const auto stage = open();
    const auto first = stage.take(library_);
    const auto second = stage.take(library_);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->file, second->file);
    EXPECT_EQ(files_in_stage(), 1U);
}

TEST_F(StageTest, WhatAKilledHostLeftIsRemoved) {
    dir_.write("data/stage/incoming-0123", "half");
    open();
    EXPECT_EQ(files_in_stage(), 0U);
}

TEST_F(StageTest, CopiesThatNobodyWantsAnyMoreAreRemoved) {
    const auto staged = open().take(library_);
    ASSERT_TRUE(staged);
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(staged->file.parent_path(), now - std::chrono::days(29));
    open();
    EXPECT_EQ(files_in_stage(), 1U);
    std::filesystem::last_write_time(staged->file.parent_path(), now - std::chrono::days(31));
    dir_.write("data/stage/descriptions/abc.json", "{}");
    open();
    EXPECT_FALSE(std::filesystem::exists(staged->file));
    EXPECT_EQ(files_in_stage(), 1U);
}

TEST_F(StageTest, CopyThatIsTakenAgainIsKept) {
    const auto stage = open();
    const auto folder = stage.take(library_)->file.parent_path();
    const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::days(31);
    std::filesystem::last_write_time(folder, long_ago);
    EXPECT_TRUE(stage.take(library_));
    EXPECT_GT(std::filesystem::last_write_time(folder), long_ago);
}

TEST_F(StageTest, HardLinkIsACopyToo) {
    std::filesystem::create_hard_link(library_, dir_ / "plugins/link.so");
    const auto staged = open().take(dir_ / "plugins/link.so");
    ASSERT_TRUE(staged);
    EXPECT_FALSE(std::filesystem::equivalent(staged->file, library_));
}

TEST_F(StageTest, NameIsMadePlain) {
    const auto odd = dir_.write("plugins/$ORIGIN\n\xff .so", "content");
    const auto staged = open().take(odd);
    ASSERT_TRUE(staged) << staged.error().message;
    EXPECT_EQ(staged->file.filename(), "_ORIGIN___.so");
    const auto long_name = dir_.write("plugins/" + std::string(240, 'x') + ".so", "content");
    EXPECT_LT(open().take(long_name)->file.filename().string().size(), 120U);
}

TEST_F(StageTest, FileThatIsTooLargeIsRefused) {
    std::filesystem::resize_file(library_, kLargestLibrary + 1);
    const auto staged = open().take(library_);
    ASSERT_FALSE(staged);
    EXPECT_EQ(staged.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(staged.error().message, "it is larger than 256 MiB");
}

TEST_F(StageTest, UnsafeFileIsRefused) {
    ::chmod(library_.c_str(), 0666);
    const auto staged = open().take(library_);
    ASSERT_FALSE(staged);
    EXPECT_EQ(staged.error().kind, ErrorKind::Invalid);
    EXPECT_EQ(files_in_stage(), 0U);
}

TEST_F(StageTest, StageThatCannotBeMadeIsTheHostsFault) {
    dir_.write("data", "a file in the way");
    const auto stage = Stage::open(dir_ / "data/stage");
    ASSERT_FALSE(stage);
    EXPECT_EQ(stage.error().kind, ErrorKind::Unavailable);
    EXPECT_THAT(stage.error().message, testing::HasSubstr("data"));
}

TEST_F(StageTest, FileWhereTheStageShouldBeIsTheHostsFault) {
    dir_.write("data/stage", "a file in the way");
    const auto stage = Stage::open(dir_ / "data/stage");
    ASSERT_FALSE(stage);
    EXPECT_EQ(stage.error().kind, ErrorKind::Unavailable);
}

/// No file may grow beyond this many bytes, as if the disk were full.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, SIG_DFL);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit before_{};
};

TEST_F(StageTest, FullStageIsTheHostsFaultAndLeavesNothingBehind) {
    const auto large = dir_.write("plugins/large.so", std::string(100'000, 'x'));
    const auto stage = open();
    base::Result<StagedLibrary> staged = StagedLibrary{};
    {
        const FileSizeLimit limit(50'000);
        staged = stage.take(large);
    }
    ASSERT_FALSE(staged);
    EXPECT_EQ(staged.error().kind, ErrorKind::Unavailable);
    EXPECT_THAT(staged.error().message, testing::HasSubstr("File too large"));
    EXPECT_EQ(files_in_stage(), 0U);
}

}  // namespace
}  // namespace jobhost::plugin
