#include "core/retry_wish.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "core/job_spec.hpp"

namespace jobhost::core {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

RetryWish read(const std::string& text, std::string* told = nullptr) {
    Mistakes mistakes;
    const RetryWish wish = read_retry("retry", base::parse_json(text)->value, mistakes);
    check_retry("retry", wish, mistakes);
    if (told != nullptr) {
        for (const auto& field : std::move(mistakes).error("x", "it").fields) {
            *told += field.path + " " + field.code + "\n";
        }
    }
    return wish;
}

std::string mistakes_in(const std::string& text) {
    std::string told;
    static_cast<void>(read(text, &told));
    return told;
}

TEST(RetryWish, EveryMemberIsTaken) {
    const RetryWish wish = read(R"({"base": 0.5, "factor": 2, "cap": 60, "jitter": 0})");
    EXPECT_EQ(wish.base, milliseconds(500));
    EXPECT_EQ(wish.factor, 2);
    EXPECT_EQ(wish.cap, seconds(60));
    EXPECT_EQ(wish.jitter, 0);
}

TEST(RetryWish, WhatIsLeftOutOrNullSaysNothing) {
    EXPECT_TRUE(read("{}").empty());
    EXPECT_TRUE(read(R"({"base": null, "factor": null, "cap": null, "jitter": null})").empty());
    EXPECT_FALSE(read(R"({"jitter": 0})").empty());
}

TEST(RetryWish, TheLeastDelayIsAMillisecond) {
    EXPECT_EQ(read(R"({"base": 0.0000001})").base, milliseconds(1));
}

TEST(RetryWish, EveryMistakeIsToldWithItsPath) {
    EXPECT_EQ(mistakes_in("[]"), "retry wrong_type\n");
    EXPECT_EQ(mistakes_in("7"), "retry wrong_type\n");
    EXPECT_EQ(mistakes_in(R"({"base": "1s", "factor": true, "cap": [], "jitter": {}})"),
              "retry.base wrong_type\nretry.factor wrong_type\nretry.cap wrong_type\n"
              "retry.jitter wrong_type\n");
    EXPECT_EQ(mistakes_in(R"({"base": 0, "factor": 0.99, "cap": -1, "jitter": 1.01})"),
              "retry.base out_of_range\nretry.cap out_of_range\nretry.factor out_of_range\n"
              "retry.jitter out_of_range\n");
    EXPECT_EQ(mistakes_in(R"({"base": 1e300, "factor": 1001, "cap": 1e300, "jitter": -1})"),
              "retry.base out_of_range\nretry.cap out_of_range\nretry.factor out_of_range\n"
              "retry.jitter out_of_range\n");
    EXPECT_EQ(mistakes_in(R"({"base": 10, "cap": 5})"), "retry.cap out_of_range\n");
    EXPECT_EQ(mistakes_in(R"({"delay": 10})"), "retry.delay unknown\n");
}

TEST(RetryWish, TheNearestMemberIsNamed) {
    Mistakes mistakes;
    static_cast<void>(read_retry("retry", base::parse_json(R"({"jiter": 1})")->value, mistakes));
    EXPECT_NE(std::move(mistakes).error("x", "it").fields.at(0).message.find("\"jitter\""),
              std::string::npos);
}

TEST(RetryWish, GoesThroughTextUnchanged) {
    for (const char* text : {R"({"base": 0.001})", R"({"factor": 1.25, "jitter": 0.333})",
                             R"({"base": 1.5, "factor": 1, "cap": 315569520, "jitter": 1})"}) {
        const RetryWish wish = read(text);
        EXPECT_EQ(retry_from_text(base::to_text(retry_json(wish))), wish) << text;
    }
}

TEST(RetryWish, TextThatIsNoneSaysNothing) {
    EXPECT_TRUE(retry_from_text("").empty());
    EXPECT_TRUE(retry_from_text("{").empty());
    EXPECT_TRUE(retry_from_text("[1]").empty());
}

TEST(RetryWish, TheMostSpecificWordWinsMemberByMember) {
    const RetryPolicy host{.base = seconds(1), .factor = 2, .cap = hours(2), .jitter = 0.2};

    const RetryPolicy plain = retry_policy(host, std::nullopt, {});
    EXPECT_EQ(plain.base, seconds(1));
    EXPECT_EQ(plain.factor, 2);
    EXPECT_EQ(plain.cap, hours(2));
    EXPECT_EQ(plain.jitter, 0.2);

    EXPECT_EQ(retry_policy(host, seconds(10), {}).base, seconds(10));
    EXPECT_EQ(retry_policy(host, seconds(10), {.factor = 3}).factor, 3);
    const RetryPolicy own =
        retry_policy(host, seconds(10), {.base = seconds(5), .cap = seconds(7), .jitter = 0});
    EXPECT_EQ(own.base, seconds(5));
    EXPECT_EQ(own.factor, 2);
    EXPECT_EQ(own.cap, seconds(7));
    EXPECT_EQ(own.jitter, 0);
}

TEST(RetryWish, ACapBelowTheBaseOfTheTypeCounts) {
    EXPECT_EQ(retry_delay(retry_policy({}, seconds(10), {.cap = seconds(2)}), 1, 0), seconds(2));
}

TEST(RetryWish, AFactorOfOneIsAConstantDelay) {
    const RetryPolicy policy = retry_policy({}, std::nullopt, {.base = seconds(3), .factor = 1});
    for (const int failures : {1, 2, 50, 1'000'000, std::numeric_limits<int>::max()}) {
        EXPECT_EQ(retry_delay(policy, failures, 0), seconds(3));
    }
}

/// Whatever is allowed: never below nothing, never above the cap, never shorter than before.
TEST(RetryWish, DelaysGrowAndStayBelowTheCapForAllThatIsAllowed) {
    std::mt19937_64 random(20260302);
    std::uniform_real_distribution<double> unit(0, 1);
    const auto delay = [&] {
        return Duration(static_cast<std::int64_t>(
            std::pow(static_cast<double>(kLongestRetryDelay.count()), unit(random))));
    };
    for (int round = 0; round < 5'000; ++round) {
        const RetryWish wish{.base = delay(),
                             .factor = 1 + unit(random) * 999,
                             .cap = delay(),
                             .jitter = unit(random)};
        const RetryPolicy policy = retry_policy({}, std::nullopt, wish);
        Duration before{0};
        for (int failures = 1; failures < 300'000'000; failures *= 3) {
            const Duration now = retry_delay(policy, failures, 0);
            ASSERT_GE(now, before);
            ASSERT_LE(now, *wish.cap);
            ASSERT_LE(retry_delay(policy, failures, 1), *wish.cap);
            ASSERT_GE(retry_delay(policy, failures, -1), Duration{0});
            before = now;
        }
        EXPECT_EQ(policy.base, *wish.base) << "what was configured never changes";
    }
}

TEST(JobSpecRetry, IsReadAndJudgedWithTheJob) {
    const auto read_job = [](const std::string& body, int default_tries = kDefaultMaxTries) {
        return JobSpec::from_json(*base::parse_json(body), Source::User,
                                  {.max_tries = default_tries});
    };
    EXPECT_EQ(read_job(R"({"type": "a", "retry": {"base": 2}})")->retry.base, seconds(2));
    EXPECT_TRUE(read_job(R"({"type": "a", "retry": null})")->retry.empty());
    const auto refused = read_job(R"({"type": "a", "retry": {"factor": 0}})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fields.at(0).path, "retry.factor");
    EXPECT_EQ(read_job(R"({"type": "a"})", 7)->max_tries, 7);
    EXPECT_EQ(read_job(R"({"type": "a", "max_try_count": 3})", 7)->max_tries, 3);
}

}  // namespace
}  // namespace jobhost::core
