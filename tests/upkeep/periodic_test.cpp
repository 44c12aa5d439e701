#include "upkeep/periodic.hpp"

#include <atomic>
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

TEST(Periodic, ADutyWithMoreToDoIsDoneAgainAtOnceAndLetsTheOthersIn) {
    const base::SystemClock clock;
    std::atomic<int> pages = 0;
    std::latch done(1);
    std::latch other(3);
    const Periodic periodic({{std::chrono::hours(1),
                              [&] {
                                  if (++pages == 100) {
                                      done.count_down();
                                  }
                              },
                              [&] { return pages < 100; }},
                             {base::Duration{0},
                              [&] {
                                  if (!other.try_wait()) {
                                      other.count_down();
                                  }
                              }}},
                            clock);
    done.wait();
    other.wait();
    EXPECT_EQ(pages, 100);
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
