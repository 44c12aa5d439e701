#include "cli/job_id.hpp"

#include <gmock/gmock.h>

#include "cli/canned_host.hpp"
#include "cli/terminal.hpp"

namespace jobhost::cli {
namespace {

using testing::CannedHost;
using testing::CannedReply;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run_at;
using testing::SeenRequest;

using Words = std::vector<std::string>;

constexpr auto kId = "01890a5d-ac96-774b-bcce-b302099a8057";

/// Knows `g/n`, whose id is 7, and answers every question about the job 7 alike.
CannedReply reply_of(const SeenRequest& request) {
    if (request.line.starts_with("GET /api/v1/jobs?limit=1&group=g&name=n ")) {
        return {200, R"({"items":[{"id":"7"}],"next_cursor":null})"};
    }
    if (request.line.starts_with("GET /api/v1/jobs?")) {
        return {200, R"({"items":[],"next_cursor":null})"};
    }
    if (request.line.find("/jobs/7") != std::string::npos) {
        return {200, R"({"id":"7","status":"completed","version":1,"items":[]})"};
    }
    return {404, R"({"code":"unknown_job","detail":"There is no job like that."})"};
}

TEST(JobId, EveryVerbAboutJobsTakesGroupAndName) {
    struct Case {
        Words words;
        std::string asks;
    };
    const std::string from = "2026-03-01T00:00:00Z";
    const std::string job = "/api/v1/jobs/7";
    for (const auto& [words, asks] :
         {Case{{"why", "g/n"}, "GET " + job + "/why "},
          Case{{"job", "show", "g/n"}, "GET " + job + " "},
          Case{{"job", "missed", "g/n"}, "GET " + job + "/not_run?"},
          Case{{"job", "backfill", "g/n", "--from", from, "--to", from},
               "POST " + job + "/backfill "},
          Case{{"job", "wait", "g/n"}, "GET " + job + "?wait=0 "},
          Case{{"job", "output", "g/n"}, "GET " + job + "/output?"},
          Case{{"job", "output", "g/n", "--follow"}, "GET " + job + " "},
          Case{{"job", "list", "--parent", "g/n"}, "GET /api/v1/jobs?parent_id=7 "},
          Case{{"job", "pause", "g/n"}, "POST " + job + "/pause "},
          Case{{"job", "trigger", "g/n"}, "POST " + job + "/trigger "},
          Case{{"job", "copy", "g/n"}, "POST " + job + "/copy "},
          Case{{"job", "delete", "g/n"}, "DELETE " + job + " "},
          Case{{"job", "update", "g/n", "--priority", "low"}, "GET " + job + " "}}) {
        const CannedHost host(reply_of);
        const auto said = run_at(host.address(), words);
        EXPECT_EQ(said.code, 0) << words.at(1) << ": " << said.err;
        EXPECT_THAT(host.requests().at(0).line, HasSubstr("?limit=1&group=g&name=n ")) << asks;
        EXPECT_THAT(host.requests().at(1).line, HasSubstr(asks));
    }
}

TEST(JobId, OfSeveralEachIsLookedUpAndToldAsItWasWritten) {
    const CannedHost host(reply_of);
    const auto said = run_at(host.address(), {"job", "pause", "g/n", "7", "g/none"});
    EXPECT_EQ(said.code, 8);
    EXPECT_EQ(said.out, "g/n is paused\n7 is paused\n");
    EXPECT_EQ(said.err, "jobhost: g/none: There is no job g/none.\n");
    EXPECT_EQ(run_at(host.address(), {"job", "wait", "g/n", "g/none"}).code, 8);
}

TEST(JobId, AnIdCostsNoQuestion) {
    const CannedHost host(reply_of);
    EXPECT_EQ(run_at(host.address(), {"job", "pause", kId}).code, 3);
    ASSERT_EQ(host.requests().size(), 1U);
    EXPECT_EQ(host.requests().at(0).line,
              "POST /api/v1/jobs/" + std::string(kId) + "/pause HTTP/1.1");
}

TEST(JobId, ANameThatNobodyHasIsNotFoundByAnyVerb) {
    const CannedHost host(reply_of);
    for (const Words& words : {Words{"why", "g/none"},
                               {"job", "show", "g/none"},
                               {"job", "missed", "g/none"},
                               {"job", "backfill", "g/none", "--from", "2026-03-01T00:00:00Z",
                                "--to", "2026-03-01T00:00:00Z"},
                               {"job", "wait", "g/none"},
                               {"job", "output", "g/none"},
                               {"job", "list", "--parent", "g/none"},
                               {"job", "stop", "g/none"}}) {
        const auto said = run_at(host.address(), words);
        EXPECT_EQ(said.code, 3) << words.at(1);
        EXPECT_THAT(said.err, HasSubstr("There is no job g/none.\n"));
    }
}

TEST(JobId, ANameWithoutItsGroupIsToldWhatToWrite) {
    const CannedHost host(reply_of);
    for (const Words& words : {Words{"why", "backup"},
                               {"job", "show", "backup"},
                               {"job", "missed", "backup"},
                               {"job", "backfill", "backup", "--from", "2026-03-01T00:00:00Z",
                                "--to", "2026-03-01T00:00:00Z"},
                               {"job", "wait", "backup"},
                               {"job", "output", "backup"},
                               {"job", "output", "backup", "--follow"},
                               {"job", "stop", "backup"}}) {
        const auto said = run_at(host.address(), words);
        EXPECT_EQ(said.code, 3) << words.at(1);
        EXPECT_THAT(said.err, HasSubstr("There is no job like that. A name is written with its "
                                        "group: default/backup\n"));
    }
    EXPECT_THAT(run_at(host.address(), {"why", kId}).err, Not(HasSubstr("its group")));
}

TEST(JobId, AHostThatIsAwayCannotLookUp) {
    EXPECT_EQ(run_at("127.0.0.1:1", {"job", "show", "g/n"}).code, 5);
    EXPECT_EQ(run_at("127.0.0.1:1", {"job", "pause", "g/n"}).code, 5);
}

}  // namespace
}  // namespace jobhost::cli
