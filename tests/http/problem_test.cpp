#include "http/problem.hpp"

#include <set>

#include <gtest/gtest.h>

namespace jobhost::http {
namespace {

using base::Error;
using base::ErrorKind;

base::JsonObject document(const Error& error, base::JsonObject members = {}) {
    const auto response = problem(error, "r1", std::move(members));
    EXPECT_EQ(response.type, "application/problem+json");
    const auto body = base::parse_json(response.body);
    EXPECT_TRUE(body);
    EXPECT_EQ(body->value.at("status").as_int64(), response.status);
    return body->value.as_object();
}

TEST(Problem, SaysWhatWhereAndWhichRequest) {
    const auto body =
        document({ErrorKind::Conflict, "name_taken", "The name a is taken."}, {{"holder", "x"}});
    EXPECT_EQ(body.at("type"), "/problems/name_taken");
    EXPECT_EQ(body.at("code"), "name_taken");
    EXPECT_EQ(body.at("status"), 409);
    EXPECT_EQ(body.at("title"), "The name is taken");
    EXPECT_EQ(body.at("detail"), "The name a is taken.");
    EXPECT_EQ(body.at("request_id"), "r1");
    EXPECT_EQ(body.at("holder"), "x");
    EXPECT_FALSE(body.contains("errors"));
}

TEST(Problem, HasOneEntryForEachField) {
    const auto body = document({ErrorKind::Invalid,
                                "invalid_args",
                                "no",
                                {{"args.command", "required", "a"}, {"name", "too_long", "b"}}});
    const auto& errors = body.at("errors").as_array();
    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[0].at("pointer"), "/args/command");
    EXPECT_EQ(errors[0].at("code"), "required");
    EXPECT_EQ(errors[0].at("message"), "a");
    EXPECT_EQ(errors[1].at("pointer"), "/name");
}

TEST(Problem, PointersAreEscapedAndLeadIntoLists) {
    EXPECT_EQ(json_pointer("type"), "/type");
    EXPECT_EQ(json_pointer("args.a"), "/args/a");
    EXPECT_EQ(json_pointer("args.list[12]"), "/args/list/12");
    EXPECT_EQ(json_pointer("labels.a.b/c~d"), "/labels/a.b~1c~0d");
    EXPECT_EQ(json_pointer("some.thing"), "/some.thing");
    EXPECT_EQ(json_pointer("calendars[3]"), "/calendars/3");
    EXPECT_EQ(json_pointer(""), "");
}

TEST(Problem, OurOwnTroubleIsNotTold) {
    for (const auto kind : {ErrorKind::Internal, ErrorKind::Unavailable, ErrorKind::Timeout}) {
        const auto body = document({kind, "secret_code", "SELECT * FROM /var/lib/jobhost"});
        EXPECT_EQ(body.at("detail"), body.at("title"));
        EXPECT_NE(body.at("code"), "secret_code");
    }
    EXPECT_EQ(document({ErrorKind::Unavailable, "disk_full", "/a"}).at("code"), "disk_full");
}

TEST(Problem, WhatMayWorkLaterSaysWhen) {
    const auto fields = problem({ErrorKind::Unavailable, "store_busy", ""}, "r1").fields;
    ASSERT_EQ(fields.size(), 1U);
    EXPECT_EQ(fields[0].name, "Retry-After");
}

TEST(Problem, EveryKindOfErrorHasAStatus) {
    const std::vector<std::pair<ErrorKind, int>> kinds = {
        {ErrorKind::Invalid, 422},     {ErrorKind::NotFound, 404},  {ErrorKind::Conflict, 409},
        {ErrorKind::Stale, 412},       {ErrorKind::Forbidden, 403}, {ErrorKind::Limit, 413},
        {ErrorKind::Unavailable, 503}, {ErrorKind::Timeout, 504},   {ErrorKind::Internal, 500}};
    for (const auto& [kind, status] : kinds) {
        EXPECT_EQ(problem_code_of({kind, "never heard of", ""}).status, status);
    }
}

TEST(Problem, NoCodeIsListedTwice) {
    std::set<std::string_view> seen;
    for (const auto& code : problem_codes()) {
        EXPECT_TRUE(seen.insert(code.code).second) << code.code;
        EXPECT_GE(code.status, 400);
        EXPECT_LT(code.status, 600);
    }
}

}  // namespace
}  // namespace jobhost::http
