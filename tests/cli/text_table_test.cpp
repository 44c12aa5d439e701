#include "cli/text_table.hpp"

#include <array>
#include <unistd.h>

#include <gtest/gtest.h>

namespace jobhost::cli {
namespace {

std::string printed(const TextTable& table, bool color = false) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    Console console(ends[1], ends[1]);
    console.use_color(color);
    table.print(console);
    ::close(ends[1]);
    std::string text(4096, '\0');
    const auto count = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    text.resize(static_cast<std::size_t>(count));
    return text;
}

TEST(TextTable, ColumnsAreAsWideAsTheyNeed) {
    TextTable table({"ID", "NAME", "LAST"});
    table.add({"1", "ä longer name", "x"});
    table.add({"12345", "", "y"});
    EXPECT_EQ(printed(table),
              "ID     NAME           LAST\n"
              "1      ä longer name  x\n"
              "12345                 y\n");
}

TEST(TextTable, NothingIsLeftBehindAtTheEndOfALine) {
    TextTable table({"A", "B"});
    table.add({"x", ""});
    EXPECT_EQ(printed(table), "A  B\nx\n");
}

TEST(TextTable, WhatATerminalWouldObeyIsQuoted) {
    TextTable table({"A"});
    table.add({"\x1b[2J"});
    EXPECT_EQ(printed(table), "A\n\"\\u001b[2J\"\n");
}

TEST(TextTable, StatesHaveColoursOnlyWhenWanted) {
    TextTable table({"A", "B"});
    table.add({"completed", "x"});
    EXPECT_EQ(printed(table), "A          B\ncompleted  x\n");
    EXPECT_EQ(printed(table, true), "A          B\n\x1b[32mcompleted\x1b[0m  x\n");
}

}  // namespace
}  // namespace jobhost::cli
