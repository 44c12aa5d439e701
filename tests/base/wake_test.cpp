#include "base/wake.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

constexpr auto kNever = std::chrono::steady_clock::time_point::max();

TEST(Wake, AWakeBeforeTheWaitIsNotLost) {
    Wake wake;
    wake.set();
    wake.wait_until({}, kNever);
}

TEST(Wake, SettingItTwiceIsSettingItOnce) {
    Wake wake;
    wake.set();
    wake.set();
    wake.wait_until({}, kNever);
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    wake.wait_until({}, until);
    EXPECT_GE(std::chrono::steady_clock::now(), until) << "the bit was not cleared";
}

TEST(Wake, AWaitingThreadIsWoken) {
    Wake wake;
    const std::jthread waiter([&] { wake.wait_until({}, kNever); });
    wake.set();
}

TEST(Wake, StopEndsTheWait) {
    Wake wake;
    const std::jthread waiter([&](std::stop_token stop) { wake.wait_until(stop, kNever); });
}

}  // namespace
}  // namespace jobhost::base
