#include "base/hash.hpp"

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

// From FIPS 180-4's examples.
constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Hash, KnownTextsHaveTheirKnownDigests) {
    EXPECT_EQ(sha256_hex("abc"), kOfAbc);
    EXPECT_EQ(sha256_hex(""), kOfNothing);
}

TEST(Hash, PiecesGiveTheDigestOfTheWhole) {
    Sha256 hash;
    hash.add(std::as_bytes(std::span("a", 1)));
    hash.add({});
    hash.add(std::as_bytes(std::span("bc", 2)));
    EXPECT_EQ(hash.finish(), kOfAbc);
}

TEST(HashDeathTest, AFinishedHashTakesNothingMore) {
    Sha256 hash;
    EXPECT_EQ(hash.finish(), kOfNothing);
    EXPECT_DEATH(hash.add({}), "broken promise");
    EXPECT_DEATH(static_cast<void>(hash.finish()), "broken promise");
}

}  // namespace
}  // namespace jobhost::base
