#include "events/bus.hpp"

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace jobhost::events {
namespace {

core::JobEvent event(std::string type) { return {.type = std::move(type)}; }

TEST(Bus, EveryListenerHearsEveryEventInOrder) {
    Bus bus;
    std::string one;
    std::string two;
    const auto first = bus.subscribe([&](const core::JobEvent& heard) { one += heard.type; });
    const auto second = bus.subscribe([&](const core::JobEvent& heard) { two += heard.type; });
    bus.publish(event("a"));
    bus.publish(event("b"));
    EXPECT_EQ(one, "ab");
    EXPECT_EQ(two, "ab");
}

TEST(Bus, WithoutListenersNothingHappens) {
    Bus bus;
    bus.publish(event("a"));
}

TEST(Bus, WhoUnsubscribesHearsNothingMore) {
    Bus bus;
    int heard = 0;
    std::optional<Bus::Subscription> subscription =
        bus.subscribe([&](const core::JobEvent&) { ++heard; });
    bus.publish(event("a"));
    subscription.reset();
    bus.publish(event("b"));
    EXPECT_EQ(heard, 1);
}

TEST(Bus, ASubscriptionMovesWithItsOwner) {
    Bus bus;
    int heard = 0;
    auto first = bus.subscribe([&](const core::JobEvent&) { ++heard; });
    Bus::Subscription second(std::move(first));
    bus.publish(event("a"));
    EXPECT_EQ(heard, 1);
}

TEST(Bus, AssigningEndsWhatWasThereBefore) {
    Bus bus;
    int old_heard = 0;
    int new_heard = 0;
    auto subscription = bus.subscribe([&](const core::JobEvent&) { ++old_heard; });
    subscription = bus.subscribe([&](const core::JobEvent&) { ++new_heard; });
    bus.publish(event("a"));
    EXPECT_EQ(old_heard, 0);
    EXPECT_EQ(new_heard, 1);
}

TEST(Bus, ASubscriptionMayOutliveTheBus) {
    auto bus = std::make_unique<Bus>();
    const auto subscription = bus->subscribe([](const core::JobEvent&) {});
    bus.reset();
}

TEST(Bus, TheEndOfASubscriptionWaitsForACallThatRuns) {
    Bus bus;
    std::latch inside(1);
    std::latch go_on(1);
    std::atomic<bool> call_over = false;
    std::atomic<bool> ended = false;
    auto subscription =
        std::make_unique<Bus::Subscription>(bus.subscribe([&](const core::JobEvent&) {
            inside.count_down();
            go_on.wait();
            EXPECT_FALSE(ended);
            call_over = true;
        }));
    const std::jthread publisher([&] { bus.publish(event("a")); });
    inside.wait();
    const std::jthread ender([&] {
        subscription.reset();
        EXPECT_TRUE(call_over);
        ended = true;
    });
    go_on.count_down();
}

TEST(Bus, AListenerOfAnotherThreadDoesNotHoldUpOthers) {
    Bus bus;
    std::latch inside(1);
    std::latch go_on(1);
    const auto slow = bus.subscribe([&](const core::JobEvent& heard) {
        if (heard.type == "slow") {
            inside.count_down();
            go_on.wait();
        }
    });
    const std::jthread publisher([&] { bus.publish(event("slow")); });
    inside.wait();
    bus.publish(event("quick"));
    go_on.count_down();
}

TEST(Bus, ComingAndGoingWhileOthersPublishIsSafe) {
    Bus bus;
    std::atomic<int> steady_heard = 0;
    const auto steady = bus.subscribe([&](const core::JobEvent&) { ++steady_heard; });
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 2; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    bus.publish(event("a"));
                }
            });
            threads.emplace_back([&] {
                for (int i = 0; i < 300; ++i) {
                    // Dies with the subscription: a late call would write into it.
                    const auto heard = std::make_unique<std::atomic<int>>(0);
                    const auto subscription =
                        bus.subscribe([&count = *heard](const core::JobEvent&) { ++count; });
                }
            });
        }
    }
    EXPECT_EQ(steady_heard, 2000);
}

}  // namespace
}  // namespace jobhost::events
