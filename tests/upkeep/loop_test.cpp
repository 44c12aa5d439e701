#include "upkeep/loop.hpp"

#include <semaphore>

#include <gtest/gtest.h>

namespace jobhost::upkeep {
namespace {

base::Steady never() { return base::Steady::max(); }

TEST(Loop, TheFirstTurnComesAtOnce) {
    std::counting_semaphore<> turns(0);
    const Loop loop("test", [&] {
        turns.release();
        return never();
    });
    turns.acquire();
}

TEST(Loop, AWakeBringsATurn) {
    std::counting_semaphore<> turns(0);
    Loop loop("test", [&] {
        turns.release();
        return never();
    });
    for (int i = 0; i < 10; ++i) {
        turns.acquire();
        loop.wake();
    }
}

TEST(Loop, ATurnComesWhenItIsWanted) {
    std::counting_semaphore<> turns(0);
    const Loop loop("test", [&] {
        turns.release();
        return std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
    });
    for (int i = 0; i < 5; ++i) {
        turns.acquire();
    }
}

}  // namespace
}  // namespace jobhost::upkeep
