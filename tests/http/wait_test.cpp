#include <thread>

#include <gtest/gtest.h>

#include "http/job_waits.hpp"
#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Returns once the handler has looked at a job this many times.
void await_looks(TestServer& server, int looks) {
    const auto end = std::chrono::steady_clock::now() + seconds(5);
    while (server.jobs.state.with([](const auto& now) { return now.looks; }) < looks) {
        ASSERT_LT(std::chrono::steady_clock::now(), end) << "nobody looked";
        std::this_thread::yield();
    }
}

class Waiting : public ::testing::Test {
protected:
    Waiting() : path(server.add_job()) {
        server.jobs.state.with([](auto& now) { now.looks = 0; });
    }

    RawClient ask(const std::string& query) {
        RawClient client(server.api);
        client.send(get_request(server.api, path + query));
        return client;
    }

    void end_job() {
        core::JobEvent event{.what = core::JobEvent::What::Settled,
                             .status = core::Status::Completed};
        server.jobs.change([&](store::Job& job) {
            job.status = core::Status::Completed;
            event.job = job.id;
        });
        server.bus.publish(event);
    }

    TestServer server;
    std::string path;
};

TEST_F(Waiting, TheEndOfTheJobAnswersAtOnce) {
    auto client = ask("?wait=60");
    await_looks(server, 1);
    EXPECT_TRUE(client.is_quiet_for(milliseconds(50)));
    const auto start = std::chrono::steady_clock::now();
    end_job();
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(json_of(*answer).at("status"), "completed");
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(1));
}

TEST_F(Waiting, AJobThatHasEndedIsNotWaitedFor) {
    end_job();
    const auto answer = ask("?wait=60").read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(json_of(*answer).at("status"), "completed");
}

TEST_F(Waiting, WhenTheTimeIsUpTheJobIsShownAsItStands) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = ask("?wait=1").read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(json_of(*answer).at("status"), "queuing");
    EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(990));
    EXPECT_EQ(server.get(path + "?wait=61").status, 400);
}

TEST_F(Waiting, ALostEventOnlyCostsTime) {
    auto client = ask("?wait=60");
    await_looks(server, 1);
    server.jobs.change([](store::Job& job) { job.status = core::Status::Stopped; });
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(json_of(*answer).at("status"), "stopped");
}

TEST_F(Waiting, OtherEventsDoNotAnswer) {
    auto client = ask("?wait=60");
    await_looks(server, 1);
    core::JobEvent other{.what = core::JobEvent::What::Settled};
    server.bus.publish(other);
    server.jobs.change([&](store::Job& job) { other.job = job.id; });
    server.bus.publish(other);  // it settled into another try
    await_looks(server, 2);
    EXPECT_TRUE(client.is_quiet_for(milliseconds(50)));
}

TEST_F(Waiting, HundredsWaitWithoutHoldingUpOthers) {
    std::vector<RawClient> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(ask("?wait=60"));
    }
    await_looks(server, 200);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(server.get("/api/v1").status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(1));
    end_job();
    for (auto& client : clients) {
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer);
        EXPECT_EQ(json_of(*answer).at("status"), "completed");
    }
}

TEST_F(Waiting, TooManyWaitersAreAnsweredAtOnce) {
    std::vector<RawClient> clients;
    for (std::size_t i = 0; i < JobWaits::kMost; ++i) {
        clients.push_back(ask("?wait=60"));
    }
    await_looks(server, static_cast<int>(JobWaits::kMost));
    EXPECT_EQ(json_of(server.get(path + "?wait=60")).at("status"), "queuing");
}

TEST_F(Waiting, AClientThatGoesLeavesNoTrace) {
    { auto client = ask("?wait=60"); }
    await_looks(server, 1);
    end_job();
    EXPECT_EQ(json_of(server.get(path)).at("status"), "completed");
}

TEST_F(Waiting, AServerThatGoesAnswersThoseWhoWait) {
    auto client = ask("?wait=60");
    await_looks(server, 1);
    server.server.reset();
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->field("connection"), "close");
    EXPECT_EQ(json_of(*answer).at("status"), "queuing");
}

TEST_F(Waiting, EventsFromManyThreadsAreHeard) {
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(ask("?wait=60"));
    }
    {
        std::vector<std::jthread> publishers;
        for (int i = 0; i < 4; ++i) {
            publishers.emplace_back([this] { end_job(); });
        }
    }
    for (auto& client : clients) {
        ASSERT_TRUE(client.read_answer());
    }
}

}  // namespace
}  // namespace jobhost::http::testing
