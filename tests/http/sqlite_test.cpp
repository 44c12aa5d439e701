#include <gtest/gtest.h>

#include "events/publishing_store.hpp"
#include "http/test_server.hpp"
#include "store/sqlite/database.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::http::testing {
namespace {

/// The API over the real store, so that the fakes of the other tests are known to be right.
class OverSqlite : public ::testing::Test {
protected:
    OverSqlite() {
        auto opened = store::sqlite::open({.file = folder / "jobs.db"}, clock);
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        database = std::move(*opened);
        core::TypeInfo type;
        type.id = "test.run";
        core::Parameter parameter;
        parameter.name = "a";
        type.parameters = {parameter};
        const bool joined =
            database->nodes().join(
                {.id = node, .name = "here", .version = "1", .labels = {}, .started_at = {}}) &&
            database->nodes().publish({type});
        EXPECT_TRUE(joined);
        jobs = std::make_unique<events::PublishingJobStore>(database->jobs(), bus, clock);
        server = std::make_unique<TestServer>(*jobs, database->nodes());
    }

    std::string add(const std::string& members = "") {
        const auto answer = server->post("/api/v1/jobs", R"({"type":"test.run")" + members + "}");
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.field("location");
    }

    store::ClaimedJob claim() {
        const auto claimed = database->claims().claim({.types = {{"test.run", 1}}, .limit = 1});
        if (!claimed || claimed->jobs.size() != 1) {
            throw std::runtime_error("nothing was claimed");
        }
        database->claims().started(std::array{claimed->jobs.front().token});
        return claimed->jobs.front();
    }

    void settle(const store::ClaimedJob& job) {
        store::Settlement end{.job = job.id,
                              .token = job.token,
                              .node = node,
                              .transition = {},
                              .started_at = clock.now(),
                              .ended_at = clock.now()};
        end.result_json = R"({"n":1})";
        end.output = store::Output{{{core::Stream::Out, "hello\n"}}, 0, {}};
        const auto verdicts = database->claims().settle(std::array{end});
        ASSERT_TRUE(verdicts);
        EXPECT_EQ(verdicts->front().verdict, store::SettleVerdict::Applied);
    }

    support::TempDir folder;
    base::SystemClock clock;
    core::NodeId node = core::NodeId::make(clock.now());
    events::Bus bus;
    std::unique_ptr<store::Database> database;
    std::unique_ptr<events::PublishingJobStore> jobs;
    std::unique_ptr<TestServer> server;
};

TEST_F(OverSqlite, AJobGoesItsWay) {
    const auto path = add(R"(,"args":{ "a" : 1 },"labels":{})");
    EXPECT_EQ(json_of(server->get(path)).at("status"), "queuing");
    EXPECT_EQ(code_of(server->get(path + "/output")), "no_attempt");

    const auto job = claim();
    EXPECT_EQ(json_of(server->get(path)).at("status"), "running");
    settle(job);
    const auto ended = server->get(path + "?wait=60");
    EXPECT_EQ(json_of(ended).at("status"), "completed");
    EXPECT_EQ(json_of(ended).at("result").at("n"), 1);
    EXPECT_NE(ended.body.find(R"("args":{ "a" : 1 })"), std::string::npos);

    const auto attempts = json_of(server->get(path + "/attempts"));
    EXPECT_EQ(attempts.at("items").at(0).at("outcome"), "succeeded");
    EXPECT_EQ(attempts.at("items").at(0).at("node"), "here");
    EXPECT_EQ(server->get(path + "/output?format=raw").body, "hello\n");
    EXPECT_EQ(json_of(server->get("/api/v1/status")).at("jobs").at("completed"), 1);
}

TEST_F(OverSqlite, ListsAndNamesAreAsPromised) {
    const auto holder = add(R"(,"name":"n")");
    add();
    add();
    const auto first = json_of(server->get("/api/v1/jobs?limit=2&count"));
    EXPECT_EQ(first.at("items").as_array().size(), 2U);
    EXPECT_EQ(first.at("total"), 3);
    const auto rest = json_of(server->get("/api/v1/jobs?limit=2&cursor=" +
                                          std::string(first.at("next_cursor").as_string())));
    EXPECT_EQ(rest.at("items").at(0).at("name"), "n");
    EXPECT_EQ(server->get("/api/v1/jobs?cursor=nonsense").status, 400);

    const auto taken = server->post("/api/v1/jobs", R"({"type":"test.run","name":"n"})");
    EXPECT_EQ(code_of(taken), "name_taken");
    EXPECT_EQ("/api/v1/jobs/" + std::string(json_of(taken).at("holder").as_string()), holder);
}

TEST_F(OverSqlite, ACancelIsSeenByThoseWhoWait) {
    const auto path = add();
    RawClient waiting(server->api);
    waiting.send(get_request(server->api, path + "?wait=60"));
    EXPECT_TRUE(waiting.is_quiet_for(std::chrono::milliseconds(20)));
    EXPECT_EQ(json_of(server->post(path + "/cancel", "{}")).at("status"), "stopped");
    EXPECT_EQ(json_of(*waiting.read_answer()).at("reason"), "cancelled");
    EXPECT_EQ(code_of(server->post(path + "/cancel", "{}")), "wrong_status");

    const auto running = add();
    claim();
    EXPECT_EQ(json_of(server->post(running + "/cancel", "")).at("status"), "running");
}

TEST_F(OverSqlite, AStoredJobIsChangedCopiedTriggeredAndDeleted) {
    const auto path = add(R"(,"name":"n","args":{"a":"1"})");
    const auto changed = server->change("PATCH", path, R"({"priority":"low","enabled":false})",
                                        "If-Match: \"1\"\r\n");
    EXPECT_EQ(json_of(changed).at("priority"), "low");
    EXPECT_EQ(changed.field("etag"), "\"2\"");
    EXPECT_TRUE(json_of(changed).at("next_run_at").is_null());
    EXPECT_EQ(server->change("PATCH", path, "{}", "If-Match: \"1\"\r\n").status, 412);
    const auto put = server->change("PUT", "/api/v1/jobs/by-name/default/n",
                                    R"({"type":"test.run","max_try_count":2})", "If-Match: *\r\n");
    EXPECT_EQ(json_of(put).at("enabled"), true);
    EXPECT_EQ(json_of(put).at("max_try_count"), 2);

    EXPECT_EQ(server->post(path + "/copy", "").status, 201);
    EXPECT_EQ(json_of(server->post(path + "/pause", "")).at("status"), "paused");
    EXPECT_EQ(json_of(server->post(path + "/resume", "")).at("status"), "queuing");
    const auto child = server->post(path + "/trigger", "");
    EXPECT_EQ("/api/v1/jobs/" + std::string(json_of(child).at("parent_id").as_string()), path);
    EXPECT_EQ(json_of(server->post(path + "/stop", "")).at("reason"), "stopped");
    EXPECT_EQ(code_of(server->ask("DELETE", path, "", "")), "children_alive");
    server->post(child.field("location") + "/cancel", "");

    EXPECT_EQ(server->ask("DELETE", path, "", "").status, 200);

    EXPECT_EQ(server->get(child.field("location")).status, 404);
    add(R"(,"name":"n")");
}

TEST_F(OverSqlite, AJobOfTheFileIsShownWithItsPlaceAndNotChanged) {
    core::JobSpec spec;
    spec.type = "test.run";
    spec.args = "{}";
    spec.name = "n";
    spec.declared = core::Declaration{"here", "jobhost.toml:42"};
    const auto path = "/api/v1/jobs/" + jobs->enqueue(std::array{spec})->front().id.text();
    const auto shown = json_of(server->get(path));
    EXPECT_EQ(shown.at("declared_at"), "jobhost.toml:42");
    EXPECT_EQ(shown.at("declared_by"), "here");

    const auto refused = server->change("PATCH", path, "{}", "If-Match: *\r\n");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_of(refused), "declared_job");
    EXPECT_NE(json_of(refused).at("detail").as_string().find("jobhost.toml:42"), std::string::npos);
    EXPECT_EQ(code_of(server->change("PUT", "/api/v1/jobs/by-name/default/n",
                                     R"({"type":"test.run"})", "If-Match: *\r\n")),
              "declared_job");
    EXPECT_EQ(code_of(server->post(path + "/disable", "")), "declared_job");
    EXPECT_EQ(json_of(server->post(path + "/stop", "")).at("status"), "stopped");
    EXPECT_EQ(code_of(server->ask("DELETE", path, "", "")), "declared_job");
}

}  // namespace
}  // namespace jobhost::http::testing
