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
    // The bit is clear now, so only the time ends this wait.
    wake.wait_until({}, std::chrono::steady_clock::now());
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
