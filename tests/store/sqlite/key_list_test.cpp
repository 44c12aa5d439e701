#include "store/sqlite/key_list.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace jobhost::store::sqlite {
namespace {

TEST(KeyList, GoesThroughTextUnchanged) {
    const std::vector<JobKey> keys{{1}, {22}, {std::numeric_limits<std::int64_t>::max()}};
    EXPECT_EQ(text_of_keys(keys), "[1,22,9223372036854775807]");
    EXPECT_EQ(keys_of_text(text_of_keys(keys)), keys);
    EXPECT_EQ(text_of_keys({}), "[]");
    EXPECT_TRUE(keys_of_text("[]").empty());
}

TEST(KeyList, WhatIsNoNumberIsPassedOver) {
    EXPECT_TRUE(keys_of_text("").empty());
    EXPECT_EQ(keys_of_text("[1, x, 2]"), (std::vector<JobKey>{{1}, {2}}));
}

}  // namespace
}  // namespace jobhost::store::sqlite
