#include "store/sqlite/board.hpp"

#include <fstream>
#include <set>

#include <gmock/gmock.h>

#include "support/temp_dir.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr std::string_view kIdentity = "0123456789abcdef";
constexpr std::streamoff kFirstCell = 4096;
constexpr core::Instant kNow{1'700'000'000'000ms};

class BoardTest : public testing::Test {
protected:
    Board open(std::string_view identity = kIdentity) {
        auto board = Board::open(file_, identity);
        EXPECT_TRUE(board);
        return *std::move(board);
    }

    /// Writes over bytes of the first cell, as a torn page would.
    void damage(std::streamoff at, const std::string& bytes) {
        std::fstream stream(file_.native() + ".board",
                            std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(kFirstCell + at);
        stream << bytes;
    }

    support::TempDir dir_;
    const std::filesystem::path file_ = dir_ / "jobs.db";
};

TEST_F(BoardTest, WhatIsPutOnItIsThereForTheNextProcess) {
    {
        Board board = open();
        const auto first = board.put({77}, {5});
        board.start(*first, kNow);
        ASSERT_TRUE(board.put({78}, {6}));
    }

    const auto entries = open().entries();

    ASSERT_THAT(entries, SizeIs(2));
    EXPECT_EQ(entries[0].token, core::Token{77});
    EXPECT_EQ(entries[0].job, JobKey{5});
    EXPECT_EQ(entries[0].started_at, kNow);
    EXPECT_EQ(entries[1].token, core::Token{78});
    EXPECT_FALSE(entries[1].started_at);
}

TEST_F(BoardTest, AClearedSlotIsNoEntryAndIsUsedAgain) {
    Board board = open();
    const auto slot = board.put({1}, {1});
    board.start(*slot, kNow);

    board.clear(*slot);

    EXPECT_THAT(board.entries(), IsEmpty());
    EXPECT_EQ(board.put({2}, {2}), slot);
    EXPECT_FALSE(board.entries()[0].started_at);
}

TEST_F(BoardTest, SlotsInUseAreNotGivenToTheNextProcess) {
    { ASSERT_TRUE(open().put({1}, {1})); }
    Board board = open();

    EXPECT_EQ(board.room(), Board::kCapacity - 1);
    ASSERT_TRUE(board.put({2}, {2}));
    EXPECT_THAT(board.entries(), SizeIs(2));
}

TEST_F(BoardTest, AFullBoardTakesNothingMore) {
    Board board = open();
    std::set<Board::Slot> slots;
    for (std::int64_t i = 1; i <= static_cast<std::int64_t>(Board::kCapacity); ++i) {
        slots.insert(*board.put({i}, {i}));
    }

    EXPECT_THAT(slots, SizeIs(Board::kCapacity));
    EXPECT_EQ(board.room(), 0u);
    EXPECT_FALSE(board.put({99'999}, {99'999}));
    board.clear(*slots.begin());
    EXPECT_TRUE(board.put({99'999}, {99'999}));
}

TEST_F(BoardTest, ATornEntryIsNoEntry) {
    for (std::streamoff word = 0; word < 3; ++word) {
        {
            Board board = open();
            ASSERT_TRUE(board.put({123}, {456}));
        }
        damage(word * 8, "torn");

        EXPECT_THAT(open().entries(), IsEmpty()) << "word " << word;
    }
}

TEST_F(BoardTest, AnEntryWhoseStartIsTornHasNotBegun) {
    for (std::streamoff word = 3; word < 5; ++word) {
        {
            Board board = open();
            for (const auto& entry : board.entries()) {
                board.clear(entry.slot);
            }
            board.start(*board.put({123}, {456}), kNow);
        }
        damage(word * 8, "torn");

        const auto entries = open().entries();
        ASSERT_THAT(entries, SizeIs(1)) << "word " << word;
        EXPECT_FALSE(entries[0].started_at);
    }
}

TEST_F(BoardTest, TheBoardOfAnotherDatabaseIsWiped) {
    { ASSERT_TRUE(open().put({1}, {1})); }

    EXPECT_THAT(open("another identity").entries(), IsEmpty());
    EXPECT_THAT(open().entries(), IsEmpty());
}

TEST_F(BoardTest, AFileFullOfRubbishIsWiped) {
    std::ofstream(file_.native() + ".board") << std::string(3'000'000, 'x');

    Board board = open();

    EXPECT_THAT(board.entries(), IsEmpty());
    EXPECT_EQ(board.room(), Board::kCapacity);
}

TEST_F(BoardTest, AFileThatCannotBeMadeIsAnError) {
    const auto board = Board::open(dir_ / "absent/jobs.db", kIdentity);

    ASSERT_FALSE(board);
    EXPECT_EQ(board.error().kind, base::ErrorKind::Unavailable);
}

}  // namespace
}  // namespace jobhost::store::sqlite
