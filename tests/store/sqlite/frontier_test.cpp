#include "store/sqlite/frontier.hpp"

#include <gmock/gmock.h>

namespace jobhost::store::sqlite {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

constexpr core::Instant kNow{1'700'000'000'000ms};

ReadyKey row(std::int64_t lane, int rank, core::Duration due, std::int64_t job) {
    return {{lane}, {rank}, {kNow + due, {job}}};
}

class FrontierTest : public testing::Test {
protected:
    FrontierTest() {
        frontier_.learn({{1}, "a", {}});
        frontier_.learn({{2}, "a", {{"site", "x"}}});
        frontier_.learn({{3}, "b", {}});
        frontier_.serve({"a"});
    }

    std::vector<Frontier::Pair> pairs(const std::string& type) const {
        std::vector<Frontier::Pair> found;
        frontier_.collect(type, found);
        return found;
    }

    Frontier frontier_;
};

TEST_F(FrontierTest, NothingIsOfferedWhereNothingIsReady) { EXPECT_THAT(pairs("a"), IsEmpty()); }

TEST_F(FrontierTest, TheFloorLiesBelowTheFirstRow) {
    frontier_.add(row(1, 5, 10ms, 7));

    const auto found = pairs("a");

    ASSERT_THAT(found, SizeIs(1));
    EXPECT_LT(found[0].floor, (Position{kNow + 10ms, {7}}));
    EXPECT_EQ(*found[0].type, "a");
}

TEST_F(FrontierTest, ARowBelowTheFloorLowersIt) {
    frontier_.add(row(1, 5, 10ms, 7));
    frontier_.advance({1}, {5}, {kNow + 10ms, {7}});

    frontier_.add(row(1, 5, 20ms, 8));
    EXPECT_EQ(pairs("a")[0].floor, (Position{kNow + 10ms, {7}}));
    frontier_.add(row(1, 5, 10ms, 3));
    EXPECT_EQ(pairs("a")[0].floor, (Position{kNow + 10ms, {2}}));
}

TEST_F(FrontierTest, RanksHaveFloorsOfTheirOwn) {
    frontier_.add(row(1, 5, 0ms, 1));
    frontier_.add(row(1, 70, 0ms, 2));
    frontier_.advance({1}, {5}, {kNow, {1}});

    const auto found = pairs("a");

    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].rank, Rank{5});
    EXPECT_EQ(found[1].rank, Rank{70});
    EXPECT_LT(found[1].floor, (Position{kNow, {2}}));
}

TEST_F(FrontierTest, AClosedPairIsOfferedAgainWhenARowComes) {
    frontier_.add(row(1, 5, 0ms, 1));
    frontier_.close({1}, {5});
    EXPECT_THAT(pairs("a"), IsEmpty());

    frontier_.add(row(1, 5, 0ms, 9));

    EXPECT_THAT(pairs("a"), SizeIs(1));
}

TEST_F(FrontierTest, OnlyServedTypesAreOffered) {
    frontier_.add(row(3, 5, 0ms, 1));
    EXPECT_THAT(pairs("b"), IsEmpty());

    frontier_.serve({"b"});

    EXPECT_THAT(pairs("b"), SizeIs(1));
}

TEST_F(FrontierTest, LabelsAreMatchedByNameAndValue) {
    frontier_.add(row(2, 5, 0ms, 1));
    EXPECT_THAT(pairs("a"), IsEmpty());
    frontier_.carry({{"site", "y"}});
    EXPECT_THAT(pairs("a"), IsEmpty());

    frontier_.carry({{"site", "x"}, {"more", "z"}});

    EXPECT_THAT(pairs("a"), SizeIs(1));
}

TEST_F(FrontierTest, ALaneThatIsLearnedTwiceKeepsItsFloors) {
    frontier_.add(row(1, 5, 0ms, 1));

    frontier_.learn({{1}, "a", {}});

    EXPECT_THAT(pairs("a"), SizeIs(1));
}

}  // namespace
}  // namespace jobhost::store::sqlite
