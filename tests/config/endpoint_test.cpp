#include "config/endpoint.hpp"

#include <gtest/gtest.h>

namespace jobhost::config {
namespace {

http::Endpoint endpoint(std::string_view text) {
    auto result = parse_endpoint(text);
    EXPECT_TRUE(result) << text;
    return *result;
}

TEST(Endpoint, AddressesAreReadAndWrittenBack) {
    for (const std::string text : {"127.0.0.1:7460", "[::1]:0", "localhost:65535", "0.0.0.0:1"}) {
        EXPECT_EQ(to_text(endpoint(text)), text);
    }
}

TEST(Endpoint, WhatIsNoAddressIsRefused) {
    for (const auto* text :
         {"", "7460", ":7460", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:80x", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "[]:80",
          "host.example.org:80", "unix:/run/x.sock", " 127.0.0.1:80", "127.0.0.1 :80"}) {
        EXPECT_FALSE(parse_endpoint(text)) << text;
    }
}

TEST(Endpoint, TheReasonSaysWhatToWrite) {
    EXPECT_EQ(parse_endpoint("::1:80").error().message,
              "an IPv6 address needs brackets: [::1]:7460");
    EXPECT_EQ(parse_endpoint("unix:/x").error().message,
              "this version listens on TCP addresses only");
}

TEST(Endpoint, HostNamesAreWhatAClientMaySend) {
    for (const auto* text : {"jobs.example.com", "jobs.example.com:8443", "a", "10.0.0.1",
                             "10.0.0.1:80", "[::1]", "[::1]:80"}) {
        EXPECT_TRUE(is_host_name(text)) << text;
    }
    for (const auto* text : {"", "https://jobs.example.com", "jobs.example.com/", "a:", "a:99999",
                             "a:b", ":80", "[::1", "[a]", "[::1]80", "::1", "two words", "*"}) {
        EXPECT_FALSE(is_host_name(text)) << text;
    }
}

TEST(Endpoint, LoopbackIsWhatOtherMachinesCannotReach) {
    for (const auto* text : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"}) {
        EXPECT_TRUE(is_loopback(endpoint(text))) << text;
    }
    for (const auto* text : {"0.0.0.0:1", "[::]:1", "192.168.0.1:1", "128.0.0.1:1", "[fe80::1]:1",
                             "[::ffff:127.0.0.1]:1"}) {
        EXPECT_FALSE(is_loopback(endpoint(text))) << text;
    }
}

TEST(Endpoint, SameAddressAndPortCollide) {
    EXPECT_TRUE(collide(endpoint("127.0.0.1:1"), endpoint("127.0.0.1:1")));
    EXPECT_TRUE(collide(endpoint("127.0.0.1:1"), endpoint("localhost:1")));
    EXPECT_TRUE(collide(endpoint("[::1]:1"), endpoint("[0:0::1]:1")));
    EXPECT_TRUE(collide(endpoint("0.0.0.0:1"), endpoint("127.0.0.1:1")));
    EXPECT_TRUE(collide(endpoint("127.0.0.1:1"), endpoint("[::]:1")));
    EXPECT_FALSE(collide(endpoint("127.0.0.1:1"), endpoint("127.0.0.1:2")));
    EXPECT_FALSE(collide(endpoint("127.0.0.1:1"), endpoint("127.0.0.2:1")));
    EXPECT_FALSE(collide(endpoint("127.0.0.1:1"), endpoint("[::1]:1")));
}

TEST(Endpoint, FreePortsNeverCollide) {
    EXPECT_FALSE(collide(endpoint("127.0.0.1:0"), endpoint("127.0.0.1:0")));
}

}  // namespace
}  // namespace jobhost::config
