#include "http/occurrences_api.hpp"

#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

using core::NotRun;

constexpr core::Instant kNoon = support::ManualClock::kStart;

class OccurrencesApi : public ::testing::Test {
protected:
    OccurrencesApi() {
        core::TypeInfo type;
        type.id = "test.run";
        server.nodes.known = {type};
        const auto answer = server.post("/api/v1/jobs", R"({"type":"test.run","name":"n",
            "kind":"period","cron":"0 3 * * *","overlap":"buffer_one"})");
        EXPECT_EQ(answer.status, 201) << answer.body;
        created = json_of(answer);
        path = answer.field("location");
    }

    TestServer server;
    base::Json created;
    std::string path;
};

TEST_F(OccurrencesApi, ARecurringJobShowsWhenItRuns) {
    EXPECT_EQ(created.at("kind"), "period");
    EXPECT_EQ(created.at("cron"), "0 3 * * *");
    EXPECT_EQ(created.at("time_zone"), "Europe/Berlin") << "that of the host";
    EXPECT_EQ(created.at("overlap"), "buffer_one");
    EXPECT_TRUE(created.at("interval").is_null());
    EXPECT_TRUE(created.at("parent_id").is_null());
    EXPECT_EQ(created.at("run_count"), 0);
}

TEST_F(OccurrencesApi, WhatDidNotRunIsToldWithItsReason) {
    using std::chrono::minutes;
    server.plans.records = {{.gap = {.verdict = NotRun::Overlapped,
                                     .rule = "overlap",
                                     .first = kNoon,
                                     .last = kNoon + minutes(2),
                                     .count = 3},
                             .recorded_at = kNoon + minutes(3)},
                            {.gap = {.verdict = NotRun::Missed,
                                     .rule = "misfire",
                                     .first = kNoon - minutes(9),
                                     .last = kNoon - minutes(1),
                                     .count = 1000,
                                     .is_counted = false},
                             .recorded_at = kNoon}};

    const auto answer = json_of(server.get(path + "/not_run?limit=2"));

    const auto& first = answer.at("items").at(0);
    EXPECT_EQ(first.at("reason"), "overlapped");
    EXPECT_EQ(first.at("rule"), "overlap");
    EXPECT_EQ(first.at("first"), "2026-03-01T12:00:00.000Z");
    EXPECT_EQ(first.at("last"), "2026-03-01T12:02:00.000Z");
    EXPECT_EQ(first.at("count"), 3);
    EXPECT_EQ(first.at("is_count_capped"), false);
    EXPECT_EQ(answer.at("items").at(1).at("is_count_capped"), true);
    EXPECT_EQ(answer.at("next_cursor"), "2026-03-01T11:51:00.000Z");
    EXPECT_TRUE(json_of(server.get(path + "/not_run")).at("next_cursor").is_null());
}

TEST_F(OccurrencesApi, AWrongRequestIsToldWhatIsWrong) {
    EXPECT_EQ(server.get(path + "/not_run?cursor=x").status, 400);
    EXPECT_EQ(server.get(path + "/not_run?limit=0").status, 400);
    EXPECT_EQ(server.get("/api/v1/jobs/x/not_run").status, 404);
    EXPECT_EQ(server.get("/api/v1/jobs?parent_id=x").status, 400);
}

}  // namespace
}  // namespace jobhost::http::testing
