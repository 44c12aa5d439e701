#include "http/why_api.hpp"

#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

constexpr core::Instant kNoon = support::ManualClock::kStart;

class WhyApi : public ::testing::Test {
protected:
    void know(core::WhyFacts facts) {
        server.jobs.state.with([&](auto& now) { now.reasons = std::move(facts); });
    }
    base::Json ask(const std::string& query = "") {
        return json_of(server.get(path + "/why" + query));
    }
    static const base::Json& term(const base::Json& answer, std::string_view name) {
        static const base::Json none;
        for (const auto& one : answer.at("terms").as_array()) {
            if (one.at("term").as_string() == name) {
                return one;
            }
        }
        ADD_FAILURE() << "no term " << name;
        return none;
    }

    TestServer server;
    std::string path = server.add_job();
};

core::JobFacts ready_job() {
    return {.now = kNoon,
            .type = "test.run",
            .in_queue = true,
            .due = kNoon,
            .nodes = {{.name = "here", .has_type = true}}};
}

core::PlanFacts armed_plan() {
    core::PlanFacts plan{.now = kNoon, .next_due = kNoon + std::chrono::minutes(1)};
    plan.begin = kNoon - std::chrono::hours(1);
    plan.point.last = kNoon;
    plan.recurrence.interval = std::chrono::minutes(1);
    return plan;
}

TEST_F(WhyApi, AJobIsExplainedTermByTerm) {
    know(ready_job());
    server.host.free_places = {.all = 4, .taken = 1};

    const auto answer = ask();

    EXPECT_EQ(answer.at("verdict"), "ready");
    EXPECT_EQ(answer.at("as_of"), "2026-03-01T12:00:00.000Z");
    EXPECT_TRUE(answer.at("at").is_null());
    EXPECT_TRUE(answer.at("origin").is_null());
    EXPECT_EQ(answer.at("terms").as_array().size(), 11u);
    EXPECT_EQ(term(answer, "due").at("pass"), true);
    EXPECT_EQ(term(answer, "due").at("value"), "2026-03-01T12:00:00.000Z");
    EXPECT_TRUE(term(answer, "due").at("sentence").is_null());
    EXPECT_EQ(term(answer, "slot").at("value").at("taken"), 1);
}

TEST_F(WhyApi, AHostThatIsFullSaysSo) {
    know(ready_job());
    server.host.free_places = {.all = 4, .taken = 4};

    const auto answer = ask();

    EXPECT_EQ(answer.at("verdict"), "waits");
    EXPECT_EQ(term(answer, "slot").at("pass"), false);
    EXPECT_EQ(term(answer, "slot").at("sentence"), answer.at("sentence"));
}

TEST_F(WhyApi, AChildSaysWhereItComesFrom) {
    core::JobFacts child = ready_job();
    child.origin = core::OriginFacts{.parent = core::JobId::make(kNoon),
                                     .nominal_at = kNoon - std::chrono::seconds(90),
                                     .late_by = std::chrono::milliseconds(90'500)};
    know(child);
    const auto origin = ask().at("origin");
    EXPECT_EQ(origin.at("parent_id"), base::Json(child.origin->parent.text()));
    EXPECT_EQ(origin.at("nominal_at"), "2026-03-01T11:58:30.000Z");
    EXPECT_EQ(origin.at("late_by"), 90.5);
    EXPECT_EQ(origin.at("is_triggered"), false);

    child.origin->nominal_at.reset();
    know(child);
    EXPECT_EQ(ask().at("origin").at("is_triggered"), true);
}

TEST_F(WhyApi, ARecurringJobShowsWhatBecameOfItsOccurrences) {
    core::PlanFacts plan = armed_plan();
    plan.children = {{.id = core::JobId::make(kNoon),
                      .nominal = kNoon,
                      .status = core::Status::Stopped,
                      .reason = "cancelled",
                      .attempts = 1}};
    plan.gaps = {{.verdict = core::NotRun::Missed,
                  .rule = "misfire",
                  .first = kNoon - std::chrono::minutes(9),
                  .last = kNoon - std::chrono::minutes(1),
                  .count = 1000,
                  .is_counted = false}};
    know(plan);

    const auto answer = ask();

    EXPECT_EQ(answer.at("verdict"), "armed");
    const auto& list = answer.at("occurrences").as_array();
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].at("verdict"), "ran");
    EXPECT_EQ(list[0].at("job_id"), base::Json(plan.children[0].id.text()));
    EXPECT_EQ(list[0].at("status"), "stopped");
    EXPECT_EQ(list[0].at("reason"), "cancelled");
    EXPECT_TRUE(list[0].at("rule").is_null());
    EXPECT_EQ(list[1].at("verdict"), "missed");
    EXPECT_EQ(list[1].at("rule"), "misfire");
    EXPECT_EQ(list[1].at("is_count_capped"), true);
    EXPECT_TRUE(list[1].at("job_id").is_null());
}

TEST_F(WhyApi, OneOccurrenceIsAskedForByItsPlannedTime) {
    know(armed_plan());

    const auto answer = ask("?at=2026-03-01T13:02:00%2B01:00");

    EXPECT_EQ(answer.at("verdict"), "not_due_yet");
    EXPECT_EQ(answer.at("at"), "2026-03-01T12:02:00.000Z");
    EXPECT_TRUE(answer.at("terms").as_array().empty());
    EXPECT_EQ(server.jobs.state.with([](auto& now) { return now.until; }),
              kNoon + std::chrono::minutes(2))
        << "later ones are not looked at";
}

TEST_F(WhyApi, WhatACalendarExcludesIsBlackedOut) {
    core::PlanFacts plan = armed_plan();
    plan.recurrence.calendars = {"nights"};
    know(plan);
    EXPECT_EQ(ask("?at=2026-03-02T02:00:00Z").at("verdict"), "blacked_out");
    EXPECT_EQ(ask("?at=2026-03-02T06:00:00Z").at("verdict"), "not_due_yet");
}

TEST_F(WhyApi, AWrongQuestionIsToldWhatIsWrong) {
    know(ready_job());
    EXPECT_EQ(server.get(path + "/why?at=noon").status, 400);
    EXPECT_EQ(server.get(path + "/why?at=2026-03-01T12:00:00Z").status, 400) << "it has none";
    EXPECT_EQ(code_of(server.get("/api/v1/jobs/x/why")), "unknown_job");
    EXPECT_EQ(code_of(server.get("/api/v1/jobs/" + core::JobId::make(kNoon).text() + "/why")),
              "unknown_job");
}

TEST_F(WhyApi, AStorageThatIsAwayIsSaid) {
    server.jobs.fail_with(base::Error{base::ErrorKind::Unavailable, "storage_away", "away"});
    EXPECT_EQ(server.get(path + "/why").status, 503);
}

}  // namespace
}  // namespace jobhost::http::testing
