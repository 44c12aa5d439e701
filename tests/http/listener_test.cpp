#include "http/listener.hpp"

#include <atomic>
#include <latch>
#include <optional>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "http/raw_client.hpp"
#include "http/socket.hpp"

namespace jobhost::http::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Echoes the path and the body; `/slow` is held until it is let go.
class Echo final : public Service {
public:
    [[nodiscard]] base::Result<std::size_t> admit(const Head& head,
                                                  const Endpoint&) const override {
        const auto* length = head.field("content-length");
        return length != nullptr ? std::stoul(*length) : 0;
    }
    [[nodiscard]] Response refuse(const base::Error& error,
                                  std::string_view,
                                  std::string_view id) override {
        return problem(error, id);
    }
    [[nodiscard]] Reply answer(const Request& request) noexcept override {
        ++asked;
        if (request.head.path == "/slow") {
            let_go.acquire();
        }
        if (request.head.path == "/large") {
            return Response{.body = std::string(20'000'000, 'x')};
        }
        return Response{.body = request.head.path + request.body};
    }

    std::counting_semaphore<> let_go{0};
    std::atomic<int> asked = 0;
};

class ListenerTest : public ::testing::Test {
protected:
    void open(ListenerOptions options = {}) {
        options.name = "test";
        options.listen = {{"127.0.0.1", 0}};
        auto opened = Listener::open(options, echo, clock);
        ASSERT_TRUE(opened) << opened.error().message;
        listener = std::move(*opened);
        address = text_of(listener->addresses().front());
    }

    static Patience patience() {
        return {seconds(30), seconds(30), seconds(30), seconds(30), milliseconds(100)};
    }

    void await_asked(int count) {
        const auto end = std::chrono::steady_clock::now() + seconds(5);
        while (echo.asked < count) {
            ASSERT_LT(std::chrono::steady_clock::now(), end);
            std::this_thread::yield();
        }
    }

    Echo echo;
    base::SystemClock clock;
    std::unique_ptr<Listener> listener;
    std::string address;
};

TEST_F(ListenerTest, PipelinedRequestsAreAnsweredInOrder) {
    open({.threads = 4, .patience = patience()});
    RawClient client(address);
    std::string all;
    for (int i = 0; i < 50; ++i) {
        all += get_request(address, "/" + std::to_string(i));
        all += post_request(address, "/p", std::to_string(i));
    }
    client.send(all);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(client.read_answer()->body, "/" + std::to_string(i));
        EXPECT_EQ(client.read_answer()->body, "/p" + std::to_string(i));
    }
}

TEST_F(ListenerTest, ARequestMayComeByteByByte) {
    open({.patience = patience()});
    RawClient client(address);
    for (const char byte : post_request(address, "/p", "body")) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.read_answer()->body, "/pbody");
}

TEST_F(ListenerTest, AClientThatAsksBeforeItSendsIsToldToGoOn) {
    open({.patience = patience()});
    RawClient client(address);
    client.send("POST /p HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer()->status, 100);
    client.send("body");
    EXPECT_EQ(client.read_answer()->body, "/pbody");
    client.send("POST /p HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody");
    EXPECT_EQ(client.read_answer()->status, 200) << "nobody waits for a 100 here";

    RawClient old(address);
    old.send("POST /p HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(old.is_quiet_for(milliseconds(20))) << "an old client does not know it";
    old.send("body");
    EXPECT_EQ(old.read_answer()->status, 200);
}

TEST_F(ListenerTest, AClientThatSaysCloseAndAnOldClientAreClosed) {
    open({.patience = patience()});
    for (const std::string request :
         {"GET /a HTTP/1.1\r\nConnection: keep-alive, Close\r\n\r\n", "GET /a HTTP/1.0\r\n\r\n",
          "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"}) {
        RawClient client(address);
        client.send(request + "GET /b HTTP/1.1\r\n\r\n");
        const auto answer = client.read_answer();
        EXPECT_EQ(answer->body, "/a");
        EXPECT_EQ(answer->field("connection"), "close");
        EXPECT_EQ(client.read_to_end(), "") << request;
    }
}

TEST_F(ListenerTest, WithoutKeepAliveEachConnectionHasOneAnswer) {
    auto strict = patience();
    strict.idle = base::Duration::zero();
    open({.patience = strict});
    RawClient client(address);
    client.send(get_request(address, "/a") + get_request(address, "/b"));
    EXPECT_EQ(client.read_answer()->body, "/a");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ListenerTest, AClientThatStopsWritingIsStillAnswered) {
    open({.patience = patience()});
    RawClient client(address);
    client.send(get_request(address, "/a") + get_request(address, "/b"));
    client.end_writing();
    EXPECT_EQ(client.read_answer()->body, "/a");
    EXPECT_EQ(client.read_answer()->body, "/b");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ListenerTest, AnIdleClientIsClosedAndAHalfRequestIsToldWhy) {
    auto short_patience = patience();
    short_patience.idle = milliseconds(50);
    short_patience.head = milliseconds(50);
    short_patience.body = milliseconds(50);
    open({.patience = short_patience});
    RawClient idle(address);
    EXPECT_EQ(idle.read_to_end(), "");

    RawClient after_one(address);
    after_one.send(get_request(address, "/a"));
    EXPECT_EQ(after_one.read_answer()->status, 200);
    EXPECT_EQ(after_one.read_to_end(), "");

    for (const std::string part :
         {"GET / HTTP/1.1\r\nA:", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"}) {
        RawClient client(address);
        client.send(part);
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 408);
        EXPECT_EQ(client.read_to_end(), "");
    }
}

TEST_F(ListenerTest, DribblingDoesNotBuyMoreTime) {
    auto short_patience = patience();
    short_patience.head = milliseconds(200);
    open({.patience = short_patience});
    RawClient client(address);
    client.send("GET / HTTP/1.1\r\nA: ");
    const auto end = std::chrono::steady_clock::now() + seconds(5);
    while (client.is_quiet_for(milliseconds(10))) {
        ASSERT_LT(std::chrono::steady_clock::now(), end);
        client.send("a");
    }
    EXPECT_EQ(client.read_answer()->status, 408);
}

TEST_F(ListenerTest, ALargeAnswerArrivesWholeAndASlowReaderHoldsNoThread) {
    open({.threads = 1, .patience = patience()});
    RawClient slow(address);
    slow.send(get_request(address, "/large"));
    await_asked(1);
    RawClient other(address);
    other.send(get_request(address, "/a"));
    EXPECT_EQ(other.read_answer()->body, "/a");
    EXPECT_EQ(slow.read_answer()->body.size(), 20'000'000U);
}

TEST_F(ListenerTest, AReaderThatTakesNothingIsCutOff) {
    auto short_patience = patience();
    short_patience.send = milliseconds(50);
    open({.max_clients = 1, .patience = short_patience});
    RawClient slow(address);
    slow.send(get_request(address, "/large"));
    await_asked(1);
    RawClient next(address);
    next.send(get_request(address, "/a"));
    EXPECT_EQ(next.read_answer()->body, "/a") << "its place was not given to another";
    EXPECT_FALSE(slow.read_answer());
}

TEST_F(ListenerTest, TooManyRequestsAreToldToComeBack) {
    open({.threads = 1, .max_waiting = 2, .patience = patience()});
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(address);
        clients.back().send(get_request(address, "/slow"));
        await_asked(1);
    }
    RawClient client(address);
    std::optional<RawAnswer> answer;
    // The first three may still be on their way from their sockets.
    for (int i = 0; i < 100 && !answer; ++i) {
        RawClient one(address);
        one.send(get_request(address, "/slow"));
        if (one.is_quiet_for(milliseconds(50))) {
            clients.push_back(std::move(one));
        } else {
            answer = one.read_answer();
        }
    }
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    echo.let_go.release(static_cast<std::ptrdiff_t>(clients.size()));
    for (auto& one : clients) {
        EXPECT_EQ(one.read_answer()->status, 200);
    }
}

TEST_F(ListenerTest, ANewClientTakesThePlaceOfTheMostSilentOne) {
    open({.max_clients = 3, .patience = patience()});
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(address);
        clients.back().send(get_request(address, "/a"));
        EXPECT_EQ(clients.back().read_answer()->status, 200);
    }
    RawClient fresh(address);
    fresh.send(get_request(address, "/b"));
    EXPECT_EQ(fresh.read_answer()->body, "/b");
    EXPECT_EQ(clients[0].read_to_end(), "");
    clients[1].send(get_request(address, "/c"));
    EXPECT_EQ(clients[1].read_answer()->body, "/c");
}

TEST_F(ListenerTest, WhenAllPlacesAreBusyANewClientWaitsForOne) {
    open({.threads = 2, .max_clients = 2, .patience = patience()});
    RawClient one(address);
    RawClient two(address);
    one.send(get_request(address, "/slow"));
    two.send(get_request(address, "/slow"));
    await_asked(2);
    RawClient third(address);
    third.send(get_request(address, "/a"));
    EXPECT_TRUE(third.is_quiet_for(milliseconds(50)));
    echo.let_go.release(2);
    EXPECT_EQ(third.read_answer()->body, "/a");
}

TEST_F(ListenerTest, ManyClientsAtOnceGetTheirOwnAnswers) {
    open({.threads = 4, .patience = patience()});
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                RawClient client(address);
                const auto body = std::to_string(t) + "." + std::to_string(i);
                client.send(post_request(address, "/p", body));
                right += client.read_answer()->body == "/p" + body ? 1 : 0;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(right, 200);
}

TEST_F(ListenerTest, WhatIsUnderWayIsAnsweredBeforeItGoes) {
    open({.threads = 2, .patience = patience()});
    RawClient busy(address);
    busy.send(get_request(address, "/slow") + get_request(address, "/after"));
    RawClient idle(address);
    await_asked(1);
    std::jthread closing([this] { listener.reset(); });
    EXPECT_EQ(idle.read_to_end(), "");
    echo.let_go.release();
    const auto answer = busy.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "/slow");
    EXPECT_EQ(answer->field("connection"), "close");
    EXPECT_EQ(busy.read_to_end(), "");
}

TEST_F(ListenerTest, ItsSocketsAreNotInheritedByProgramsThatAreStarted) {
    open({.patience = patience()});
    RawClient client(address);
    client.send(get_request(address, "/a"));
    ASSERT_TRUE(client.read_answer());
    FILE* list = popen("ls -l /proc/self/fd", "re");
    ASSERT_NE(list, nullptr);
    std::string text;
    for (int letter = fgetc(list); letter != EOF; letter = fgetc(list)) {
        text += static_cast<char>(letter);
    }
    pclose(list);
    EXPECT_EQ(text.find("socket:"), std::string::npos) << text;
    EXPECT_EQ(text.find("eventfd"), std::string::npos) << text;
}

}  // namespace
}  // namespace jobhost::http::testing
