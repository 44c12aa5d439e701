#include "cli/api_client.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "cli/canned_host.hpp"
#include "cli/exit_code.hpp"

namespace jobhost::cli {
namespace {

using testing::CannedHost;
using testing::CannedReply;
using testing::SeenRequest;

CannedHost::Handler always(CannedReply reply) {
    return [reply](const SeenRequest&) { return reply; };
}

TEST(ApiClient, AnAnswerIsJsonAndItsText) {
    const CannedHost host(always({200, R"({"a": 1.0})"}));
    auto client = ApiClient::open(host.address());
    const auto answer = client->get("/x");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->text, R"({"a": 1.0})");
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(host.requests().at(0).line, "GET /x HTTP/1.1");
}

TEST(ApiClient, ABodyIsSentAsJson) {
    const CannedHost host(always({201, "{}"}));
    auto client = ApiClient::open(host.address());
    const auto answer = client->post("/y", R"({"b":2})");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 201);
    const auto request = host.requests().at(0);
    EXPECT_EQ(request.line, "POST /y HTTP/1.1");
    EXPECT_EQ(request.body, R"({"b":2})");
    EXPECT_NE(request.head.find("Content-Type: application/json"), std::string::npos);
    EXPECT_EQ(request.head.find("Expect"), std::string::npos);
}

TEST(ApiClient, ARefusalIsAnErrorInTheHostsWords) {
    const CannedHost host(always({409, R"({"code":"name_taken","detail":"It is taken."})"}));
    const auto answer = ApiClient::open(host.address())->get("/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "name_taken");
    EXPECT_EQ(answer.error().message, "It is taken.");
}

TEST(ApiClient, AnAnswerThatIsNoJsonIsNoHosts) {
    const CannedHost host(always({200, "<html>"}));
    EXPECT_EQ(ApiClient::open(host.address())->get("/").error().code, "not_a_jobhost");
}

TEST(ApiClient, AnAnswerMayHoldADocumentOfFullDepth) {
    const std::string deep =
        std::string(base::kJsonDepth, '[') + std::string(base::kJsonDepth, ']');
    const CannedHost host(always({200, "{\"items\":[{\"result\":" + deep + "}]}"}));
    EXPECT_TRUE(ApiClient::open(host.address())->get("/"));
}

TEST(ApiClient, BytesAreTakenAsTheyAre) {
    const CannedHost host(always({200, std::string("\0\xff", 2)}));
    EXPECT_EQ(*ApiClient::open(host.address())->get_bytes("/"), std::string("\0\xff", 2));
}

TEST(ApiClient, AnotherPlaceIsNotFollowed) {
    const CannedHost host(always({302, "{}"}));
    EXPECT_EQ(ApiClient::open(host.address())->get("/").error().code, "not_a_jobhost");
}

TEST(ApiClient, AHostThatIsNotThereCannotBeReached) {
    std::string address;
    {
        const CannedHost host(always({}));
        address = host.address();
    }
    const auto answer = ApiClient::open(address)->get("/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "unreachable");
    EXPECT_EQ(exit_code_of(answer.error()), ExitCode::Unreachable);
    EXPECT_NE(answer.error().message.find(address), std::string::npos);
    EXPECT_NE(answer.error().message.find("jobhost serve"), std::string::npos);
}

TEST(ApiClient, OneClientAsksManyTimes) {
    const CannedHost host(always({}));
    auto client = ApiClient::open(host.address());
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(client->get("/"));
    }
    EXPECT_EQ(host.requests().size(), 5U);
}

TEST(ApiClient, ARequestCanBeInterrupted) {
    const int event = ::eventfd(0, EFD_CLOEXEC);
    const CannedHost host([&](const SeenRequest&) -> std::optional<CannedReply> {
        ::eventfd_write(event, 1);
        return std::nullopt;
    });
    auto client = ApiClient::open(host.address());
    client->interrupt_by(event);
    const auto answer = client->get("/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(exit_code_of(answer.error()), ExitCode::Interrupted);
    ::close(event);
}

TEST(ApiClient, AddressesAreReadInSeveralForms) {
    EXPECT_EQ(ApiClient::open("http://127.0.0.1:1/")->address(), "http://127.0.0.1:1");
    EXPECT_EQ(ApiClient::open("127.0.0.1:1")->address(), "http://127.0.0.1:1");
    EXPECT_EQ(ApiClient::open("https://[::1]:1")->address(), "https://[::1]:1");
}

TEST(ApiClient, WhatIsNoAddressIsWrongUse) {
    for (const auto* text : {"", "http://", "ftp://h:1", "file:///etc/passwd", "http://u:p@h:1",
                             "http://h:1/path", "http://h:1?x", "h 1"}) {
        const auto client = ApiClient::open(text);
        ASSERT_FALSE(client) << text;
        EXPECT_EQ(exit_code_of(client.error()), ExitCode::WrongUse) << text;
    }
}

TEST(ApiClient, PartsOfAPathAreEscaped) {
    EXPECT_EQ(escaped("a-b.c_d~1"), "a-b.c_d~1");
    EXPECT_EQ(escaped_path("mail/send?"), "mail/send%3F");
    EXPECT_EQ(escaped("a/b?c d%\xC3\xA4"), "a%2Fb%3Fc%20d%25%C3%A4");
}

}  // namespace
}  // namespace jobhost::cli
