#include <gtest/gtest.h>

#include "base/version.hpp"
#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

TEST(HostApi, ItsRootNamesWhatThereIs) {
    TestServer server;
    const auto body = json_of(server.get("/api/v1"));
    EXPECT_EQ(body.at("name"), "here");
    EXPECT_EQ(body.at("version"), base::Json(base::kVersion));
    for (const auto& link : body.at("links").as_object()) {
        EXPECT_EQ(server.get(std::string(link.value().as_string())).status, 200) << link.key();
    }
}

TEST(HostApi, StatusCountsJobsByWhereTheyStand) {
    TestServer server;
    server.add_job();
    server.add_job();
    server.jobs.change([](store::Job& job) { job.status = core::Status::Completed; });
    server.host.now.running = 3;
    server.host.now.stuck = 1;
    const auto body = json_of(server.get("/api/v1/status"));
    EXPECT_EQ(body.at("state"), "ready");
    EXPECT_EQ(body.at("workers"), 4);
    EXPECT_EQ(body.at("running"), 3);
    EXPECT_EQ(body.at("stuck"), 1);
    EXPECT_EQ(body.at("storage"), "in memory");
    EXPECT_EQ(body.at("jobs").at("queuing"), 1);
    EXPECT_EQ(body.at("jobs").at("completed"), 1);
    EXPECT_EQ(body.at("jobs").at("paused"), 0);
    EXPECT_EQ(body.at("jobs").as_object().size(), 6U);
}

TEST(HostApi, ANodeIsDrainedAndResumed) {
    TestServer server;
    const auto drained = server.post("/api/v1/nodes/self/drain", "{}");
    ASSERT_EQ(drained.status, 200) << drained.body;
    EXPECT_EQ(json_of(drained).at("state"), "standby");
    EXPECT_EQ(json_of(server.post("/api/v1/nodes/self/resume", "")).at("state"), "ready");
    EXPECT_EQ(server.post("/api/v1/nodes/self/drain", R"({"for":"60s"})").status, 422);
    EXPECT_EQ(server.host.now.state, "ready");
}

TEST(HostApi, PluginsAreListedWithTheirReasons) {
    TestServer server;
    PluginView active;
    active.id = "shell";
    active.version = "1.0.0";
    active.file = "plugins/shell.so";
    active.state = "active";
    active.types = {"shell.run"};
    PluginView refused;
    refused.file = "plugins/broken.so";
    refused.state = "refused";
    refused.reason = "no entry";
    server.host.libraries = {active, refused};
    const auto items = json_of(server.get("/api/v1/plugins")).at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].at("types").at(0), "shell.run");
    EXPECT_TRUE(items[0].at("reason").is_null());
    EXPECT_TRUE(items[1].at("id").is_null());
    EXPECT_EQ(items[1].at("reason"), "no entry");
}

TEST(HostApi, TypesAreShownWithTheirParameters) {
    TestServer server;
    core::TypeInfo type;
    type.id = "mail/send.v2";
    type.retry_base = base::Duration(10'000);
    core::Parameter parameter;
    parameter.name = "to";
    parameter.type = core::ParameterType::String;
    parameter.default_json = "\"a\"";
    parameter.schema_json = R"({"max_length":5})";
    type.parameters = {parameter};
    server.nodes.known = {type};
    const auto items = json_of(server.get("/api/v1/types")).at("items").as_array();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].at("id"), "mail/send.v2");
    EXPECT_EQ(items[0].at("retry_base"), 10);
    EXPECT_EQ(items[0].at("parameters").at(0).at("default"), "a");
    EXPECT_EQ(json_of(server.get("/api/v1/types/mail/send.v2")), items[0]);
    EXPECT_EQ(code_of(server.get("/api/v1/types/mail.send")), "no_such_type");
}

TEST(HostApi, EveryProblemHasAPage) {
    TestServer server;
    const auto missing = server.get("/nothing");
    EXPECT_EQ(code_of(missing), "not_found");
    const auto page = server.get(std::string(json_of(missing).at("type").as_string()));
    EXPECT_EQ(json_of(page).at("status"), 404);
    EXPECT_EQ(server.get("/problems/none").status, 404);
}

TEST(HostApi, PathsAndMethodsThatDoNotExistAreTold) {
    TestServer server;
    for (const std::string path : {"/", "/api", "/api/v1/", "/api/v1/jobs/", "/api/v1/x", "//"}) {
        EXPECT_EQ(code_of(server.get(path)), "not_found") << path;
    }
    const auto wrong = server.ask("DELETE", "/api/v1/jobs", "", "");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.field("allow"), "POST, GET, HEAD");
    EXPECT_EQ(server.post("/api/v1/status", "{}").status, 405);
}

TEST(HostApi, HeadAnswersAsGetWithoutTheBody) {
    TestServer server;
    const auto path = server.add_job();
    for (const auto& one : {std::string("/api/v1"), path, path + "/attempts", std::string("/x")}) {
        const auto get = server.get(one);
        const auto head = server.head(one);
        EXPECT_EQ(head.status, get.status);
        EXPECT_EQ(head.field("content-length"), get.field("content-length"));
        EXPECT_EQ(head.field("etag"), get.field("etag"));
        EXPECT_EQ(head.body, "");
    }
}

TEST(HostApi, EveryAnswerIsMarkedAsPrivateAndInert) {
    TestServer server;
    for (const std::string path : {"/api/v1", "/nothing", "/openapi.json"}) {
        const auto answer = server.get(path, "X-Request-Id: my-own.1\r\n");
        EXPECT_EQ(answer.field("x-request-id"), "my-own.1");
        EXPECT_EQ(answer.field("cache-control"), "no-store");
        EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
        EXPECT_NE(answer.field("content-security-policy").find("default-src 'none'"),
                  std::string::npos);
        EXPECT_EQ(answer.field("referrer-policy"), "no-referrer");
        EXPECT_FALSE(answer.field("date").empty());
    }
    const auto other = server.get("/nothing", "X-Request-Id: a b\r\n").field("x-request-id");
    EXPECT_EQ(other.size(), 16U) << "an id with a space is not taken over";
    EXPECT_NE(server.get("/nothing").field("x-request-id"), other);
}

TEST(HostApi, ARequestThatWaitedIsCountedButNotTimed) {
    TestServer server;
    const auto path = server.add_job();
    server.get(path + "?wait=1");
    const auto text = server.probe("/metrics").body;
    EXPECT_NE(text.find(R"(method="GET",route="/api/v1/jobs/{id}"} 1)"), std::string::npos) << text;
    EXPECT_EQ(text.find(R"(seconds_count{route="/api/v1/jobs/{id}"})"), std::string::npos) << text;
}

TEST(HostApi, RequestsAreCountedByRouteAndNotByPath) {
    TestServer server;
    const auto path = server.add_job();
    server.get(path);
    server.get(path + "/output");
    server.get("/api/v1/jobs/x");
    server.get("/secret/path");
    server.ask("BREW", "/api/v1", "", "");
    const auto text = server.probe("/metrics").body;
    for (const std::string line :
         {R"(jobhost_http_requests_total{code="200",method="GET",route="/api/v1/jobs/{id}"} 1)",
          R"(jobhost_http_requests_total{code="404",method="GET",route="/api/v1/jobs/{id}"} 1)",
          R"(jobhost_http_requests_total{code="404",method="GET",route="unmatched"} 1)",
          R"(jobhost_http_requests_total{code="501",method="other",route="refused"} 1)",
          R"(jobhost_http_request_duration_seconds_count{route="/api/v1/jobs/{id}"} 2)"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    }
    EXPECT_EQ(text.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::http::testing
