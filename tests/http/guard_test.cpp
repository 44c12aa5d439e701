#include "http/guard.hpp"

#include <gtest/gtest.h>

namespace jobhost::http {
namespace {

const Endpoint kHere{"127.0.0.1", 7460};

/// The code of the refusal, or the length of the body as text.
std::string admit(const std::string& lines,
                  const std::string& method = "GET",
                  const Endpoint& local = kHere) {
    const Guard guard({"jobs.example.com", "pinned.example.com:8443"}, 1000);
    const auto head = parse_head(method + " /x HTTP/1.1\r\n" + lines + "\r\n");
    if (!head) {
        return head.error().code;
    }
    const auto length = guard.admit(*head, local);
    return length ? std::to_string(*length) : length.error().code;
}

std::string with_host(const std::string& lines, const std::string& method = "GET") {
    return admit("Host: 127.0.0.1:7460\r\n" + lines, method);
}

TEST(Guard, TheEndOfABodyMustBeBeyondDoubt) {
    EXPECT_EQ(with_host("", "POST"), "0");
    EXPECT_EQ(with_host("Content-Length: 5\r\n", "POST"), "5");
    EXPECT_EQ(with_host("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "POST"),
              "ambiguous_length");
    EXPECT_EQ(with_host("Transfer-Encoding: chunked\r\n", "POST"), "length_required");
    EXPECT_EQ(with_host("Transfer-Encoding: identity\r\n", "POST"), "length_required");
    EXPECT_EQ(with_host("Content-Length: 5\r\nContent-Length: 5\r\n", "POST"),
              "bad_content_length");
    for (const std::string bad : {"", "-1", "+1", "1a", "0x1", "1,1", "1 1", "1.0"}) {
        EXPECT_EQ(with_host("Content-Length: " + bad + "\r\n", "POST"), "bad_content_length")
            << bad;
    }
}

TEST(Guard, ABodyMustBeAllowedAndNotTooLarge) {
    for (const std::string method : {"GET", "HEAD", "DELETE", "OPTIONS"}) {
        EXPECT_EQ(with_host("Content-Length: 1\r\n", method), "body_not_allowed") << method;
        EXPECT_EQ(with_host("Content-Length: 0\r\n", method), "0") << method;
    }
    EXPECT_EQ(with_host("Content-Length: 1000\r\n", "POST"), "1000");
    EXPECT_EQ(with_host("Content-Length: 1001\r\n", "POST"), "body_too_large");
    EXPECT_EQ(with_host("Content-Length: 99999999999999999999999\r\n", "POST"), "body_too_large");
}

TEST(Guard, ThereMustBeOneGoodHost) {
    EXPECT_EQ(admit(""), "bad_host");
    EXPECT_EQ(admit("Host: 127.0.0.1:7460\r\nHost: 127.0.0.1:7460\r\n"), "bad_host");
    for (const std::string bad :
         {"", "a b", "a:", "a:b", "a:123456", "a/b", "user@localhost", "[::1", "[::1]x", "[g]",
          "a\xC3\xA9", ":7460", "localhost:7460:1"}) {
        EXPECT_EQ(admit("Host: " + bad + "\r\n"), "bad_host") << bad;
    }
}

TEST(Guard, OnlyItsOwnNamesAreAnswered) {
    for (const std::string good :
         {"127.0.0.1:7460", "127.0.0.1", "localhost:7460", "LocalHost", "jobs.example.com",
          "JOBS.example.com:1", "pinned.example.com:8443"}) {
        EXPECT_EQ(admit("Host: " + good + "\r\n"), "0") << good;
    }
    for (const std::string bad : {"127.0.0.1:7461", "127.0.0.2:7460", "localhost:80",
                                  "evil.example", "localhost.evil.example", "pinned.example.com",
                                  "pinned.example.com:1", "[::1]:7460", "x.jobs.example.com"}) {
        EXPECT_EQ(admit("Host: " + bad + "\r\n"), "host_not_allowed") << bad;
    }
    const Endpoint six{"::1", 7460};
    EXPECT_EQ(admit("Host: [::1]:7460\r\n", "GET", six), "0");
    EXPECT_EQ(admit("Host: [::1]\r\n", "GET", six), "0");
    EXPECT_EQ(admit("Host: [::1]:1\r\n", "GET", six), "host_not_allowed");
}

TEST(Guard, AnOldClientMayLeaveTheHostOutButNotLie) {
    const Guard guard({}, 0);
    EXPECT_TRUE(guard.admit(*parse_head("GET / HTTP/1.0\r\n\r\n"), kHere));
    EXPECT_FALSE(guard.admit(*parse_head("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n"), kHere));
}

TEST(Guard, PagesOfOtherSitesAreKeptOut) {
    for (const std::string method : {"GET", "POST"}) {
        for (const std::string bad :
             {"null", "http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1", "file://",
              "ftp://127.0.0.1:7460", "127.0.0.1:7460", "http://127.0.0.1:7460/", ""}) {
            EXPECT_EQ(with_host("Origin: " + bad + "\r\n", method), "origin_not_allowed") << bad;
        }
        EXPECT_EQ(with_host("Origin: http://127.0.0.1:7460\r\n", method), "0");
        EXPECT_EQ(with_host("Origin: https://127.0.0.1:7460\r\n", method), "0");
    }
    EXPECT_EQ(with_host("Origin: http://127.0.0.1:7460\r\nOrigin: http://127.0.0.1:7460\r\n"),
              "origin_not_allowed");
}

TEST(Guard, ABrowserThatSaysWhereAChangeComesFromIsBelieved) {
    EXPECT_EQ(with_host("Sec-Fetch-Site: cross-site\r\n", "POST"), "origin_not_allowed");
    EXPECT_EQ(with_host("Sec-Fetch-Site: same-site\r\n", "DELETE"), "origin_not_allowed");
    EXPECT_EQ(with_host("Sec-Fetch-Site: same-origin\r\n", "POST"), "0");
    EXPECT_EQ(with_host("Sec-Fetch-Site: none\r\n", "POST"), "0");
    EXPECT_EQ(with_host("Sec-Fetch-Site: cross-site\r\n", "GET"), "0");
}

TEST(Guard, OnlyKnownMethodsAndExpectationsPass) {
    for (const std::string method : {"get", "TRACE", "BREW", "CONNECT", "PROPFIND"}) {
        EXPECT_EQ(with_host("", method), "unknown_method") << method;
    }
    EXPECT_EQ(with_host("Expect: 100-Continue\r\n", "POST"), "0");
    EXPECT_EQ(with_host("Expect: 200-ok\r\n", "POST"), "expectation_failed");
    EXPECT_EQ(with_host("Expect: 100-continue\r\nExpect: 100-continue\r\n", "POST"),
              "expectation_failed");
}

std::string content(const std::string& lines, const std::string& method = "POST") {
    const auto checked = check_content(*parse_head(method + " /x HTTP/1.1\r\n" + lines + "\r\n"));
    return checked ? "" : checked.error().code;
}

TEST(Guard, AChangeMustSayThatItIsJson) {
    for (const std::string good :
         {"application/json", "Application/JSON", "application/json; charset=utf-8",
          "application/json;charset=UTF-8"}) {
        EXPECT_EQ(content("Content-Type: " + good + "\r\n"), "") << good;
    }
    for (const std::string bad :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "",
          "application/jsonx", "application/json; charset=latin1",
          "text/plain, application/json"}) {
        EXPECT_EQ(content("Content-Type: " + bad + "\r\n"), "unsupported_media_type") << bad;
    }
    EXPECT_EQ(content(""), "unsupported_media_type");
    EXPECT_EQ(content("Content-Type: application/json\r\nContent-Type: application/json\r\n"),
              "unsupported_media_type");
    EXPECT_EQ(content("Content-Type: application/json\r\nContent-Encoding: gzip\r\n"),
              "unsupported_media_type");
    EXPECT_EQ(content("", "GET"), "");
}

}  // namespace
}  // namespace jobhost::http
