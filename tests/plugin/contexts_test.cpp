#include "plugin/contexts.hpp"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace jobhost::plugin {
namespace {

std::shared_ptr<Call> some_call() { return std::make_shared<Call>(Call::Kind::Init); }

TEST(Contexts, OpenCallIsFoundByItsNumber) {
    Contexts contexts;
    const auto call = some_call();
    const auto number = contexts.open(call);
    const auto found = contexts.find(number);
    ASSERT_TRUE(found);
    EXPECT_EQ(&*found, call.get());
}

TEST(Contexts, NumberIsNeverZero) {
    Contexts contexts(0);
    EXPECT_NE(contexts.open(some_call()), 0U);
}

TEST(Contexts, ClosedCallIsNotFound) {
    Contexts contexts;
    const auto number = contexts.open(some_call());
    EXPECT_TRUE(contexts.close(number));
    EXPECT_FALSE(contexts.find(number));
}

TEST(Contexts, SecondCloseIsRefused) {
    Contexts contexts;
    const auto number = contexts.open(some_call());
    contexts.close(number);
    EXPECT_FALSE(contexts.close(number));
}

TEST(Contexts, NumberOfAnEarlierCallIsNotFoundInAReusedSlot) {
    Contexts contexts;
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1000; ++i) {
        const auto number = contexts.open(some_call());
        EXPECT_TRUE(numbers.insert(number).second);
        contexts.close(number);
    }
    const auto current = contexts.open(some_call());
    for (const auto number : numbers) {
        EXPECT_FALSE(contexts.find(number));
    }
    EXPECT_TRUE(contexts.find(current));
}

TEST(Contexts, NumberThatNeverWasIsNotFound) {
    Contexts contexts;
    const auto number = contexts.open(some_call());
    for (const auto wrong : {std::uint64_t{0}, ~std::uint64_t{0}, number + 1,
                             number + (std::uint64_t{1} << 32U), number & 0xffffffffU}) {
        EXPECT_FALSE(contexts.find(wrong)) << wrong;
        EXPECT_FALSE(contexts.close(wrong)) << wrong;
    }
}

TEST(Contexts, TablesWithOtherGenerationsDoNotShareNumbers) {
    Contexts one(1);
    Contexts other((1U << 24U) + 1);
    const auto number = one.open(some_call());
    EXPECT_NE(number, other.open(some_call()));
    EXPECT_FALSE(other.find(number));
}

TEST(Contexts, FoundCallLivesUntilItIsLetGo) {
    Contexts contexts;
    auto call = some_call();
    const std::weak_ptr<Call> watched = call;
    const auto number = contexts.open(std::move(call));
    {
        const auto found = contexts.find(number);
        contexts.close(number);
        EXPECT_FALSE(watched.expired());
    }
    EXPECT_TRUE(watched.expired());
}

TEST(Contexts, SlotIsNotReusedWhileItsCallIsHeld) {
    Contexts contexts;
    const auto number = contexts.open(some_call());
    const auto held = contexts.find(number);
    const auto* const before = &*held;
    contexts.close(number);
    for (int i = 0; i < 300; ++i) {
        EXPECT_NE(contexts.open(some_call()), number);
    }
    EXPECT_EQ(&*held, before);
}

TEST(Contexts, ThousandsAreOpenAtOnce) {
    Contexts contexts;
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < 5000; ++i) {
        numbers.push_back(contexts.open(some_call()));
    }
    for (const auto number : numbers) {
        EXPECT_TRUE(contexts.find(number));
    }
}

TEST(Contexts, OneOfManyClosersWins) {
    for (int round = 0; round < 200; ++round) {
        Contexts contexts;
        const auto number = contexts.open(some_call());
        std::atomic<int> winners{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back([&] { winners += contexts.close(number) ? 1 : 0; });
            }
        }
        EXPECT_EQ(winners, 1);
    }
}

TEST(Contexts, FindersAndClosersMayRace) {
    Contexts contexts;
    std::atomic<std::uint64_t> current{contexts.open(some_call())};
    std::atomic<bool> over{false};
    {
        std::vector<std::jthread> finders;
        for (int i = 0; i < 3; ++i) {
            finders.emplace_back([&] {
                while (!over) {
                    if (const auto found = contexts.find(current)) {
                        EXPECT_EQ(found->kind, Call::Kind::Init);
                    }
                }
            });
        }
        for (int i = 0; i < 5000; ++i) {
            const auto next = contexts.open(some_call());
            EXPECT_TRUE(contexts.close(current.exchange(next)));
        }
        over = true;
    }
    EXPECT_TRUE(contexts.find(current));
}

}  // namespace
}  // namespace jobhost::plugin
