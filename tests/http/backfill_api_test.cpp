#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

class BackfillApi : public ::testing::Test {
protected:
    BackfillApi() {
        path = server.add_job(R"({"type":"test.run","name":"n","cron":"0 3 * * *",
            "time_zone":"UTC","calendars":["nights"]})") +
               "/backfill";
    }

    RawAnswer ask(const std::string& body) { return server.post(path, body); }
    std::string mistake(const std::string& body) {
        const auto answer = ask(body);
        EXPECT_EQ(answer.status, 422) << answer.body;
        return std::string(json_of(answer).at("errors").at(0).at("pointer").as_string());
    }

    TestServer server;
    std::string path;
};

TEST_F(BackfillApi, WhatWasMadeIsTold) {
    // Summer time began on 2024-03-31: from then on 03:00 UTC is 05:00 in Berlin.
    const auto answer = ask(R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto done = json_of(answer);
    EXPECT_EQ(done.at("count"), 4);
    EXPECT_EQ(done.at("present"), 0);
    EXPECT_EQ(done.at("excluded"), 0);
    EXPECT_EQ(done.at("unknown"), 0);
    EXPECT_EQ(done.at("is_dry_run"), false);
    EXPECT_EQ(done.at("ids").as_array().size(), 4U);
    ASSERT_EQ(server.plans.backfills.size(), 1U);
    const store::BackfillOrder& order = server.plans.backfills.front();
    EXPECT_EQ(order.nominals.front(), *base::parse_instant("2024-03-30T03:00:00Z"));
    EXPECT_EQ(order.version, 1);
    EXPECT_FALSE(order.system);
}

TEST_F(BackfillApi, WhatCalendarsExcludeIsCounted) {
    server.jobs.change([](store::Job& job) { job.spec.recurrence->calendars = {"gone"}; });
    const auto done =
        json_of(ask(R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z"})"));
    EXPECT_EQ(done.at("count"), 0);
    EXPECT_EQ(done.at("excluded"), 4);
}

TEST_F(BackfillApi, ADryRunIsPassedOn) {
    const auto answer = server.post(
        path + "?system",
        R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z","dry_run":true,"limit":4})");
    EXPECT_EQ(json_of(answer).at("is_dry_run"), true);
    EXPECT_TRUE(json_of(answer).at("ids").as_array().empty());
    EXPECT_TRUE(server.plans.backfills.front().is_dry_run);
    EXPECT_TRUE(server.plans.backfills.front().system);
}

TEST_F(BackfillApi, WhatIsUnknownIsToldAndIncludedOnDemand) {
    server.plans.backfill_answer = store::Backfilled{.is_known = true, .missing = 1, .unknown = 3};
    const std::string period = R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z")";
    EXPECT_EQ(json_of(ask(period + "}")).at("unknown"), 3);
    EXPECT_FALSE(server.plans.backfills.back().includes_unknown);
    ask(period + R"(,"include_unknown":true})");
    EXPECT_TRUE(server.plans.backfills.back().includes_unknown);
}

TEST_F(BackfillApi, AWrongRequestIsToldWhatIsWrong) {
    EXPECT_EQ(mistake("{}"), "/from");
    EXPECT_EQ(mistake(R"({"from":"2024-03-30T00:00:00Z"})"), "/to");
    EXPECT_EQ(mistake(R"({"from":"yesterday","to":"2024-03-30T00:00:00Z"})"), "/from");
    EXPECT_EQ(mistake(R"({"from":7,"to":"2024-03-30T00:00:00Z"})"), "/from");
    EXPECT_EQ(mistake(R"({"from":"2024-03-30T00:00:00Z","to":"2024-03-29T00:00:00Z"})"), "/to");
    EXPECT_EQ(mistake(R"({"from":"2024-03-30T00:00:00Z","to":"2190-01-01T00:00:00Z"})"), "/to");
    const std::string period = R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z",)";
    EXPECT_EQ(mistake(period + R"("limit":1001})"), "/limit");
    EXPECT_EQ(mistake(period + R"("limit":"1"})"), "/limit");
    EXPECT_EQ(mistake(period + R"("dry_run":1})"), "/dry_run");
    EXPECT_EQ(mistake(period + R"("include_unknown":"yes"})"), "/include_unknown");
    EXPECT_EQ(mistake(period + R"("until":1})"), "/until");
    EXPECT_EQ(code_of(ask("[]")), "invalid");
    EXPECT_EQ(code_of(ask("")), "json_syntax");
    EXPECT_EQ(server.post(path + "?system=x", "{}").status, 400);
    EXPECT_TRUE(server.plans.backfills.empty());
}

TEST_F(BackfillApi, MoreThanTheLimitIsRefusedWithTheNumber) {
    const auto answer =
        ask(R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z","limit":3})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(code_of(answer), "too_many");
    EXPECT_NE(answer.body.find("4 occurrences"), std::string::npos) << answer.body;
}

TEST_F(BackfillApi, OnlyAJobThatRecursHasOccurrences) {
    const std::string body = R"({"from":"2024-03-30T00:00:00Z","to":"2024-04-02T03:00:00Z"})";
    const auto once = server.add_job() + "/backfill";
    EXPECT_EQ(code_of(server.post(once, body)), "not_recurring");
    EXPECT_EQ(code_of(server.post("/api/v1/jobs/x/backfill", body)), "unknown_job");
    server.plans.backfill_answer = store::Backfilled{};
    EXPECT_EQ(code_of(ask(body)), "unknown_job") << "it was deleted meanwhile";
    server.plans.backfill_answer = store::Backfilled{
        .is_known = true, .refused = base::Error{base::ErrorKind::Stale, "stale", "changed"}};
    EXPECT_EQ(ask(body).status, 412);
    server.plans.failure = base::Error{base::ErrorKind::Unavailable, "disk_full", "full"};
    EXPECT_EQ(ask(body).status, 503);
}

}  // namespace
}  // namespace jobhost::http::testing
