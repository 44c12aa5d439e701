#include "base/id.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

namespace jobhost::base {
namespace {

constexpr std::string_view kText = "0190a5d0-6c1e-7abc-89de-f00123456789";

Instant at(std::int64_t since_epoch) { return Instant(std::chrono::milliseconds(since_epoch)); }

std::uint64_t instant_in(const Uuid& uuid) {
    std::uint64_t instant = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        instant = instant << 8U | uuid.bytes[i];
    }
    return instant;
}

TEST(Uuid, TextIsReadBackInEitherCase) {
    const auto uuid = Uuid::parse(kText);
    ASSERT_TRUE(uuid);
    EXPECT_EQ(uuid->text(), kText);
    EXPECT_EQ(Uuid::parse("0190A5D0-6C1E-7ABC-89DE-F00123456789"), uuid);
}

TEST(Uuid, OnlyTheFormOf36CharactersIsTaken) {
    for (const std::string& text : {std::string(), std::string("0190a5d06c1e7abc89def00123456789"),
                                    "{" + std::string(kText) + "}", std::string(kText) + " ",
                                    std::string("0190a5d0-6c1e-7abc-89de-f0012345678"),
                                    std::string("0190a5d0-6c1e-7abc-89de-f0012345678g"),
                                    std::string("0190a5d0a6c1e-7abc-89de-f00123456789"),
                                    std::string("-190a5d0-6c1e-7abc-89de-f00123456789")}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

TEST(NewUuid, IsAUuidOfVersion7WithItsInstant) {
    const auto uuid = new_uuid(at(1'900'000'000'123));
    EXPECT_EQ(instant_in(uuid), 1'900'000'000'123U);
    EXPECT_EQ(uuid.bytes[6] >> 4U, 7U);
    EXPECT_EQ(uuid.bytes[8] >> 6U, 2U);
}

TEST(NewUuid, WithinOneMillisecondTheOrderIsThatOfMaking) {
    std::vector<Uuid> made;
    for (int i = 0; i < 20'000; ++i) {
        made.push_back(new_uuid(at(1'900'000'100'000)));
    }
    EXPECT_TRUE(std::ranges::is_sorted(made));
    EXPECT_EQ(std::ranges::adjacent_find(made), made.end());
    EXPECT_EQ(instant_in(made.front()), instant_in(made.back()));
}

TEST(NewUuid, AClockThatStepsBackALittleDoesNotDisturbTheOrder) {
    const auto first = new_uuid(at(1'900'000'200'000));
    const auto second = new_uuid(at(1'900'000'199'000));
    EXPECT_LT(first, second);
}

TEST(NewUuid, AClockThatIsSetFarBackIsBelieved) {
    static_cast<void>(new_uuid(at(1'950'000'000'000)));
    EXPECT_EQ(instant_in(new_uuid(at(1'900'000'300'000))), 1'900'000'300'000U);
}

TEST(NewUuid, AnInstantBefore1970CountsAs1970) { EXPECT_EQ(instant_in(new_uuid(at(-5))), 0U); }

TEST(NewUuid, ThreadsNeverMakeTheSameOne) {
    std::vector<std::vector<Uuid>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : made) {
            threads.emplace_back([&mine] {
                for (int i = 0; i < 2000; ++i) {
                    mine.push_back(new_uuid(at(1'900'000'400'000)));
                }
            });
        }
    }
    std::set<Uuid> all;
    for (const auto& mine : made) {
        EXPECT_TRUE(std::ranges::is_sorted(mine));
        all.insert(mine.begin(), mine.end());
    }
    EXPECT_EQ(all.size(), 8000U);
}

TEST(RandomHex, HasTwoLettersForEachByte) {
    EXPECT_EQ(random_hex(0), "");
    EXPECT_EQ(random_hex(16).size(), 32U);
    EXPECT_EQ(random_hex(16).find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(Id, IsMadeWrittenReadAndHashed) {
    using JobId = Id<struct ForTest>;
    const auto id = JobId::make(at(1'900'000'500'000));
    EXPECT_EQ(JobId::parse(id.text()), id);
    EXPECT_FALSE(JobId::parse("x"));
    const std::unordered_set<JobId> ids{id, JobId::make(at(1'900'000'500'000)), id};
    EXPECT_EQ(ids.size(), 2U);
}

}  // namespace
}  // namespace jobhost::base
