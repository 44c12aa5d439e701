#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

core::TypeInfo counting_type() {
    core::TypeInfo type;
    type.id = "test.count";
    core::Parameter count;
    count.name = "count";
    count.type = core::ParameterType::Integer;
    type.parameters = {count};
    return type;
}

class ChangesApi : public ::testing::Test {
protected:
    ChangesApi() { server.nodes.known = {counting_type()}; }

    RawAnswer patch(const std::string& path,
                    const std::string& body,
                    const std::string& version = "*") {
        return server.change("PATCH", path, body, "If-Match: " + version + "\r\n");
    }
    RawAnswer put(const std::string& body, const std::string& fields = "") {
        return server.change("PUT", "/api/v1/jobs/by-name/g/n", body, fields);
    }

    TestServer server;
};

TEST_F(ChangesApi, OnlyWhatIsNamedChanges) {
    const auto path = server.add_job(
        R"({"type":"test.count","args":{"count": 1},"name":"n","timeout":5,"labels":{"a":"b"}})");

    const auto answer = patch(path, R"({"priority":"high","enabled":false,"description":"d",
        "max_try_count":3,"begin_time":"2030-01-01T00:00:00Z","args":{"count" : 2}})",
                              "\"1\"");

    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.field("etag"), "\"2\"");
    const auto job = json_of(answer);
    EXPECT_EQ(job.at("priority"), "high");
    EXPECT_EQ(job.at("enabled"), false);
    EXPECT_EQ(job.at("description"), "d");
    EXPECT_EQ(job.at("max_try_count"), 3);
    EXPECT_EQ(job.at("begin_time"), "2030-01-01T00:00:00.000Z");
    EXPECT_NE(answer.body.find(R"({"count" : 2})"), std::string::npos);
    EXPECT_EQ(job.at("timeout"), 5);
    EXPECT_EQ(job.at("labels").at("a"), "b");
    EXPECT_EQ(job.at("name"), "n");

    const auto reset = json_of(patch(path, R"({"timeout":null,"labels":{"c":"d"}})"));
    EXPECT_TRUE(reset.at("timeout").is_null());
    EXPECT_EQ(reset.at("labels").as_object().size(), 1U);
    EXPECT_EQ(reset.at("priority"), "high");
}

TEST_F(ChangesApi, TheVersionMustBeSaidAndBeTheLast) {
    const auto path = server.add_job();
    const auto unsaid = server.change("PATCH", path, "{}");
    EXPECT_EQ(unsaid.status, 428);
    EXPECT_EQ(code_of(unsaid), "version_required");
    EXPECT_EQ(patch(path, "{}", "\"2\"").status, 412);
    EXPECT_EQ(code_of(patch(path, "{}", "2")), "bad_condition");
    EXPECT_EQ(patch(path, "{}", "\"1\"").status, 200);
}

TEST_F(ChangesApi, WhatNeverChangesIsNamedUnlessItIsTheSame) {
    const auto path = server.add_job(R"({"type":"test.run","name":"n"})");
    for (const std::string member : {"name", "group", "type", "source", "kind"}) {
        const auto answer = patch(path, "{\"" + member + R"(":"other"})");
        EXPECT_EQ(answer.status, 422);
        EXPECT_EQ(code_of(answer), "immutable");
        EXPECT_EQ(json_of(answer).at("errors").at(0).at("pointer"), base::Json("/" + member));
        EXPECT_EQ(json_of(answer).at("errors").at(0).at("code"), "immutable");
    }
    EXPECT_EQ(
        patch(path, R"({"name":"n","group":"default","type":"test.run","source":"user"})").status,
        200);
}

TEST_F(ChangesApi, AChangeIsJudgedLikeANewJob) {
    const auto path = server.add_job(R"({"type":"test.count"})");
    EXPECT_EQ(code_of(patch(path, R"({"args":{"count":"x"}})")), "invalid_args");
    EXPECT_EQ(code_of(patch(path, R"({"timeout":-1})")), "invalid_job");
    EXPECT_EQ(code_of(patch(path, R"({"stauts":1})")), "invalid_job");
    EXPECT_EQ(code_of(patch(path, "[]")), "invalid_job");
    EXPECT_EQ(code_of(patch(path, "{")), "json_syntax");
    const auto unknown = server.add_job(R"({"type":"nobody.runs"})");
    EXPECT_EQ(patch(unknown, R"({"priority":"low"})").status, 200) << "its arguments stay";
    EXPECT_EQ(code_of(patch(unknown, R"({"args":{"a":1}})")), "unknown_type");
    EXPECT_EQ(patch(unknown + "?allow_unknown_type", R"({"args":{"a":1}})").status, 200);
}

TEST_F(ChangesApi, AJobIsMadeOrReplacedByItsName) {
    const auto made = put(R"({"type":"test.count","timeout":5,"group":"g"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(json_of(made).at("name"), "n");
    EXPECT_EQ(json_of(made).at("group"), "g");
    EXPECT_FALSE(made.field("location").empty());

    EXPECT_EQ(put(R"({"type":"test.count"})").status, 428);
    EXPECT_EQ(put(R"({"type":"test.count"})", "If-None-Match: *\r\n").status, 412);
    EXPECT_EQ(put(R"({"type":"test.count"})", "If-Match: \"9\"\r\n").status, 412);
    const auto replaced = put(R"({"type":"test.count","priority":"low"})", "If-Match: \"1\"\r\n");

    EXPECT_EQ(replaced.status, 200);
    EXPECT_EQ(json_of(replaced).at("id"), json_of(made).at("id"));
    EXPECT_EQ(json_of(replaced).at("priority"), "low");
    EXPECT_TRUE(json_of(replaced).at("timeout").is_null()) << "what is left out is as in a new job";
    EXPECT_EQ(code_of(put(R"({"type":"test.run"})", "If-Match: *\r\n")), "immutable");
    EXPECT_EQ(server.jobs.stored(), 1U);
}

TEST_F(ChangesApi, AJobOfAnotherNameIsNotMade) {
    EXPECT_EQ(code_of(put(R"({"type":"test.count","name":"m"})")), "immutable");
    EXPECT_EQ(code_of(put(R"({"type":"test.count"})", "If-None-Match: \"1\"\r\n")),
              "bad_condition");
    EXPECT_EQ(put(R"({"type":"test.count"})", "If-Match: *\r\n").status, 412);
    EXPECT_EQ(code_of(put(R"({"type":"test.cuont"})")), "unknown_type");
    EXPECT_EQ(code_of(put("[]")), "invalid_job");
    EXPECT_EQ(code_of(put("{")), "json_syntax");
    EXPECT_EQ(server.jobs.stored(), 0U);
    EXPECT_EQ(put(R"({"type":"test.count"})", "If-None-Match: *\r\n").status, 201);
}

TEST_F(ChangesApi, ACopyIsAnotherJobWithoutTheName) {
    const auto path =
        server.add_job(R"({"type":"test.count","name":"n","priority":"high","args":{"count": 1}})");
    const auto copy = server.post(path + "/copy", "");
    ASSERT_EQ(copy.status, 201) << copy.body;
    EXPECT_TRUE(json_of(copy).at("name").is_null());
    EXPECT_EQ(json_of(copy).at("priority"), "high");
    EXPECT_NE(copy.body.find(R"({"count": 1})"), std::string::npos);
    EXPECT_TRUE(json_of(copy).at("parent_id").is_null());

    const auto other = server.post(path + "/copy", R"({"name":"m","priority":null})");
    EXPECT_EQ(json_of(other).at("name"), "m");
    EXPECT_EQ(json_of(other).at("priority"), "normal");
    EXPECT_EQ(code_of(server.post(path + "/copy", R"({"name":"n"})")), "name_taken");
    EXPECT_EQ(code_of(server.post(path + "/copy", R"({"args":{"count":"x"}})")), "invalid_args");
    EXPECT_EQ(code_of(server.post(path + "/copy", "[]")), "invalid_job");
}

TEST_F(ChangesApi, AUniqueKeyOfAnotherJobIsInTheWayOfOneOfItsOwn) {
    const auto holder =
        server.add_job(R"({"type":"test.count","unique_key":"k","args":{"count": 1}})");
    const std::string body = R"({"type":"test.count","unique_key":"k","args":{"count":1}})";
    for (const auto& answer : {server.post(holder + "/copy", R"({"unique_key":"k"})"),
                               server.change("PUT", "/api/v1/jobs/by-name/g/n", body)}) {
        EXPECT_EQ(answer.status, 409) << answer.body;
        EXPECT_EQ(code_of(answer), "unique_key_taken");
        EXPECT_EQ("/api/v1/jobs/" + std::string(json_of(answer).at("holder").as_string()), holder);
    }
    EXPECT_EQ(server.jobs.stored(), 1U);
}

TEST_F(ChangesApi, AStoreInTroubleIsTold) {
    const auto path = server.add_job();
    server.jobs.fail_with(base::Error{base::ErrorKind::Unavailable, "disk_full", "beside"});
    EXPECT_EQ(patch(path, "{}").status, 503);
    EXPECT_EQ(server.post(path + "/copy", "").status, 503);
}

TEST_F(ChangesApi, AJobThatIsNotThereCannotBeChanged) {
    const std::string path = "/api/v1/jobs/018f0000-0000-7000-8000-000000000000";
    EXPECT_EQ(patch(path, "{}").status, 404);
    EXPECT_EQ(server.post(path + "/copy", "").status, 404);
    EXPECT_EQ(server.post(path + "/pause", "").status, 404);
    EXPECT_EQ(server.post("/api/v1/jobs/nonsense/pause", "").status, 404);
}

}  // namespace
}  // namespace jobhost::http::testing
