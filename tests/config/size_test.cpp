#include "config/size.hpp"

#include <gtest/gtest.h>

namespace jobhost::config {
namespace {

TEST(Size, UnitsAreThoseOfTwoToTheTen) {
    EXPECT_EQ(parse_size("0"), 0);
    EXPECT_EQ(parse_size("512"), 512);
    EXPECT_EQ(parse_size("512B"), 512);
    EXPECT_EQ(parse_size("64KiB"), 65536);
    EXPECT_EQ(parse_size("1MiB"), 1048576);
    EXPECT_EQ(parse_size("2GiB"), 2147483648);
}

TEST(Size, WhatIsNoSizeIsRefused) {
    for (const auto* text : {"", "KiB", "-1", "1 KiB", "1.5MiB", "1kb", "1MB",
                             "9223372036854775808", "9223372036854775807KiB", "0x10"}) {
        EXPECT_EQ(parse_size(text), std::nullopt) << text;
    }
}

TEST(Size, TheShortestTextIsWritten) {
    for (const std::string text : {"0B", "512B", "1025B", "64KiB", "1MiB", "3GiB"}) {
        EXPECT_EQ(format_size(*parse_size(text)), text);
    }
}

}  // namespace
}  // namespace jobhost::config
