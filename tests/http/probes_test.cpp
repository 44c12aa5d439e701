#include <gtest/gtest.h>

#include "base/version.hpp"
#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

TEST(Probes, ASentenceForPeopleAStatusForMachines) {
    TestServer server;
    for (const std::string path : {"/livez", "/healthz", "/readyz", "/startupz"}) {
        const auto answer = server.probe(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_EQ(answer.body, "ok\n");
        EXPECT_EQ(answer.field("content-type"), "text/plain; charset=utf-8");
        EXPECT_EQ(answer.field("cache-control"), "no-store");
        EXPECT_EQ(answer.field("connection"), "close");
    }
}

TEST(Probes, AFailedCheckIsToldToThoseWhoAsk) {
    TestServer server;
    server.host.ready.push_back({"plugins", false, "broken.so has no entry"});
    EXPECT_EQ(server.probe("/livez").status, 200) << "a restart would help nobody";
    const auto plain = server.probe("/readyz");
    EXPECT_EQ(plain.status, 503);
    EXPECT_EQ(plain.body, "fail\n");
    const auto verbose = server.probe("/readyz?verbose");
    EXPECT_EQ(verbose.status, 503);
    EXPECT_EQ(verbose.body, "[+]storage ok\n[-]plugins fail: broken.so has no entry\nfail\n");
    const auto json = json_of(server.probe("/readyz", "Accept: application/json\r\n"));
    EXPECT_EQ(json.at("status"), "fail");
    EXPECT_EQ(json.at("checks").at(0).at("status"), "ok");
    EXPECT_EQ(json.at("checks").at(1).at("name"), "plugins");

    server.host.alive.front().ok = false;
    EXPECT_EQ(server.probe("/livez").status, 503);
    EXPECT_EQ(server.probe("/healthz").status, 503);
}

TEST(Probes, StartUpIsOverOnce) {
    TestServer server;
    server.host.now.state = "starting";
    EXPECT_EQ(server.probe("/startupz").status, 503);
    server.host.now.state = "draining";
    EXPECT_EQ(server.probe("/startupz").status, 200);
}

TEST(Probes, UnknownParametersDoNotMakeAProbeFail) {
    TestServer server;
    EXPECT_EQ(server.probe("/livez?now=1&verbose=maybe&%").status, 200);
}

TEST(Probes, VersionAndMetricsAreThere) {
    TestServer server;
    EXPECT_EQ(server.probe("/version").body.find("jobhost " + std::string(base::kVersion)), 0U);
    const auto json = json_of(server.probe("/version", "Accept: application/json\r\n"));
    EXPECT_EQ(json.at("version"), base::Json(base::kVersion));
    server.metrics.counter("jobhost_test_total", "For this test.").add(5);
    const auto metrics = server.probe("/metrics");
    EXPECT_EQ(metrics.field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(metrics.body.find("jobhost_test_total 5"), std::string::npos);
}

TEST(Probes, HeadIsAnsweredWithoutABody) {
    TestServer server;
    const auto answer = server.probe("/livez", "", "HEAD");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("content-length"), "3");
}

TEST(Probes, NothingElseIsServedThere) {
    TestServer server;
    for (const std::string path : {"/", "/api/v1", "/api/v1/status", "/openapi.json", "/livez/x"}) {
        EXPECT_EQ(server.probe(path).status, 404) << path;
    }
    EXPECT_EQ(server.probe("/livez", "", "POST").status, 405);
    EXPECT_EQ(server.probe("/livez", "", "DELETE").status, 405);
    EXPECT_EQ(server.probe("/livez", "Content-Length: 1\r\n", "POST").status, 413);
    EXPECT_EQ(server.get("/livez").status, 404) << "probes have a listener of their own";
}

TEST(Probes, TheyDoNotTouchTheStore) {
    TestServer server;
    server.jobs.fail_with(base::Error{base::ErrorKind::Unavailable, "store_busy", "busy"});
    for (const std::string path : {"/livez", "/readyz", "/startupz", "/metrics", "/version"}) {
        EXPECT_EQ(server.probe(path).status, 200) << path;
    }
}

}  // namespace
}  // namespace jobhost::http::testing
