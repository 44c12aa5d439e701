#include "http/head.hpp"

#include <gtest/gtest.h>

namespace jobhost::http {
namespace {

Head parsed(std::string_view text) {
    auto head = parse_head(text);
    EXPECT_TRUE(head) << text;
    return head ? *head : Head{};
}

std::string code_of(std::string_view text) {
    const auto end = find_head_end(text, 0);
    if (!end) {
        return end.error().code;
    }
    EXPECT_EQ(*end, text.size()) << text;
    const auto head = parse_head(text);
    return head ? "" : head.error().code;
}

TEST(Head, TakesAnOrdinaryRequestApart) {
    const auto head = parsed("GET /api/v1/jobs?limit=5&x HTTP/1.1\r\nHost:  a:1 \r\nX-Y:\r\n\r\n");
    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.path, "/api/v1/jobs");
    EXPECT_EQ(head.segments, (std::vector<std::string>{"api", "v1", "jobs"}));
    EXPECT_EQ(head.query, "limit=5&x");
    EXPECT_EQ(head.minor_version, 1);
    ASSERT_NE(head.field("host"), nullptr);
    EXPECT_EQ(*head.field("host"), "a:1");
    EXPECT_EQ(*head.field("x-y"), "");
    EXPECT_EQ(head.field("absent"), nullptr);
}

TEST(Head, FieldNamesAreComparedInLowerCase) {
    const auto head = parsed("GET / HTTP/1.0\r\nCONTENT-length: 1\r\ncontent-LENGTH: 1\r\n\r\n");
    EXPECT_EQ(head.count("content-length"), 2U);
    EXPECT_EQ(head.minor_version, 0);
}

TEST(Head, SegmentsAreDecodedOneByOne) {
    EXPECT_EQ(parsed("GET /a%20b/c%2Bd HTTP/1.1\r\n\r\n").segments,
              (std::vector<std::string>{"a b", "c+d"}));
    EXPECT_EQ(parsed("GET / HTTP/1.1\r\n\r\n").segments, std::vector<std::string>{""});
    EXPECT_EQ(parsed("GET /a/ HTTP/1.1\r\n\r\n").segments, (std::vector<std::string>{"a", ""}));
}

TEST(Head, WhatTwoReadersCouldReadDifferentlyIsRefused) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases = {
        {"GET /  HTTP/1.1\r\n\r\n", "bad_target"},
        {" GET / HTTP/1.1\r\n\r\n", "malformed_request"},
        {"GET /\r\n\r\n", "malformed_request"},
        {"GET HTTP/1.1\r\n\r\n", "malformed_request"},
        {"G(T / HTTP/1.1\r\n\r\n", "malformed_request"},
        {"GET\t/ HTTP/1.1\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1 \r\n\r\n", "malformed_request"},
        {"GET / http/1.1\r\n\r\n", "malformed_request"},
        {"GET / HTTP/2.0\r\n\r\n", "http_version"},
        {"GET / HTTP/1.2\r\n\r\n", "http_version"},
        {"GET / HTTP/0.9\r\n\r\n", "http_version"},
        {"GET / HTTP/11\r\n\r\n", "malformed_request"},
        {"GET http://a/ HTTP/1.1\r\n\r\n", "bad_target"},
        {"OPTIONS * HTTP/1.1\r\n\r\n", "bad_target"},
        {"CONNECT a:1 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a#b HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /\xC3\xA9 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a\x01 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /../a HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a/.. HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a/./b HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /%2e%2E/a HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%2Fb HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%5cb HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a\\b HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%00 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%0d%0a HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%ff HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%4 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%zz HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET /a%+1 HTTP/1.1\r\n\r\n", "bad_target"},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\n: a\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nHost\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nHo\xC3st: a\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", "malformed_request"},
        {"GET / HTTP/1.1\r\nA: b\x7F\r\n\r\n", "malformed_request"},
        {"\r\nGET / HTTP/1.1\r\n\r\n", "malformed_request"},
    };
    for (const auto& [text, code] : cases) {
        EXPECT_EQ(code_of(text), code) << text;
    }
}

TEST(Head, BareLineEndsAndNulAreRefusedAsSoonAsTheyCome) {
    for (const std::string_view text : {std::string_view("GET / HTTP/1.1\nHost: a\n\n"),
                                        std::string_view("GET / HTTP/1.1\r\nA: b\rc"),
                                        std::string_view("GET / HTTP/1.1\r\nA: \0", 20),
                                        std::string_view("\n"), std::string_view("\0", 1)}) {
        const auto end = find_head_end(text, 0);
        ASSERT_FALSE(end) << text;
        EXPECT_EQ(end.error().code, "malformed_request");
    }
}

TEST(Head, AHeadMayComeByteByByte) {
    const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        const auto end = find_head_end(std::string_view(text).substr(0, size), size - 1);
        ASSERT_TRUE(end) << size;
        EXPECT_EQ(*end, size >= text.size() - 4 ? text.size() - 4 : 0) << size;
        if (*end > 0) {
            return;
        }
    }
}

TEST(Head, TooLongTargetsAndHeadsAreTold) {
    const std::string longest = "/" + std::string(kMaxTarget - 1, 'a');
    EXPECT_EQ(code_of("GET " + longest + " HTTP/1.1\r\n\r\n"), "");
    EXPECT_EQ(code_of("GET " + longest + "a HTTP/1.1\r\n\r\n"), "uri_too_long");
    EXPECT_EQ(code_of("GET /" + std::string(kMaxHead, 'a')), "uri_too_long");

    const std::string start = "GET / HTTP/1.1\r\nA: ";
    const std::string fits(kMaxHead - start.size() - 4, 'a');
    EXPECT_EQ(code_of(start + fits + "\r\n\r\n"), "");
    EXPECT_EQ(code_of(start + fits + "a\r\n\r\n"), "head_too_large");

    std::string many = "GET / HTTP/1.1\r\n";
    for (std::size_t i = 0; i < kMaxFields; ++i) {
        many += "A: b\r\n";
    }
    EXPECT_EQ(code_of(many + "\r\n"), "");
    EXPECT_EQ(code_of(many + "A: b\r\n\r\n"), "head_too_large");
}

}  // namespace
}  // namespace jobhost::http
