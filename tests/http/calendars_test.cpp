#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

/// The server knows one calendar, `nights`: from two to four in Berlin nothing runs.
class CalendarsOfJobs : public ::testing::Test {
protected:
    RawAnswer add(const std::string& members) {
        return server.post(
            "/api/v1/jobs?allow_unknown_type=true",
            R"({"type":"test.run","name":"n","time_zone":"Europe/Berlin",)" + members + "}");
    }

    TestServer server;
};

TEST_F(CalendarsOfJobs, AJobShowsThoseThatItNames) {
    const auto answer = add(R"("cron":"0 5 * * *","calendars":["nights"])");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(json_of(answer).at("calendars"), base::JsonArray{"nights"});
    const auto changed = server.change("PATCH", answer.field("location"), R"({"calendars":null})",
                                       "If-Match: *\r\n");
    EXPECT_EQ(json_of(changed).at("calendars"), base::JsonArray());
}

TEST_F(CalendarsOfJobs, ANameThatTheHostDoesNotHaveIsRefused) {
    const auto answer = add(R"("interval":60,"calendars":["nights","night"])");
    EXPECT_EQ(answer.status, 422);
    const auto error = json_of(answer).at("errors").at(0);
    EXPECT_EQ(error.at("pointer"), "/calendars/1");
    EXPECT_EQ(error.at("code"), "unknown");

    const auto path = add(R"("interval":60)").field("location");
    EXPECT_EQ(server.change("PATCH", path, R"({"calendars":["x"]})", "If-Match: *\r\n").status,
              422);
}

TEST_F(CalendarsOfJobs, TheNextRunIsOneThatIsNotExcluded) {
    const auto path = add(R"("cron":"0 3,5 * * *","calendars":["nights"])").field("location");
    const auto next_run = [&](std::string_view due) {
        server.jobs.change([&](store::Job& job) { job.next_run_at = *base::parse_instant(due); });
        return json_of(server.get(path)).at("next_run_at");
    };
    EXPECT_EQ(next_run("2026-03-02T03:00:00+01:00"), "2026-03-02T04:00:00.000Z");
    EXPECT_EQ(next_run("2026-03-02T05:00:00+01:00"), "2026-03-02T04:00:00.000Z");
    const auto listed = json_of(server.get("/api/v1/jobs"));
    EXPECT_EQ(listed.at("items").at(0).at("next_run_at"), "2026-03-02T04:00:00.000Z");
    server.jobs.change([](store::Job& job) { job.spec.recurrence->calendars = {"gone"}; });
    EXPECT_TRUE(next_run("2026-03-02T03:00:00+01:00").is_null());
}

TEST_F(CalendarsOfJobs, APageLooksForNextRunsSoFarAndNoFurther) {
    add(R"("cron":"0 3,5 * * *","calendars":["nights"])");
    server.jobs.change([](store::Job& job) {
        job.next_run_at = *base::parse_instant("2026-03-02T03:00:00+01:00");
    });
    server.jobs.state.with([](auto& now) {
        const store::Job first = now.jobs.back();
        now.jobs.resize(61, first);
        for (store::Job& job : now.jobs) {
            job.spec.recurrence->cron = "0 3 * * *";  // a year of it is excluded, night by night
        }
        now.jobs.front() = first;
        now.jobs.push_back(first);
    });
    const auto listed = json_of(server.get("/api/v1/jobs?limit=1000"));
    const auto& items = listed.at("items").as_array();
    ASSERT_EQ(items.size(), 62U);
    EXPECT_EQ(items.front().at("next_run_at"), "2026-03-02T04:00:00.000Z");
    EXPECT_TRUE(items.back().at("next_run_at").is_null());
}

}  // namespace
}  // namespace jobhost::http::testing
