#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

class OperationsApi : public ::testing::Test {
protected:
    std::string status_of(const std::string& path) {
        return std::string(json_of(server.get(path)).at("status").as_string());
    }
    static std::string id_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

    TestServer server;
};

TEST_F(OperationsApi, EachVerbDoesWhatItSays) {
    const auto path = server.add_job();
    struct Step {
        std::string verb;
        std::string status;
    };
    for (const auto& [verb, status] :
         {Step{"pause", "paused"}, Step{"resume", "queuing"}, Step{"stop", "stopped"},
          Step{"start", "queuing"}, Step{"cancel", "stopped"}}) {
        const auto answer = server.post(path + "/" + verb, "{}");
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(json_of(answer).at("status"), base::Json(status)) << verb;
    }
    EXPECT_EQ(json_of(server.post(path + "/disable", "")).at("enabled"), false);
    const auto enabled = server.post(path + "/enable", "");
    EXPECT_EQ(json_of(enabled).at("enabled"), true);
    EXPECT_EQ(enabled.field("etag"), "\"8\"");
}

TEST_F(OperationsApi, AnOperationTakesNoMembers) {
    const auto path = server.add_job();
    for (const std::string bad : {"[]", "{\"a\":1}", "x"}) {
        EXPECT_GE(server.post(path + "/pause", bad).status, 400) << bad;
    }
    EXPECT_EQ(status_of(path), "queuing");
}

TEST_F(OperationsApi, ARefusalSaysWhereTheJobStandsAndWhatItTakes) {
    const auto path = server.add_job();
    server.post(path + "/cancel", "");

    const auto again = server.post(path + "/cancel", "");

    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(code_of(again), "wrong_status");
    EXPECT_EQ(json_of(again).at("job_status"), "stopped");
    std::string allowed;
    for (const auto body = json_of(again); const auto& word : body.at("allowed").as_array()) {
        allowed += std::string(word.as_string()) + " ";
    }
    EXPECT_EQ(allowed, "start resume enable disable update delete copy ");
}

TEST_F(OperationsApi, ATriggerIsAnsweredWithTheNewJob) {
    const auto path = server.add_job();
    const auto answer = server.post(path + "/trigger", "");
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(json_of(answer).at("parent_id"), base::Json(id_of(path)));
    EXPECT_NE(answer.field("location"), path);
    EXPECT_EQ(server.get(answer.field("location")).body, answer.body);
    const auto children = json_of(server.get("/api/v1/jobs?parent_id=" + id_of(path)));
    EXPECT_EQ(children.at("items").as_array().size(), 1U);
}

TEST_F(OperationsApi, ADeletedJobIsShownOnceMore) {
    const auto path = server.add_job();
    EXPECT_EQ(server.ask("DELETE", path, "", "").status, 409);
    server.post(path + "/stop", "");
    const auto before = server.get(path);

    EXPECT_EQ(server.ask("DELETE", path, "", "").body, before.body);

    EXPECT_EQ(server.get(path).status, 404);
    EXPECT_EQ(server.ask("DELETE", path, "", "").status, 404);
}

TEST_F(OperationsApi, AVersionMayBeAskedFor) {
    const auto path = server.add_job();
    const auto stale = server.post(path + "/pause", "", "If-Match: \"7\"\r\n");
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(code_of(stale), "stale");
    for (const std::string bad : {"7", "W/\"1\"", "\"\"", "\"1\", \"2\"", "\"x\"", ""}) {
        const auto answer = server.post(path + "/pause", "", "If-Match: " + bad + "\r\n");
        EXPECT_EQ(code_of(answer), "bad_condition") << bad;
    }
    EXPECT_EQ(server.post(path + "/pause", "", "If-Match: \"1\"\r\n").status, 200);
    EXPECT_EQ(server.post(path + "/resume", "", "If-Match: *\r\n").status, 200);
    EXPECT_EQ(server.ask("DELETE", path, "If-Match: \"1\"\r\n", "").status, 412);
}

TEST_F(OperationsApi, JobsOfTheSystemNeedAWord) {
    const auto path = server.add_job();
    EXPECT_EQ(server.post(path + "/pause?system=maybe", "").status, 400);
    server.post(path + "/pause", "");
    EXPECT_FALSE(server.jobs.state.with([](auto& now) { return now.options.system; }));
    server.post(path + "/resume?system=true", "");
    EXPECT_TRUE(server.jobs.state.with([](auto& now) { return now.options.system; }));
}

TEST_F(OperationsApi, ManyJobsAreToldOneByOne) {
    const auto first = server.add_job();
    const auto second = server.add_job();
    server.post(second + "/stop", "");
    const auto answer =
        server.post("/api/v1/jobs/bulk?system", R"({"operation":"pause","ids":[")" + id_of(first) +
                                                    R"(","nonsense",")" + id_of(second) + R"("]})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto items = json_of(answer).at("items").as_array();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(items[0].at("id"), base::Json(id_of(first)));
    EXPECT_EQ(items[0].at("is_accepted"), true);
    EXPECT_EQ(items[0].at("status"), "paused");
    EXPECT_TRUE(items[0].at("error").is_null());
    EXPECT_EQ(items[1].at("error").at("code"), "unknown_job");
    EXPECT_TRUE(items[1].at("status").is_null());
    EXPECT_EQ(items[2].at("is_accepted"), false);
    EXPECT_EQ(items[2].at("status"), "stopped");
    EXPECT_EQ(items[2].at("error").at("code"), "wrong_status");

    const auto triggered =
        server.post("/api/v1/jobs/bulk", R"({"operation":"trigger","all_or_none":true,"ids":[")" +
                                             id_of(server.add_job()) + "\"]}");
    EXPECT_FALSE(json_of(triggered).at("items").at(0).at("made").is_null());
    EXPECT_TRUE(server.jobs.state.with([](auto& now) { return now.options.all_or_none; }));
    EXPECT_EQ(server.post("/api/v1/jobs/bulk", R"({"operation":"delete","ids":[]})").body,
              R"({"items":[]})");
}

TEST_F(OperationsApi, AWrongBulkRequestIsRefusedWhole) {
    std::string too_many = "\"x\"";
    for (int i = 0; i < 1000; ++i) {
        too_many += ",\"x\"";
    }
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"operation":"update","ids":[]})", "/operation"},
        {R"({"operation":"copy","ids":[]})", "/operation"},
        {R"({"operation":5,"ids":[]})", "/operation"},
        {R"({"ids":[]})", "/operation"},
        {R"({"operation":"pause"})", "/ids"},
        {R"({"operation":"pause","ids":[5]})", "/ids"},
        {R"({"operation":"pause","ids":[)" + too_many + "]}", "/ids"},
        {R"({"operation":"pause","ids":[],"all_or_none":1})", "/all_or_none"},
        {R"({"operation":"pause","ids":[],"more":1})", "/more"},
    };
    for (const auto& [body, pointer] : cases) {
        const auto answer = server.post("/api/v1/jobs/bulk", body);
        EXPECT_EQ(answer.status, 422) << body.substr(0, 60);
        EXPECT_EQ(json_of(answer).at("errors").at(0).at("pointer"), base::Json(pointer));
    }
    EXPECT_EQ(server.post("/api/v1/jobs/bulk", "[]").status, 422);
    EXPECT_EQ(server.post("/api/v1/jobs/bulk", "{").status, 400);
}

TEST_F(OperationsApi, AStoreInTroubleIsTold) {
    const auto path = server.add_job();
    server.jobs.fail_with(base::Error{base::ErrorKind::Unavailable, "disk_full", "beside"});
    EXPECT_EQ(server.post(path + "/pause", "").status, 503);
    EXPECT_EQ(server.post("/api/v1/jobs/bulk", R"({"operation":"pause","ids":["x"]})").status, 503);
    EXPECT_EQ(server.ask("DELETE", path, "", "").status, 503);
}

}  // namespace
}  // namespace jobhost::http::testing
