#include <gtest/gtest.h>

#include "http/test_server.hpp"

namespace jobhost::http::testing {
namespace {

core::TypeInfo shell() {
    core::TypeInfo type;
    type.id = "shell.run";
    core::Parameter command;
    command.name = "command";
    command.type = core::ParameterType::String;
    command.required = true;
    core::Parameter count;
    count.name = "count";
    count.type = core::ParameterType::Integer;
    type.parameters = {command, count};
    return type;
}

class JobsApi : public ::testing::Test {
protected:
    JobsApi() { server.nodes.known = {shell()}; }
    TestServer server;
};

TEST_F(JobsApi, ACreatedJobIsAnsweredWithItsPlace) {
    const auto answer = server.post(
        "/api/v1/jobs",
        R"({"type":"shell.run","args":{ "command" : "a\u00e9", "count":1 },"name":"n","group":"g",
            "priority":"high","description":"d","begin_time":"2030-01-01T00:00:00Z","timeout":1.5,
            "max_try_count":3,"labels":{"site":"fra1"}})");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto job = json_of(answer);
    EXPECT_EQ(answer.field("location"), "/api/v1/jobs/" + std::string(job.at("id").as_string()));
    EXPECT_EQ(answer.field("etag"), "\"1\"");
    EXPECT_EQ(job.at("type"), "shell.run");
    EXPECT_EQ(job.at("kind"), "once");
    EXPECT_EQ(job.at("status"), "queuing");
    EXPECT_EQ(job.at("name"), "n");
    EXPECT_EQ(job.at("group"), "g");
    EXPECT_EQ(job.at("priority"), "high");
    EXPECT_EQ(job.at("begin_time"), "2030-01-01T00:00:00.000Z");
    EXPECT_EQ(job.at("timeout"), 1.5);
    EXPECT_EQ(job.at("max_try_count"), 3);
    EXPECT_EQ(job.at("labels").at("site"), "fra1");
    EXPECT_EQ(job.at("source"), "user");
    EXPECT_EQ(job.at("enabled"), true);
    EXPECT_TRUE(job.at("parent_id").is_null());
    EXPECT_TRUE(job.at("result").is_null());
    EXPECT_NE(answer.body.find(R"("args":{ "command" : "a\u00e9", "count":1 })"), std::string::npos)
        << "arguments must come back letter by letter";
    EXPECT_EQ(server.get(answer.field("location")).body, answer.body);
}

TEST_F(JobsApi, WhatIsNotAJobIsRefusedAndNothingIsStored) {
    struct Case {
        std::string body;
        int status;
        std::string code;
    };
    const std::vector<Case> cases = {
        {"", 400, "json_syntax"},
        {"{", 400, "json_syntax"},
        {"{\"type\":\"shell.run\"}x", 400, "json_syntax"},
        {"{\"type\":\"a\",\"type\":\"b\"}", 400, "json_duplicate_key"},
        {"{\"type\":\"\xff\"}", 400, "json_encoding"},
        {std::string(40, '[') + std::string(40, ']'), 400, "json_depth"},
        {"[]", 422, "invalid_job"},
        {"{}", 422, "invalid_job"},
        {R"({"type":"shell.run","colour":"red"})", 422, "invalid_job"},
        {R"({"type":"shell.run","timeout":"30s"})", 422, "invalid_job"},
        {R"({"type":"shell.run","kind":"period"})", 422, "invalid_job"},
        {R"({"type":"shell.run","enabled":"no"})", 422, "invalid_job"},
        {R"({"type":"shell.run","source":"system"})", 422, "invalid_job"},
        {R"({"type":"shell.run","parent_id":"x"})", 422, "invalid_job"},
        {R"({"type":"shell.rum"})", 422, "unknown_type"},
        {R"({"type":"shell.run"})", 422, "invalid_args"},
        {R"({"type":"shell.run","args":{"command":1,"count":"x","z":1}})", 422, "invalid_args"},
    };
    for (const auto& [body, status, code] : cases) {
        const auto answer = server.post("/api/v1/jobs", body);
        EXPECT_EQ(answer.status, status) << body;
        EXPECT_EQ(code_of(answer), code) << answer.body;
    }
    EXPECT_EQ(server.jobs.stored(), 0U);
}

TEST_F(JobsApi, EveryWrongFieldIsNamed) {
    const auto answer = server.post(
        "/api/v1/jobs", R"({"type":"shell.run","args":{"command":1,"count":"x","z":1}})");
    std::vector<std::string> pointers;
    const auto body = json_of(answer);
    for (const auto& error : body.at("errors").as_array()) {
        pointers.emplace_back(error.at("pointer").as_string());
    }
    EXPECT_EQ(pointers, (std::vector<std::string>{"/args/command", "/args/count", "/args/z"}));
}

TEST_F(JobsApi, AnUnknownTypeIsToldTheNearestUnlessItIsAllowed) {
    const auto refused = server.post("/api/v1/jobs", R"({"type":"shell.rum"})");
    EXPECT_NE(refused.body.find("did you mean \\\"shell.run\\\""), std::string::npos)
        << refused.body;
    EXPECT_EQ(json_of(refused).at("errors").at(0).at("pointer"), "/type");
    EXPECT_EQ(server.post("/api/v1/jobs?allow_unknown_type=true", R"({"type":"shell.rum"})").status,
              201);
    EXPECT_EQ(
        server.post("/api/v1/jobs?allow_unknown_type=maybe", R"({"type":"shell.rum"})").status,
        400);
}

TEST_F(JobsApi, ATakenNameIsAConflictThatNamesItsHolder) {
    const auto holder = server.add_job(R"({"type":"test.run","name":"n"})");
    const auto answer =
        server.post("/api/v1/jobs?allow_unknown_type=true", R"({"type":"test.run","name":"n"})");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code_of(answer), "name_taken");
    EXPECT_EQ("/api/v1/jobs/" + std::string(json_of(answer).at("holder").as_string()), holder);
    EXPECT_EQ(server.jobs.stored(), 1U);
}

TEST_F(JobsApi, AUniqueKeyThatIsThereAnswersWithItsJob) {
    const std::string body =
        R"({"type":"shell.run","args":{"command":"a"},"unique_key":"k","creator":"ann",
            "node_name":"n1","end_time":"2040-01-01T00:00:00Z"})";
    const auto first = server.post("/api/v1/jobs", body);
    ASSERT_EQ(first.status, 201) << first.body;
    const auto job = json_of(first);
    EXPECT_EQ(job.at("unique_key"), "k");
    EXPECT_EQ(job.at("creator"), "ann");
    EXPECT_EQ(job.at("node_name"), "n1");
    EXPECT_EQ(job.at("labels"), base::Json(base::JsonObject{}));
    EXPECT_EQ(job.at("end_time"), "2040-01-01T00:00:00.000Z");

    const auto again = server.post("/api/v1/jobs", body);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.field("location"), "");
    EXPECT_EQ(server.jobs.stored(), 1U);
}

TEST_F(JobsApi, AStoreInTroubleIsToldWithoutItsInside) {
    server.jobs.fail_with(base::Error{base::ErrorKind::Unavailable, "disk_full", "beside /var/db"});
    const auto answer =
        server.post("/api/v1/jobs?allow_unknown_type=true", R"({"type":"test.run"})");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(code_of(answer), "disk_full");
    EXPECT_EQ(answer.field("retry-after"), "1");
    EXPECT_EQ(answer.body.find("/var/db"), std::string::npos);

    server.jobs.fail_with(base::Error{base::ErrorKind::Internal, "odd", "SELECT"});
    const auto worse = server.get("/api/v1/status");
    EXPECT_EQ(worse.status, 500);
    EXPECT_EQ(code_of(worse), "internal_error");
    EXPECT_EQ(worse.body.find("SELECT"), std::string::npos);
}

TEST_F(JobsApi, AListIsPagedByCursorNewestFirst) {
    std::vector<std::string> paths;
    for (int i = 0; i < 5; ++i) {
        paths.push_back(server.add_job());
    }
    std::vector<std::string> seen;
    std::string cursor;
    do {
        const auto page = json_of(server.get("/api/v1/jobs?limit=2" + cursor));
        for (const auto& job : page.at("items").as_array()) {
            seen.push_back("/api/v1/jobs/" + std::string(job.at("id").as_string()));
            EXPECT_FALSE(job.as_object().contains("args"));
        }
        const auto& next = page.at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string());
    } while (!cursor.empty());
    EXPECT_EQ(seen, (std::vector<std::string>(paths.rbegin(), paths.rend())));
}

TEST_F(JobsApi, AListIsFilteredAndCountedWhenAsked) {
    server.add_job(R"({"type":"a.b","group":"g","name":"n"})");
    server.add_job(R"({"type":"a.b"})");
    server.add_job(R"({"type":"c.d"})");
    server.jobs.change([](store::Job& job) { job.status = core::Status::Completed; });
    const auto total = [&](const std::string& query) {
        const auto page = json_of(server.get("/api/v1/jobs?count&" + query));
        EXPECT_EQ(page.at("total"), page.at("items").as_array().size()) << query;
        return page.at("total").as_int64();
    };
    EXPECT_EQ(total("limit=50"), 3);
    EXPECT_EQ(total("type=a.b"), 2);
    EXPECT_EQ(total("group=g"), 1);
    EXPECT_EQ(total("name=n&group=g"), 1);
    EXPECT_EQ(total("status=completed"), 1);
    EXPECT_EQ(total("status=running"), 0);
    EXPECT_EQ(total("parent_id=018f0000-0000-7000-8000-000000000000"), 0);
    EXPECT_TRUE(json_of(server.get("/api/v1/jobs")).at("total").is_null());
}

TEST_F(JobsApi, AListSaysWhenCountingStopped) {
    server.add_job(R"({"type":"a.b"})");
    EXPECT_EQ(json_of(server.get("/api/v1/jobs?count")).at("is_total_capped"), false);
    server.jobs.state.with([](auto& now) { now.counts_are_capped = true; });

    const auto page = json_of(server.get("/api/v1/jobs?count"));

    EXPECT_EQ(page.at("total"), 1);
    EXPECT_EQ(page.at("is_total_capped"), true);
    EXPECT_EQ(json_of(server.get("/api/v1/jobs")).at("is_total_capped"), false);
}

TEST_F(JobsApi, AWrongParameterIsNamed) {
    for (const std::string query :
         {"limit=0", "limit=1001", "limit=x", "status=done", "status=none", "cursor=%21",
          "count=maybe", "parent_id=x", "limit=1&limit=2"}) {
        const auto answer = server.get("/api/v1/jobs?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_EQ(code_of(answer), "bad_query") << query;
        const auto name = query.substr(0, query.find('='));
        EXPECT_NE(answer.body.find("\\\"" + name + "\\\""), std::string::npos) << answer.body;
    }
    EXPECT_EQ(code_of(server.get("/api/v1/jobs?stauts=running")), "unknown_parameter");
    EXPECT_EQ(code_of(server.get("/api/v1/status?x=1")), "unknown_parameter");
}

TEST_F(JobsApi, AJobThatDoesNotExistIsNotFound) {
    for (const std::string id : {"018f0000-0000-7000-8000-000000000000", "nonsense"}) {
        const auto path = "/api/v1/jobs/" + id;
        EXPECT_EQ(code_of(server.get(path)), "unknown_job");
        EXPECT_EQ(server.get(path + "?wait=1").status, 404);
        EXPECT_EQ(server.get(path + "/attempts").status, 404);
        EXPECT_EQ(server.get(path + "/output").status, 404);
        EXPECT_EQ(server.post(path + "/cancel", "").status, 404);
    }
}

TEST_F(JobsApi, AJobShowsHowItStands) {
    const auto path = server.add_job();
    server.jobs.change([](store::Job& job) {
        job.status = core::Status::Running;
        job.attempts = 2;
        job.tries = 1;
        job.version = 7;
        job.started_at = support::ManualClock::kStart;
        job.progress = 4213;
        job.progress_note = "half way";
        job.last_error = "it broke";
    });
    const auto running = server.get(path);
    const auto job = json_of(running);
    EXPECT_EQ(running.field("etag"), "\"7\"");
    EXPECT_EQ(job.at("status"), "running");
    EXPECT_EQ(job.at("started_at"), "2026-03-01T12:00:00.000Z");
    EXPECT_EQ(job.at("progress").at("percent"), 42.13);
    EXPECT_EQ(job.at("progress").at("note"), "half way");
    EXPECT_EQ(job.at("last_error"), "it broke");
    EXPECT_EQ(job.at("attempts"), 2);
    EXPECT_EQ(job.at("tries"), 1);

    server.jobs.change([](store::Job& one) {
        one.status = core::Status::Stopped;
        one.abandoned = true;
        one.reason = "max_tries";
        one.progress.reset();
        one.progress_note.clear();
        one.ended_at = support::ManualClock::kStart;
        one.result_json = R"({ "n": 12345678901234567890 })";
    });
    const auto ended = server.get(path);
    EXPECT_TRUE(json_of(ended).at("progress").is_null());
    EXPECT_EQ(json_of(ended).at("reason"), "max_tries");
    EXPECT_EQ(json_of(ended).at("is_abandoned"), true);
    EXPECT_NE(ended.body.find(R"("result":{ "n": 12345678901234567890 })"), std::string::npos);
}

TEST_F(JobsApi, WhatAJobSaysAboutItsRetriesComesBack) {
    const std::string begin = R"({"type":"shell.run","args":{"command":"x"},"retry":)";
    const auto answer = server.post("/api/v1/jobs", begin + R"({"base":0.5,"factor":2}})");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto retry = json_of(answer).at("retry");
    EXPECT_EQ(retry.at("base"), 0.5);
    EXPECT_EQ(retry.at("factor"), 2);
    EXPECT_TRUE(retry.at("cap").is_null());
    EXPECT_TRUE(retry.at("jitter").is_null());

    EXPECT_TRUE(json_of(server.post("/api/v1/jobs", begin + "null}")).at("retry").is_null());
    EXPECT_TRUE(json_of(server.post("/api/v1/jobs", begin + "{}}")).at("retry").is_null());
    const auto refused = server.post("/api/v1/jobs", begin + R"({"factor":0}})");
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.body.find("retry.factor"), std::string::npos) << refused.body;
}

TEST_F(JobsApi, TheEffectivePriorityIsShownWhileItDiffers) {
    const auto path = server.add_job();
    const auto shown = [&](core::Status status, int tries) {
        server.jobs.change([&](store::Job& job) {
            job.status = status;
            job.spec.priority = core::Priority::High;
            job.spec.max_tries = 9;
            job.tries = tries;
            job.dropped_attempts = 4;
        });
        const auto job = json_of(server.get(path));
        EXPECT_EQ(job.at("priority"), "high");
        EXPECT_EQ(job.at("dropped_attempts"), 4);
        return job.at("effective_priority");
    };
    EXPECT_TRUE(shown(core::Status::FailedRetry, 3).is_null());
    EXPECT_EQ(shown(core::Status::FailedRetry, 4), "below_normal");
    EXPECT_EQ(shown(core::Status::Running, 7), "low");
    EXPECT_TRUE(shown(core::Status::Stopped, 9).is_null()) << "it has no turn to come";
}

TEST_F(JobsApi, AttemptsAreListedInOrder) {
    const auto path = server.add_job();
    server.jobs.state.with([](FakeJobs::State& now) {
        store::AttemptRow failed;
        failed.number = 1;
        failed.node = "here";
        failed.outcome = core::AttemptOutcome::Failed;
        failed.started_at = support::ManualClock::kStart;
        failed.ended_at = support::ManualClock::kStart + base::Duration(1500);
        failed.failure = core::Failure{.category = core::ErrorCategory::Network,
                                       .hint = core::RetryHint::Retryable,
                                       .retry_after = base::Duration(2000),
                                       .type = "shell.exit_code",
                                       .code = 7,
                                       .message = "exit code 7",
                                       .details_json = R"({"signal":null})"};
        store::AttemptRow running;
        running.number = 2;
        running.node = "here";
        running.started_at = support::ManualClock::kStart;
        running.repeats = 3;
        running.since = support::ManualClock::kStart - base::Duration(1000);
        now.attempts = {failed, running};
    });
    const auto all = json_of(server.get(path + "/attempts")).at("items").as_array();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].at("outcome"), "failed");
    EXPECT_EQ(all[0].at("duration"), 1.5);
    EXPECT_EQ(all[0].at("error").at("category"), "network");
    EXPECT_EQ(all[0].at("error").at("code"), 7);
    EXPECT_EQ(all[0].at("error").at("retry_after"), 2);
    EXPECT_TRUE(all[0].at("error").at("details").at("signal").is_null());
    EXPECT_EQ(all[0].at("repeats"), 1);
    EXPECT_TRUE(all[0].at("since").is_null());
    EXPECT_EQ(all[1].at("repeats"), 3);
    EXPECT_EQ(all[1].at("since"), "2026-03-01T11:59:59.000Z");
    EXPECT_TRUE(all[1].at("outcome").is_null());
    EXPECT_TRUE(all[1].at("error").is_null());

    const auto first = json_of(server.get(path + "/attempts?limit=1"));
    EXPECT_EQ(first.at("next_after"), 1);
    const auto rest = json_of(server.get(path + "/attempts?after=1"));
    EXPECT_EQ(rest.at("items").as_array().size(), 1U);
    EXPECT_TRUE(rest.at("next_after").is_null());
    EXPECT_EQ(server.get(path + "/attempts?after=-1").status, 400);
    EXPECT_EQ(server.get(path + "/attempts?limit=0").status, 400);
}

TEST_F(JobsApi, OutputComesAsChunksOrAsBytes) {
    const auto path = server.add_job() + "/output";
    EXPECT_EQ(code_of(server.get(path)), "no_attempt");
    server.jobs.state.with([](FakeJobs::State& now) {
        now.output = store::AttemptOutput{3,
                                          true,
                                          {{{core::Stream::Out, "a\xC3"},
                                            {core::Stream::Out, "\xA9\n"},
                                            {core::Stream::Err, "\xFF"}},
                                           42,
                                           {{core::Stream::Out, "end"}}}};
    });
    const auto json = json_of(server.get(path));
    EXPECT_EQ(json.at("attempt"), 3);
    EXPECT_EQ(json.at("is_running"), true);
    EXPECT_EQ(json.at("dropped_bytes"), 42);
    EXPECT_EQ(json.at("head").as_array().size(), 2U);
    EXPECT_EQ(json.at("head").at(0).at("text"), "a\xC3\xA9\n") << "a character was cut in two";
    EXPECT_EQ(json.at("head").at(1).at("stream"), "stderr");
    EXPECT_EQ(json.at("head").at(1).at("text"), "\xEF\xBF\xBD");
    EXPECT_EQ(json.at("tail").at(0).at("text"), "end");

    const std::string raw = "a\xC3\xA9\n\xFF\n[jobhost: 42 bytes were not kept]\nend";
    const auto bytes = server.get(path + "?format=raw&attempt=3");
    EXPECT_EQ(bytes.body, raw);
    EXPECT_EQ(bytes.field("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(bytes.field("jobhost-attempt"), "3");
    EXPECT_EQ(bytes.field("jobhost-dropped-bytes"), "42");
    EXPECT_EQ(server.get(path, "Accept: text/plain\r\n").body, raw);
    EXPECT_EQ(server.get(path + "?format=json", "Accept: text/plain\r\n").body.front(), '{');
    EXPECT_EQ(server.get(path + "?format=raw&stream=stderr").body.front(), '\xFF');

    EXPECT_EQ(code_of(server.get(path + "?attempt=4")), "no_attempt");
    for (const std::string bad : {"attempt=0", "stream=both", "format=xml"}) {
        EXPECT_EQ(code_of(server.get(path + "?" + bad)), "bad_query") << bad;
    }
}

TEST_F(JobsApi, APresetHasASayInWhatIsMadeAndIsNamed) {
    const auto path = server.add_job(R"({"type":"preset.a","name":"n","priority":"high"})");
    auto job = json_of(server.get(path));
    EXPECT_EQ(job.at("priority"), "low");
    EXPECT_EQ(job.at("preset"), "low");
    job = json_of(server.change("PATCH", path, R"({"priority":"high"})", "If-Match: *\r\n"));
    EXPECT_EQ(job.at("priority"), "high") << "who patches knows what they do";
    job = json_of(server.change("PUT", "/api/v1/jobs/by-name/default/n", R"({"type":"preset.a"})",
                                "If-Match: *\r\n"));
    EXPECT_EQ(job.at("priority"), "low");
    EXPECT_TRUE(json_of(server.get(server.add_job())).at("preset").is_null());
}

}  // namespace
}  // namespace jobhost::http::testing
