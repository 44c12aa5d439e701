#include "run/settler.hpp"

#include <gtest/gtest.h>

#include "support/fake_claims.hpp"
#include "support/fake_runner.hpp"
#include "support/manual_clock.hpp"

namespace jobhost::run {
namespace {

using core::Token;
using std::chrono::seconds;
using support::claimed;

class SettlerTest : public testing::Test {
protected:
    void run_to_end(std::int64_t token, core::Outcome outcome) {
        attempts.add(claimed(token), runner);
        ASSERT_TRUE(attempts.begin(Token{token}, "node"));
        attempts.complete(Token{token}, std::move(outcome));
    }

    Options options;
    support::ManualClock clock;
    base::Wake freed;
    Attempts attempts{options, clock, freed};
    support::FakeClaims claims;
    events::Bus bus;
    base::Metrics metrics;
    core::NodeId node = core::NodeId::make(clock.now());
    Settler settler{options, attempts, claims, bus, metrics, clock, node};
    std::shared_ptr<support::FakeRunner> runner =
        std::make_shared<support::FakeRunner>("test.run", true);
};

TEST_F(SettlerTest, WritesWhatGatheredInOneBatchAndAnnouncesIt) {
    std::vector<core::JobEvent> seen;
    const auto listening =
        bus.subscribe([&](const core::JobEvent& event) { seen.push_back(event); });
    run_to_end(1, {core::Succeeded{}, "{\"a\":1}"});
    run_to_end(2, {core::Failed{{.message = "broke"}}, {}});
    settler.step();
    EXPECT_EQ(claims.batches, std::vector<std::size_t>{2});
    ASSERT_EQ(claims.settled.size(), 2U);
    EXPECT_EQ(claims.settled[0].node, node);
    EXPECT_EQ(claims.settled[0].transition.to, core::Status::Completed);
    EXPECT_EQ(claims.settled[0].result_json, "{\"a\":1}");
    EXPECT_EQ(claims.settled[1].transition.to, core::Status::FailedRetry);
    EXPECT_EQ(claims.settled[1].failure->message, "broke");
    EXPECT_EQ(settler.unsettled(), 0U);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].what, core::JobEvent::What::Settled);
    EXPECT_NE(metrics.text().find("outcome=\"succeeded\""), std::string::npos);
}

TEST_F(SettlerTest, WhatCannotBeWrittenIsKeptAndTriedAgainLater) {
    run_to_end(1, {core::Succeeded{}, {}});
    claims.failure = base::Error{base::ErrorKind::Unavailable, "disk_full", "disk full"};
    const Steady soon = settler.step();
    EXPECT_EQ(settler.unsettled(), 1U);
    EXPECT_GT(soon, clock.steady());
    const Steady later = settler.step();
    EXPECT_GT(later - clock.steady(), soon - clock.steady()) << "the pause grows";
    claims.failure.reset();
    run_to_end(2, {core::Succeeded{}, {}});
    settler.step();
    EXPECT_EQ(settler.unsettled(), 0U);
    EXPECT_EQ(claims.settled.size(), 2U);
}

TEST_F(SettlerTest, OneEndThatIsRefusedDoesNotHoldBackTheOthers) {
    for (std::int64_t token = 1; token <= 9; ++token) {
        run_to_end(token, {core::Succeeded{}, token == 5 ? "\"bad\"" : "1"});
    }
    claims.refuses = [](const store::Settlement& settlement) {
        return settlement.result_json == "\"bad\"";
    };
    settler.step();
    EXPECT_EQ(settler.unsettled(), 0U);
    ASSERT_EQ(claims.settled.size(), 9U);
    const auto bad = std::ranges::find(claims.settled, Token{5}, &store::Settlement::token);
    EXPECT_EQ(bad->transition.to, core::Status::FailedRetry);
    EXPECT_EQ(bad->failure->type, "unwritable_outcome");
}

TEST_F(SettlerTest, AnEndThatIsRefusedTwiceOnItsOwnIsDropped) {
    run_to_end(1, {core::Succeeded{}, {}});
    run_to_end(2, {core::Succeeded{}, {}});
    claims.refuses = [](const store::Settlement& settlement) {
        return settlement.token == Token{1};
    };
    settler.step();
    EXPECT_EQ(settler.unsettled(), 0U);
    ASSERT_EQ(claims.settled.size(), 1U);
    EXPECT_EQ(claims.settled[0].token, Token{2});
}

TEST_F(SettlerTest, WhatIsKeptKeepsItsOutput) {
    attempts.add(claimed(1), runner);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.output(Token{1}, core::Stream::Out, support::bytes_of("x"));
    attempts.complete(Token{1}, {core::Succeeded{}, "42"});
    claims.failure = base::Error{base::ErrorKind::Unavailable, "disk_full", "disk full"};
    settler.step();
    claims.failure.reset();
    settler.step();
    ASSERT_EQ(claims.settled.size(), 1U);
    ASSERT_TRUE(claims.settled[0].output);
    EXPECT_EQ(claims.settled[0].output->head.at(0).bytes, "x");
    EXPECT_EQ(claims.settled[0].result_json, "42");
}

TEST_F(SettlerTest, WhatIsCountedAndAnnouncedIsWhereTheStoreLandedTheJob) {
    std::vector<core::JobEvent> seen;
    const auto listening =
        bus.subscribe([&](const core::JobEvent& event) { seen.push_back(event); });
    claims.want = core::Want::Cancel;
    run_to_end(1, {core::Succeeded{}, {}});
    settler.step();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].status, core::Status::Stopped);
    EXPECT_NE(metrics.text().find("outcome=\"cancelled\""), std::string::npos);
    EXPECT_EQ(metrics.text().find("outcome=\"succeeded\""), std::string::npos);
}

TEST_F(SettlerTest, EachEndIsCountedOnce) {
    for (std::int64_t token = 1; token <= 3; ++token) {
        run_to_end(token, {core::Succeeded{}, {}});
    }
    settler.step();
    EXPECT_NE(metrics.text().find(
                  "jobhost_attempts_finished_total{outcome=\"succeeded\",type=\"test.run\"} 3\n"),
              std::string::npos)
        << metrics.text();
    EXPECT_NE(metrics.text().find("jobhost_attempt_duration_seconds_count{type=\"test.run\"} 3\n"),
              std::string::npos);
}

TEST_F(SettlerTest, AnEndThatComesTooLateIsDroppedAndNotCounted) {
    run_to_end(1, {core::Succeeded{}, {}});
    claims.verdict = store::SettleVerdict::Fenced;
    settler.step();
    EXPECT_EQ(settler.unsettled(), 0U);
    EXPECT_EQ(metrics.text().find("jobhost_attempts_finished_total{"), std::string::npos);
}

TEST_F(SettlerTest, ARunnersOwnRetryBaseIsUsed) {
    core::TypeInfo type = support::type_named("test.slow");
    type.retry_base = seconds(10);
    const auto slow = std::make_shared<support::FakeRunner>(type);
    attempts.add(claimed(1, "test.slow"), slow);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.complete(Token{1}, {core::Failed{{.message = "broke"}}, {}});
    settler.step();
    const auto& transition = claims.settled.at(0).transition;
    ASSERT_TRUE(transition.due);
    EXPECT_GE(*transition.due - clock.now(), seconds(9));
    EXPECT_LE(*transition.due - clock.now(), seconds(11));
}

TEST_F(SettlerTest, WhatTheJobSaysAboutItsRetriesWinsOverTypeAndHost) {
    options.retry = {.base = seconds(1), .factor = 3, .cap = seconds(1000), .jitter = 0};
    core::TypeInfo type = support::type_named("test.slow");
    type.retry_base = seconds(10);
    const auto slow = std::make_shared<support::FakeRunner>(type);
    const auto delay_of = [&](std::int64_t token, const auto& given, core::RetryWish wish) {
        store::ClaimedJob job = claimed(token);
        job.retry = wish;
        job.standing.tries = 1;
        attempts.add(job, given);
        EXPECT_TRUE(attempts.begin(Token{token}, "node"));
        attempts.complete(Token{token}, {core::Failed{{.message = "broke"}}, {}});
        settler.step();
        return *claims.settled.back().transition.due - clock.now();
    };
    EXPECT_EQ(delay_of(1, runner, {}), seconds(3));
    EXPECT_EQ(delay_of(2, slow, {}), seconds(30));
    EXPECT_EQ(delay_of(3, slow, {.base = seconds(5), .factor = 1}), seconds(5));
    EXPECT_EQ(delay_of(4, slow, {.cap = seconds(7)}), seconds(7));
    EXPECT_EQ(options.retry.base, seconds(1)) << "what is configured never changes";
}

TEST_F(SettlerTest, FailuresAreClassifiedBeforeTheyDecideAndAreRecorded) {
    options.classify = {{.type = "test.*",
                         .category = core::ErrorCategory::Business,
                         .retry = core::RetryHint::Permanent}};
    run_to_end(1, {core::Failed{{.type = "test.bad", .message = "broke"}}, {}});
    run_to_end(2, {core::Failed{{.type = "http.status", .code = 503, .message = "busy"}}, {}});
    settler.step();
    ASSERT_EQ(claims.settled.size(), 2U);
    EXPECT_EQ(claims.settled[0].transition.reason, "permanent");
    EXPECT_EQ(claims.settled[0].failure->category, core::ErrorCategory::Business);
    EXPECT_EQ(claims.settled[0].failure->hint, core::RetryHint::Permanent);
    EXPECT_EQ(claims.settled[1].transition.to, core::Status::FailedRetry);
    EXPECT_EQ(claims.settled[1].failure->category, core::ErrorCategory::Network);
}

TEST_F(SettlerTest, ShowsWhatRunningAttemptsPrint) {
    attempts.add(claimed(1), runner);
    ASSERT_TRUE(attempts.begin(Token{1}, "node"));
    attempts.output(Token{1}, core::Stream::Out, support::bytes_of("x"));
    clock.advance(seconds(1));
    settler.step();
    EXPECT_EQ(claims.updates.size(), 1U);
}

}  // namespace
}  // namespace jobhost::run
