#include "http/server.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A request that must be refused: HOST stands for the server's address.
struct Refused {
    const char* what;
    std::string request;
    int status;
    const char* code;
};

std::string with_host(std::string request, const std::string& host) {
    for (auto at = request.find("HOST"); at != std::string::npos; at = request.find("HOST")) {
        request.replace(at, 4, host);
    }
    return request;
}

const std::string kJob = R"({"type":"test.run"})";
/// What an attacker hides behind the body: it must never be answered, let alone done.
const std::string kHidden =
    "POST /api/v1/jobs?allow_unknown_type=true HTTP/1.1\r\nHost: HOST\r\n"
    "Content-Type: application/json\r\nContent-Length: 19\r\n\r\n" +
    kJob;

std::string post(const std::string& lines, const std::string& body = kJob) {
    return "POST /api/v1/jobs?allow_unknown_type=true HTTP/1.1\r\nHost: HOST\r\n" + lines + "\r\n" +
           body;
}

std::string get(const std::string& target, const std::string& lines = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: HOST\r\n" + lines + "\r\n";
}

const std::string kJson = "Content-Type: application/json\r\n";
const std::string kLength = "Content-Length: 19\r\n";

std::vector<Refused> refused_requests() {
    return {
        {"both framing fields",
         post(kJson + kLength + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
         "ambiguous_length"},
        {"chunked", post(kJson + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 411,
         "length_required"},
        {"another coding", post(kJson + "Transfer-Encoding: identity\r\n"), 411, "length_required"},
        {"hidden coding", post(kJson + kLength + "Transfer-Encoding : chunked\r\n"), 400,
         "malformed_request"},
        {"two lengths", post(kJson + "Content-Length: 3\r\nContent-Length: 19\r\n"), 400,
         "bad_content_length"},
        {"the same length twice", post(kJson + kLength + kLength), 400, "bad_content_length"},
        {"a negative length", post(kJson + "Content-Length: -1\r\n"), 400, "bad_content_length"},
        {"a length with a sign", post(kJson + "Content-Length: +19\r\n"), 400,
         "bad_content_length"},
        {"a list of lengths", post(kJson + "Content-Length: 19, 19\r\n"), 400,
         "bad_content_length"},
        {"no host", "GET /api/v1 HTTP/1.1\r\n\r\n", 400, "bad_host"},
        {"two hosts", get("/api/v1", "Host: HOST\r\n"), 400, "bad_host"},
        {"a foreign host", "GET /api/v1 HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421,
         "host_not_allowed"},
        {"a foreign port", "GET /api/v1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 421,
         "host_not_allowed"},
        {"space before the colon", "GET /api/v1 HTTP/1.1\r\nHost : HOST\r\n\r\n", 400,
         "malformed_request"},
        {"bare line ends", "GET /api/v1 HTTP/1.1\nHost: HOST\n\n", 400, "malformed_request"},
        {"a bare carriage return", get("/api/v1", "A: b\rc\r\n"), 400, "malformed_request"},
        {"a folded field", get("/api/v1", "A: b\r\n c\r\n"), 400, "malformed_request"},
        {"NUL", get("/api/v1", std::string("A: \0\r\n", 6)), 400, "malformed_request"},
        {"another protocol", std::string("\x16\x03\x01\x00\xa5\x01", 6), 400, "malformed_request"},
        {"an empty line first", "\r\n" + get("/api/v1"), 400, "malformed_request"},
        {"a whole URI", get("http://HOST/api/v1"), 400, "bad_target"},
        {"a path upwards", get("/api/../api/v1"), 400, "bad_target"},
        {"a path upwards in disguise", get("/api/%2e%2E/api/v1"), 400, "bad_target"},
        {"a hidden slash", get("/api%2fv1"), 400, "bad_target"},
        {"another version", "GET /api/v1 HTTP/2.0\r\nHost: HOST\r\n\r\n", 505, "http_version"},
        {"a long target", get("/" + std::string(9000, 'a')), 414, "uri_too_long"},
        {"a large head", get("/api/v1", "A: " + std::string(17000, 'a') + "\r\n"), 431,
         "head_too_large"},
        {"a GET with a body", get("/api/v1", kLength) + kJob, 400, "body_not_allowed"},
        {"a DELETE with a body",
         "DELETE /api/v1 HTTP/1.1\r\nHost: HOST\r\n" + kLength + "\r\n" + kJob, 400,
         "body_not_allowed"},
        {"a form", post("Content-Type: text/plain\r\n" + kLength), 415, "unsupported_media_type"},
        {"no content type", post(kLength), 415, "unsupported_media_type"},
        {"a compressed body", post(kJson + kLength + "Content-Encoding: gzip\r\n"), 415,
         "unsupported_media_type"},
        {"a foreign origin", post(kJson + kLength + "Origin: http://evil.example\r\n"), 403,
         "origin_not_allowed"},
        {"an origin without a name", post(kJson + kLength + "Origin: null\r\n"), 403,
         "origin_not_allowed"},
        {"a change from another site", post(kJson + kLength + "Sec-Fetch-Site: cross-site\r\n"),
         403, "origin_not_allowed"},
        {"a large body", post(kJson + "Content-Length: 1048577\r\n"), 413, "body_too_large"},
        {"an expectation", post(kJson + kLength + "Expect: miracle\r\n"), 417,
         "expectation_failed"},
        {"an unknown method", "BREW /api/v1 HTTP/1.1\r\nHost: HOST\r\n\r\n", 501, "unknown_method"},
    };
}

TEST(Server, WhatIsNotBeyondDoubtIsRefusedAndEndsTheConnection) {
    TestServer server;
    for (const auto& one : refused_requests()) {
        RawClient client(server.api);
        client.send(with_host(one.request + kHidden, server.api));
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer) << one.what;
        EXPECT_EQ(answer->status, one.status) << one.what;
        EXPECT_EQ(code_of(*answer), one.code) << one.what;
        EXPECT_EQ(answer->field("connection"), "close") << one.what;
        EXPECT_EQ(answer->field("content-type"), "application/problem+json") << one.what;
        EXPECT_EQ(client.read_to_end(), "") << one.what << ": something behind it was answered";
        for (const auto& breach : server.contract.breaches("GET", "/", *answer)) {
            ADD_FAILURE() << one.what << ": " << breach;
        }
    }
    EXPECT_EQ(server.jobs.stored(), 0U) << "a hidden request was executed";
}

TEST(Server, TheConnectionIsClosedEvenIfTheClientGoesOnWriting) {
    TestServer server;
    RawClient client(server.api);
    client.send(with_host(post(kJson + "Content-Length: 99999999\r\n", ""), server.api));
    EXPECT_EQ(client.read_answer()->status, 413);
    const auto end = steady_clock::now() + std::chrono::seconds(10);
    while (client.send(kHidden)) {
        ASSERT_LT(steady_clock::now(), end) << "the server still reads";
    }
    EXPECT_EQ(server.jobs.stored(), 0U);
}

TEST(Server, AnUnreadBodyNeverBecomesARequest) {
    TestServer server;
    RawClient client(server.api);
    const auto hidden = with_host(kHidden, server.api);
    client.send(with_host(post("Content-Type: text/plain\r\nContent-Length: " +
                                   std::to_string(hidden.size()) + "\r\n",
                               hidden),
                          server.api));
    EXPECT_EQ(client.read_answer()->status, 415);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(server.jobs.stored(), 0U);
}

TEST(Server, ABodyIsNotReadAsARequestWhenThePathIsUnknown) {
    TestServer server;
    RawClient client(server.api);
    const auto hidden = with_host(kHidden, server.api);
    client.send(post_request(server.api, "/nothing", hidden) + get_request(server.api, "/api/v1"));
    EXPECT_EQ(client.read_answer()->status, 404);
    EXPECT_EQ(client.read_answer()->status, 200) << "the next request, not the hidden one";
    EXPECT_EQ(server.jobs.stored(), 0U);
}

TEST(Server, HundredIdleClientsDelayNobody) {
    TestServer server;
    std::vector<RawClient> idle;
    for (int i = 0; i < 100; ++i) {
        idle.emplace_back(server.api);
        idle.back().send(get_request(server.api, "/api/v1"));
        ASSERT_EQ(idle.back().read_answer()->status, 200);
    }
    auto longest_probe = steady_clock::duration::zero();
    auto longest_call = steady_clock::duration::zero();
    for (int i = 0; i < 20; ++i) {
        auto start = steady_clock::now();
        ASSERT_EQ(server.probe("/livez").status, 200);
        longest_probe = std::max(longest_probe, steady_clock::now() - start);
        start = steady_clock::now();
        ASSERT_EQ(server.get("/api/v1/status").status, 200);
        longest_call = std::max(longest_call, steady_clock::now() - start);
    }
    EXPECT_LT(longest_probe, milliseconds(50));
    EXPECT_LT(longest_call, milliseconds(50));
    for (auto& client : idle) {
        client.send(get_request(server.api, "/api/v1"));
        ASSERT_EQ(client.read_answer()->status, 200) << "an idle client was cut off";
    }
}

TEST(Server, SlowClientsDelayNobody) {
    TestServer server;
    std::vector<RawClient> slow;
    for (int i = 0; i < 100; ++i) {
        slow.emplace_back(server.api);
        slow.back().send("GET /api/v1 HTTP/1.1\r\nHost:");
        if (i < 50) {
            slow.emplace_back(server.probes);
            slow.back().send("GET /livez HTTP/1.1\r\nHost:");
        }
    }
    const auto start = steady_clock::now();
    EXPECT_EQ(server.probe("/livez").status, 200);
    EXPECT_EQ(server.get("/api/v1/status").status, 200);
    EXPECT_LT(steady_clock::now() - start, milliseconds(100));
}

TEST(Server, AnAddressBeyondThisMachineIsRefused) {
    FakeJobs jobs;
    support::FakePlans plans;
    FakeNodes nodes;
    FakeHost host;
    events::Bus bus;
    base::Metrics metrics;
    const base::SystemClock clock;
    const core::Calendars calendars;
    for (const std::string address : {"0.0.0.0", "192.0.2.1", "::", "example.com", ""}) {
        for (const bool probes : {false, true}) {
            Options options;
            options.listen = {{"127.0.0.1", 0}};
            options.probes_listen = {{"127.0.0.1", 0}};
            (probes ? options.probes_listen : options.listen).push_back({address, 0});
            const auto opened =
                Server::open(options, {jobs, plans, nodes, host, bus, metrics, clock, calendars});
            ASSERT_FALSE(opened) << address;
            EXPECT_EQ(opened.error().kind, base::ErrorKind::Forbidden) << address;
        }
    }
}

TEST(Server, AnAddressThatIsTakenIsNamed) {
    TestServer server;
    Options options;
    const auto port =
        static_cast<std::uint16_t>(std::stoi(server.api.substr(server.api.rfind(':') + 1)));
    options.listen = {{"127.0.0.1", port}};
    options.probes_listen = {{"127.0.0.1", 0}};
    const auto opened =
        Server::open(options, {server.jobs, server.plans, server.nodes, server.host, server.bus,
                               server.metrics, server.clock, server.calendars});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "address_in_use");
    EXPECT_NE(opened.error().message.find(server.api), std::string::npos);
}

TEST(Server, SeveralAddressesAndBothFamiliesAreServed) {
    FakeJobs jobs;
    support::FakePlans plans;
    FakeNodes nodes;
    FakeHost host;
    events::Bus bus;
    base::Metrics metrics;
    const base::SystemClock clock;
    const core::Calendars calendars;
    Options options;
    options.listen = {{"127.0.0.1", 0}, {"::1", 0}, {"localhost", 0}};
    options.probes_listen = {{"::1", 0}};
    const auto server =
        Server::open(options, {jobs, plans, nodes, host, bus, metrics, clock, calendars});
    ASSERT_TRUE(server) << server.error().message;
    ASSERT_EQ((*server)->api_addresses().size(), 3U);
    for (const auto& address : (*server)->api_addresses()) {
        RawClient client(address);
        client.send(get_request(address, "/api/v1"));
        EXPECT_EQ(client.read_answer()->status, 200) << address;
    }
    const auto& probes = (*server)->probe_addresses().front();
    RawClient client(probes);
    client.send(get_request(probes, "/livez"));
    EXPECT_EQ(client.read_answer()->status, 200);
}

}  // namespace
}  // namespace jobhost::http::testing
