#include "base/nearest.hpp"

#include <array>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

constexpr std::array<std::string_view, 5> kKeys{"workers", "data_dir", "timeout", "max_try_count",
                                                "on"};

TEST(Nearest, DistanceCountsAddedRemovedChangedAndSwappedLetters) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", "abc"), 0U);
    EXPECT_EQ(edit_distance("abc", "abxc"), 1U);
    EXPECT_EQ(edit_distance("abc", "ac"), 1U);
    EXPECT_EQ(edit_distance("abc", "axc"), 1U);
    EXPECT_EQ(edit_distance("abc", "acb"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, DistanceIsTheSameBothWays) {
    EXPECT_EQ(edit_distance("checkpiont", "checkpoint"), 1U);
    EXPECT_EQ(edit_distance("checkpoint", "checkpiont"), 1U);
    EXPECT_EQ(edit_distance("saturday", "sunday"), edit_distance("sunday", "saturday"));
}

TEST(Nearest, ATypingMistakeIsUnderstood) {
    EXPECT_EQ(nearest("wrokers", kKeys), "workers");
    EXPECT_EQ(nearest("worker", kKeys), "workers");
    EXPECT_EQ(nearest("maxTryCount", kKeys), "max_try_count");
    EXPECT_EQ(nearest("DATA_DIR", kKeys), "data_dir");
}

TEST(Nearest, SomethingElseIsNotGuessed) {
    EXPECT_EQ(nearest("colour", kKeys), std::nullopt);
    EXPECT_EQ(nearest("", kKeys), std::nullopt);
    EXPECT_EQ(nearest("x", kKeys), std::nullopt);
    EXPECT_EQ(nearest("workers", std::span<const std::string_view>{}), std::nullopt);
}

TEST(Nearest, AWordThatIsTooLongIsNotEvenCompared) {
    EXPECT_EQ(nearest(std::string(1000, 'w'), kKeys), std::nullopt);
}

TEST(Nearest, TheFirstOfEqualsIsTaken) {
    constexpr std::array<std::string_view, 2> kTwo{"cat", "car"};
    EXPECT_EQ(nearest("caz", kTwo), "cat");
}

TEST(Nearest, TheQuestionIsReadyForAMessage) {
    EXPECT_EQ(did_you_mean("timeot", kKeys), R"(did you mean "timeout"?)");
    EXPECT_EQ(did_you_mean("colour", kKeys), "");
    EXPECT_EQ(did_you_mean("alphs", std::vector<std::string>{"alpha"}), R"(did you mean "alpha"?)");
}

}  // namespace
}  // namespace jobhost::base
