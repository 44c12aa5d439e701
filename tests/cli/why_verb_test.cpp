#include "cli/why_verb.hpp"

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
using ::testing::StartsWith;

const std::string kWaits = R"({"verdict":"waits","sentence":"It waits.","origin":null,
    "occurrences":[],"terms":[
    {"term":"accepted","pass":true,"value":"queuing","sentence":null},
    {"term":"alone","pass":true,"value":[],"sentence":null},
    {"term":"labels","pass":true,"value":{"wanted":{},"carried":{"a":{"x":"1"}}},"sentence":null},
    {"term":"slot","pass":false,"value":{"places":8,"is_draining":false},"sentence":"Full."}]})";

TEST(WhyVerb, TheSentenceComesFirstThenEveryTerm) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{200, kWaits}; });
    const auto said = run_at(host.address(), {"why", "1"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out,
              "It waits.\n"
              "\n"
              "TERM      HOLDS  VALUE                     IN THE WAY\n"
              "accepted  yes    queuing\n"
              "alone     yes\n"
              "labels    yes    carried.a.x=1\n"
              "slot      no     places=8, is_draining=no  Full.\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/jobs/1/why HTTP/1.1");
}

TEST(WhyVerb, ForProgramsTheAnswerIsThatOfTheHost) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{200, R"({"a": 1})"}; });
    EXPECT_EQ(run_at(host.address(), {"why", "1", "--output", "json"}).out, "{\"a\": 1}\n");
}

TEST(WhyVerb, OneOccurrenceIsAskedForByItsTime) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, R"({"sentence":"It ran.","terms":[],"origin":null,"occurrences":[
            {"verdict":"ran","rule":null,"first":"2026-03-01T12:00:00.000Z",
             "last":"2026-03-01T12:00:00.000Z","count":1,"is_count_capped":false,"job_id":"7",
             "status":"completed"},
            {"verdict":"missed","rule":"misfire","first":"2026-03-01T11:00:00.000Z",
             "last":"2026-03-01T11:30:00.000Z","count":1000,"is_count_capped":true,"job_id":null,
             "status":null}]})"};
    });
    const auto said = run_at(host.address(), {"why", "1", "--at", "2026-03-01T13:00:00+01:00"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_THAT(said.out, StartsWith("It ran.\n\nPLANNED"));
    EXPECT_THAT(said.out, HasSubstr("7    completed"));
    EXPECT_THAT(said.out, HasSubstr("over 1000"));
    EXPECT_THAT(said.out, HasSubstr("misfire"));
    EXPECT_EQ(host.requests().at(0).line,
              "GET /api/v1/jobs/1/why?at=2026-03-01T12%3A00%3A00.000Z HTTP/1.1");
}

std::string said_of_origin(const std::string& origin) {
    const CannedHost host([&](const SeenRequest&) {
        return CannedReply{200, R"({"sentence":"So.","origin":)" + origin + "}"};
    });
    return run_at(host.address(), {"why", "1"}).out;
}

TEST(WhyVerb, AChildSaysWhereItComesFrom) {
    EXPECT_EQ(said_of_origin(R"({"parent_id":"p","is_triggered":true})"),
              "So.\nIt was triggered by hand, as an extra run of job p.\n");
    const auto late = said_of_origin(R"({"parent_id":"p","nominal_at":"2026-03-01T12:00:00.000Z",
        "is_triggered":false,"late_by":90.5})");
    EXPECT_THAT(late, HasSubstr("It is the run planned for 2026-03-01 "));
    EXPECT_THAT(late, HasSubstr(" of job p, made 1m30s500ms late.\n"));
    const auto on_time = said_of_origin(R"({"parent_id":"p","nominal_at":"2026-03-01T12:00:00.000Z",
        "is_triggered":false,"late_by":0.01})");
    EXPECT_THAT(on_time, Not(HasSubstr("late")));
}

TEST(WhyVerb, AJobIsFoundByItsGroupAndName) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        if (request.line.starts_with("GET /api/v1/jobs?")) {
            return {200, R"({"items":[{"id":"7"}],"next_cursor":null})"};
        }
        return {200, kWaits};
    });
    EXPECT_EQ(run_at(host.address(), {"why", "my group/a/b"}).code, 0);
    EXPECT_EQ(host.requests().at(0).line,
              "GET /api/v1/jobs?limit=1&group=my%20group&name=a%2Fb HTTP/1.1");
    EXPECT_EQ(host.requests().at(1).line, "GET /api/v1/jobs/7/why HTTP/1.1");
}

TEST(WhyVerb, ANameThatNobodyHasIsNotFound) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, R"({"items":[],"next_cursor":null})"};
    });
    const auto said = run_at(host.address(), {"why", "default/none"});
    EXPECT_EQ(said.code, 3);
    EXPECT_EQ(said.err, "jobhost: There is no job default/none.\n");
    EXPECT_EQ(run_at(host.address(), {"why", "default/"}).code, 3);
    EXPECT_EQ(run_at(host.address(), {"why", "/none"}).code, 3);
    EXPECT_EQ(host.requests().size(), 1U) << "an empty filter would find any job";
}

TEST(WhyVerb, ARefusalOfTheHostIsTold) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{404, R"({"code":"unknown_job","detail":"There is no job x."})"};
    });
    EXPECT_EQ(run_at(host.address(), {"why", "x"}).code, 3);
    EXPECT_EQ(run_at(host.address(), {"why", "g/x"}).code, 3);
    EXPECT_EQ(run_at(host.address(), {"why", "x", "--at", "noon"}).code, 2);
    EXPECT_EQ(host.requests().size(), 2u);
    EXPECT_EQ(run_at("http://", {"why", "x"}).code, 2);
}

}  // namespace
}  // namespace jobhost::cli
