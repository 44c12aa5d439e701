#include "base/guarded.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

TEST(Guarded, TheValueIsMadeFromTheArguments) {
    const Guarded<std::string> text(3U, 'x');
    EXPECT_EQ(text.with([](const std::string& value) { return value; }), "xxx");
}

TEST(Guarded, ThreadsTakeTurns) {
    Guarded<int> count(0);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 1000; ++n) {
                    count.with([](int& value) { ++value; });
                }
            });
        }
    }
    EXPECT_EQ(count.with([](int value) { return value; }), 4000);
}

}  // namespace
}  // namespace jobhost::base
