#pragma once

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "http/contract.hpp"
#include "http/fakes.hpp"
#include "http/raw_client.hpp"
#include "http/server.hpp"
#include "support/fake_plans.hpp"

namespace jobhost::http::testing {

/// A real server on free ports of this machine, over fakes of what it serves. Every answer that is
/// asked for here is held against the published description.
class TestServer {
public:
    TestServer() : TestServer(jobs, nodes) {}

    /// Serves these stores instead of its own fakes.
    TestServer(store::JobStore& served_jobs, store::NodeStore& served_nodes) {
        Options options;
        options.listen = {{"127.0.0.1", 0}};
        options.probes_listen = {{"127.0.0.1", 0}};
        auto opened = Server::open(options, {served_jobs, plans, served_nodes, host, bus, metrics,
                                             clock, calendars, presets});
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        server = std::move(*opened);
        api = server->api_addresses().front();
        probes = server->probe_addresses().front();
    }

    RawAnswer get(const std::string& path, const std::string& fields = "") {
        return ask("GET", path, fields, "");
    }
    RawAnswer head(const std::string& path) { return ask("HEAD", path, "", ""); }
    RawAnswer post(const std::string& path,
                   const std::string& body,
                   const std::string& fields = "") {
        return change("POST", path, body, fields);
    }
    /// A request that has a body.
    RawAnswer change(const std::string& method,
                     const std::string& path,
                     const std::string& body,
                     const std::string& fields = "") {
        return ask(method, path,
                   "Content-Type: application/json\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n" + fields,
                   body);
    }
    RawAnswer ask(const std::string& method,
                  const std::string& path,
                  const std::string& fields,
                  const std::string& body) {
        RawClient client(api);
        client.send(method + " " + path + " HTTP/1.1\r\nHost: " + api + "\r\n" + fields + "\r\n" +
                    body);
        auto answer = client.read_answer(method == "HEAD");
        EXPECT_TRUE(answer) << method << " " << path;
        if (!answer) {
            return {};
        }
        for (const auto& breach : contract.breaches(method, path, *answer)) {
            ADD_FAILURE() << method << " " << path << ": " << breach << "\n" << answer->body;
        }
        return *answer;
    }

    RawAnswer probe(const std::string& path,
                    const std::string& fields = "",
                    const std::string& method = "GET") {
        RawClient client(probes);
        client.send(method + " " + path + " HTTP/1.1\r\nHost: " + probes + "\r\n" + fields +
                    "\r\n");
        return client.read_answer(method == "HEAD").value_or(RawAnswer{});
    }

    /// Makes a job and gives its path.
    std::string add_job(const std::string& body = R"({"type":"test.run"})") {
        const auto answer = post("/api/v1/jobs?allow_unknown_type=true", body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.field("location");
    }

    FakeJobs jobs;
    support::FakePlans plans;
    FakeNodes nodes;
    FakeHost host;
    events::Bus bus;
    base::Metrics metrics;
    base::SystemClock clock;
    /// Only the first hours of the year 2026 in Berlin are free.
    core::Calendars calendars{{*schedule::Calendar::from(
        {.name = "nights", .windows = {{std::chrono::hours(2), std::chrono::hours(4)}}},
        *schedule::TimeZone::load("Europe/Berlin"))}};
    /// About the types that begin with "preset.".
    std::vector<core::Preset> presets{
        {.name = "low", .type = *core::TextMatch::parse("preset.*"), .priority = "low"}};
    Contract contract;
    std::unique_ptr<Server> server;
    std::string api;
    std::string probes;
};

/// The body of an answer as a value.
inline base::Json json_of(const RawAnswer& answer) {
    auto document = base::parse_json(answer.body);
    EXPECT_TRUE(document) << answer.body;
    return document ? std::move(document->value) : base::Json();
}

/// The code of a problem.
inline std::string code_of(const RawAnswer& answer) {
    const auto body = json_of(answer);
    return body.is_object() && body.as_object().contains("code")
               ? std::string(body.at("code").as_string())
               : "";
}

}  // namespace jobhost::http::testing
