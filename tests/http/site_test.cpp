#include "http/site.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

Answer throws(const Call&) { throw std::runtime_error("secret of the inside"); }
Answer throws_a_number(const Call&) { throw 42; }
Answer answers(const Call&) { return Response{}; }

class SiteTest : public ::testing::Test {
protected:
    Response ask(const std::string& path) {
        Request request;
        request.id = "r1";
        request.head = *parse_head("GET " + path + " HTTP/1.1\r\n\r\n");
        request.received = clock.steady();
        return std::get<Response>(site.answer(request));
    }

    FakeJobs jobs;
    support::FakePlans plans;
    FakeNodes nodes;
    FakeHost host;
    events::Bus bus;
    base::Metrics metrics;
    base::SystemClock clock;
    core::Calendars calendars;
    Services services{jobs, plans, nodes, host, bus, metrics, clock, calendars};
    JobWaits waits{bus};
    Site site{Guard({}, 0),
              Router({{"GET", "/throws", {}, throws},
                      {"GET", "/number", {}, throws_a_number},
                      {"POST", "/change", {}, answers},
                      {"GET", "/fine", {}, answers}}),
              Audience::Programs, services, waits};
};

TEST_F(SiteTest, AHandlerThatThrowsIsAnInternalErrorWithoutItsText) {
    for (const std::string path : {"/throws", "/number"}) {
        const auto response = ask(path);
        EXPECT_EQ(response.status, 500);
        EXPECT_NE(response.body.find("internal_error"), std::string::npos);
        EXPECT_EQ(response.body.find("secret"), std::string::npos);
    }
    EXPECT_EQ(ask("/fine").status, 200);
}

TEST_F(SiteTest, TheContentTypeIsAskedForOnceThePathTakesTheMethod) {
    const Endpoint here{"127.0.0.1", 1};
    const auto admit = [&](const std::string& path) {
        return site.admit(*parse_head("POST " + path + " HTTP/1.0\r\n\r\n"), here);
    };
    EXPECT_TRUE(admit("/nothing"));
    EXPECT_TRUE(admit("/fine"));
    ASSERT_FALSE(admit("/change"));
    EXPECT_EQ(admit("/change").error().code, "unsupported_media_type");
}

}  // namespace
}  // namespace jobhost::http::testing
