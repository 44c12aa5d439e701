#include "schedule/interval.hpp"

#include <gtest/gtest.h>

namespace jobhost::schedule {
namespace {

using base::Duration;
using base::Instant;

Instant at(std::int64_t milliseconds) { return Instant(Duration(milliseconds)); }

TEST(Interval, TheAnchorIsTheFirst) {
    const auto interval = *Interval::from(at(1000), Duration(300));
    EXPECT_EQ(interval.next(at(0)), at(1000));
    EXPECT_EQ(interval.next(at(999)), at(1000));
    EXPECT_EQ(interval.next(Instant::min()), at(1000));
    EXPECT_EQ(interval.anchor(), at(1000));
    EXPECT_EQ(interval.every(), Duration(300));
}

TEST(Interval, TheNextIsStrictlyLaterAndOnTheGrid) {
    const auto interval = *Interval::from(at(1000), Duration(300));
    EXPECT_EQ(interval.next(at(1000)), at(1300));
    EXPECT_EQ(interval.next(at(1299)), at(1300));
    EXPECT_EQ(interval.next(at(1300)), at(1600));
    EXPECT_EQ(interval.next(at(1'000'000'000'001)), at(1'000'000'000'300));
}

TEST(Interval, AnAnchorLongAgoNeedsNoSteps) {
    const auto interval = *Interval::from(Instant::min(), Duration(1));
    EXPECT_EQ(interval.next(at(5)), at(6));
    EXPECT_EQ(interval.next(Instant::max() - Duration(1)), Instant::max());
}

TEST(Interval, BehindTheLastInstantThereIsNone) {
    EXPECT_FALSE(Interval::from(at(0), Duration(2))->next(Instant::max()));
    EXPECT_FALSE(Interval::from(at(0), Duration::max())->next(Instant::max()));
    EXPECT_EQ(Interval::from(at(0), Duration::max())->next(at(0)), Instant::max());
}

TEST(Interval, ItIsLongerThanNothing) {
    for (const auto every : {Duration(0), Duration(-1), Duration::min()}) {
        const auto interval = Interval::from(at(0), every);
        ASSERT_FALSE(interval);
        EXPECT_EQ(interval.error().kind, base::ErrorKind::Invalid);
        EXPECT_EQ(interval.error().code, "invalid_interval");
    }
    EXPECT_EQ(Interval::from(at(0), Duration(0)).error().message,
              "an interval is longer than 0s, and 0s is not");
}

}  // namespace
}  // namespace jobhost::schedule
