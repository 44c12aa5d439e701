#include "plugin/log_gate.hpp"

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

using namespace std::chrono_literals;

constexpr base::Steady kStart{1000s};

TEST(LogGate, LetsThroughWhatIsWithinTheLimit) {
    LogGate gate(3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(gate.ask(kStart).write);
    }
}

TEST(LogGate, KeepsBackTheRestOfTheSecond) {
    LogGate gate(1);
    EXPECT_TRUE(gate.ask(kStart).write);
    EXPECT_FALSE(gate.ask(kStart + 1ms).write);
    EXPECT_FALSE(gate.ask(kStart + 999ms).write);
}

TEST(LogGate, NextSecondBeginsAfreshAndTellsWhatWasKeptBack) {
    LogGate gate(1);
    static_cast<void>(gate.ask(kStart));
    static_cast<void>(gate.ask(kStart));
    static_cast<void>(gate.ask(kStart));
    const auto answer = gate.ask(kStart + 1s);
    EXPECT_TRUE(answer.write);
    EXPECT_EQ(answer.dropped_before, 2U);
}

TEST(LogGate, TellsOnceWhatWasKeptBack) {
    LogGate gate(2);
    for (int i = 0; i < 5; ++i) {
        static_cast<void>(gate.ask(kStart));
    }
    EXPECT_EQ(gate.ask(kStart + 1s).dropped_before, 3U);
    EXPECT_EQ(gate.ask(kStart + 1s).dropped_before, 0U);
}

}  // namespace
}  // namespace jobhost::plugin
