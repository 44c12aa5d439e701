#include "cli/node_verbs.hpp"

#include <gmock/gmock.h>

#include "cli/canned_host.hpp"
#include "cli/terminal.hpp"

namespace jobhost::cli {
namespace {

using testing::CannedHost;
using testing::CannedReply;
using ::testing::HasSubstr;
using testing::run_at;
using testing::SeenRequest;

CannedReply status(const SeenRequest&) {
    return {200, R"({"name":"here","state":"standby","revision":null,"running":2})"};
}

TEST(NodeVerbs, ShowNamesWhatTheHostTells) {
    const CannedHost host(status);
    const auto said = run_at(host.address(), {"node", "show"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "MEMBER   VALUE\nname     here\nstate    standby\nrunning  2\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/status HTTP/1.1");
}

TEST(NodeVerbs, DrainAndResumeSayHowTheHostIsSince) {
    const CannedHost host(status);
    EXPECT_EQ(run_at(host.address(), {"node", "drain"}).out,
              "here is standby; running attempts: 2\n");
    EXPECT_EQ(run_at(host.address(), {"node", "resume", "--output", "json"}).out,
              R"({"name":"here","state":"standby","revision":null,"running":2})"
              "\n");
    EXPECT_EQ(host.requests().at(0).line, "POST /api/v1/nodes/self/drain HTTP/1.1");
    EXPECT_EQ(host.requests().at(1).line, "POST /api/v1/nodes/self/resume HTTP/1.1");
}

TEST(NodeVerbs, AHostThatRefusesOrIsAwayIsTold) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{503, R"({"code":"disk_full","detail":"The disk is full."})"};
    });
    for (const char* verb : {"show", "drain", "resume"}) {
        const auto said = run_at(host.address(), {"node", verb});
        EXPECT_EQ(said.code, 5);
        EXPECT_THAT(said.err, HasSubstr("The disk is full."));
        EXPECT_EQ(run_at("127.0.0.1:1", {"node", verb}).code, 5);
    }
}

}  // namespace
}  // namespace jobhost::cli
