#include "cancel_signal.hpp"

#include <gtest/gtest.h>

namespace jobhost::shell {
namespace {

TEST(CancelSignal, IsAskedForOnceItWasAsked) {
    const auto signal = CancelSignal::open();
    ASSERT_TRUE(signal);
    EXPECT_FALSE(signal->asked());
    signal->ask(Urgency::Polite);
    EXPECT_TRUE(signal->asked());
    EXPECT_EQ(signal->take(), Urgency::Polite);
    EXPECT_FALSE(signal->asked());
}

TEST(CancelSignal, TheMostUrgentWishCounts) {
    const auto signal = CancelSignal::open();
    ASSERT_TRUE(signal);
    for (const auto urgency : {Urgency::Polite, Urgency::AtOnce, Urgency::Polite}) {
        signal->ask(urgency);
    }
    EXPECT_EQ(signal->take(), Urgency::AtOnce);
    signal->ask(Urgency::Polite);
    EXPECT_EQ(signal->take(), Urgency::Polite);
}

}  // namespace
}  // namespace jobhost::shell
