#include "upkeep/periodic.hpp"

#include <latch>

#include <gtest/gtest.h>

namespace jobhost::upkeep {
namespace {

TEST(Periodic, DoesEveryDutyAgainAndAgainAndEndsWhenItGoes) {
    const base::SystemClock clock;
    std::latch often(5);
    std::latch once(1);
    const Periodic periodic({{std::chrono::milliseconds(1),
                              [&] {
                                  if (!often.try_wait()) {
                                      often.count_down();
                                  }
                              }},
                             {std::chrono::hours(1), [&] { once.count_down(); }}},
                            clock);
    once.wait();
    often.wait();
}

TEST(Periodic, ALongPauseDoesNotHoldUpTheEnd) {
    const base::SystemClock clock;
    std::latch turned(1);
    {
        const Periodic periodic({{std::chrono::hours(1), [&] { turned.count_down(); }}}, clock);
        turned.wait();
    }
    SUCCEED();
}

}  // namespace
}  // namespace jobhost::upkeep
