#include "base/channel.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

using std::chrono::steady_clock;

TEST(Channel, ValuesComeOutInTheOrderInWhichTheyWentIn) {
    Channel<int> channel;
    channel.push(1);
    channel.push(2);
    channel.push(3);
    EXPECT_EQ(channel.size(), 3U);
    EXPECT_EQ(channel.pop({}), 1);
    EXPECT_EQ(channel.drain(), (std::vector<int>{2, 3}));
    EXPECT_EQ(channel.size(), 0U);
}

TEST(Channel, ValuesAreMovedNotCopied) {
    Channel<std::unique_ptr<int>> channel;
    channel.push(std::make_unique<int>(7));
    const auto value = channel.pop({});
    ASSERT_TRUE(value);
    EXPECT_EQ(**value, 7);
}

TEST(Channel, AWaitingReaderGetsWhatIsPushedLater) {
    Channel<int> channel;
    std::optional<int> got;
    {
        const std::jthread reader([&] { got = channel.pop({}); });
        channel.push(5);
    }
    EXPECT_EQ(got, 5);
}

TEST(Channel, AfterCloseNothingGoesInAndTheRestComesOut) {
    Channel<int> channel;
    EXPECT_TRUE(channel.push(1));
    channel.close();
    EXPECT_FALSE(channel.push(2));
    EXPECT_EQ(channel.pop({}), 1);
    EXPECT_EQ(channel.pop({}), std::nullopt);
}

TEST(Channel, CloseWakesEveryWaitingReader) {
    Channel<int> channel;
    std::optional<int> one = 0;
    std::optional<int> two = 0;
    {
        const std::jthread first([&] { one = channel.pop({}); });
        const std::jthread second([&] { two = channel.pop({}); });
        channel.close();
    }
    EXPECT_EQ(one, std::nullopt);
    EXPECT_EQ(two, std::nullopt);
}

TEST(Channel, StopWakesAWaitingReader) {
    Channel<int> channel;
    std::optional<int> got = 0;
    {
        // The destructor asks it to stop.
        const std::jthread reader([&](std::stop_token stop) { got = channel.pop(stop); });
    }
    EXPECT_EQ(got, std::nullopt);
}

TEST(Channel, WaitingEndsWhenItsTimeHasCome) {
    Channel<int> channel;
    channel.wait_until({}, steady_clock::now());
    EXPECT_EQ(channel.size(), 0U);
}

TEST(Channel, WaitingEndsWhenSomethingIsThereAndTakesNothing) {
    Channel<int> channel;
    {
        const std::jthread waiter([&] { channel.wait_until({}, steady_clock::time_point::max()); });
        channel.push(1);
    }
    EXPECT_EQ(channel.size(), 1U);
}

TEST(Channel, NothingIsLostBetweenManyWritersAndReaders) {
    constexpr int kEach = 2000;
    Channel<int> channel;
    std::atomic<int> sum = 0;
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                while (const auto value = channel.pop({})) {
                    sum += *value;
                }
            });
        }
        {
            std::vector<std::jthread> writers;
            for (int i = 0; i < 3; ++i) {
                writers.emplace_back([&] {
                    for (int n = 0; n < kEach; ++n) {
                        channel.push(1);
                    }
                });
            }
        }
        channel.close();
    }
    EXPECT_EQ(sum, 3 * kEach);
}

}  // namespace
}  // namespace jobhost::base
