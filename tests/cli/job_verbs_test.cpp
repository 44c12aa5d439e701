// The verbs about jobs against a server that says what a test needs; the real host answers them in
// the scenarios.
#include <algorithm>
#include <atomic>
#include <signal.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "cli/canned_host.hpp"
#include "cli/json_view.hpp"
#include "cli/terminal.hpp"
#include "schedule/time_zone.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::cli {
namespace {

using testing::CannedHost;
using testing::CannedReply;
using testing::run;
using testing::run_at;
using testing::SeenRequest;

std::string job(const std::string& id, const std::string& status, const std::string& more = "") {
    return R"({"id":")" + id + R"(","type":"t.a","status":")" + status + "\"" + more + "}";
}

bool begins(const SeenRequest& request, const std::string& text) {
    return request.line.starts_with(text);
}

const CannedReply kNotFound{404, R"({"code":"unknown_job","detail":"There is no job x."})"};
const CannedReply kAway{503, R"({"code":"unavailable","detail":"Not at present."})"};

TEST(JobAdd, TheIdIsAllThatIsPrinted) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        if (begins(request, "GET /api/v1/types/t.a ")) {
            return {200, R"({"id":"t.a","parameters":[{"name":"n","type":"integer"}]})"};
        }
        return {201, job("1", "queuing")};
    });
    const auto said = run_at(host.address(), {"job", "add", "t.a", "n=5", "x=y"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "1\n");
    EXPECT_EQ(host.requests().at(1).line, "POST /api/v1/jobs HTTP/1.1");
    EXPECT_EQ(host.requests().at(1).body, R"({"type":"t.a","args":{"n":5,"x":"y"}})");
}

TEST(JobAdd, TheAnswerOfTheHostIsPrintedForPrograms) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{201, job("1", "queuing")}; });
    EXPECT_EQ(run_at(host.address(), {"job", "add", "t.a", "--output", "json"}).out,
              job("1", "queuing") + "\n");
    EXPECT_EQ(host.requests().size(), 1U) << "no argument needs the type's description";
}

TEST(JobBackfill, SaysHowManyThereWere) {
    const CannedHost host([](const SeenRequest&) -> CannedReply {
        return {200, R"({"count":4,"present":1,"excluded":2,"is_dry_run":false,"ids":["a"]})"};
    });
    const auto said =
        run_at(host.address(), {"job", "backfill", "1", "--from", "2026-03-01T01:00:00+01:00",
                                "--to", "2026-03-08T00:00:00Z", "--limit", "9", "--system"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "4 made, 1 there already, 2 excluded by calendars\n");
    EXPECT_EQ(host.requests().at(0).line, "POST /api/v1/jobs/1/backfill?system=true HTTP/1.1");
    EXPECT_EQ(host.requests().at(0).body,
              R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-08T00:00:00.000Z","limit":9})");
}

TEST(JobBackfill, ADryRunSaysWhatWouldBe) {
    const std::string answer = R"({"count":4,"present":0,"excluded":0,"is_dry_run":true,"ids":[]})";
    const CannedHost host([&](const SeenRequest&) -> CannedReply { return {200, answer}; });
    std::vector<std::string> words{"job",
                                   "backfill",
                                   "1",
                                   "--from",
                                   "2026-03-01T00:00:00Z",
                                   "--to",
                                   "2026-03-08T00:00:00Z",
                                   "--dry-run"};
    EXPECT_EQ(run_at(host.address(), words).out,
              "4 would be made, 0 there already, 0 excluded by calendars\n");
    EXPECT_NE(host.requests().at(0).body.find(R"("dry_run":true)"), std::string::npos);
    words.insert(words.end(), {"--output", "json"});
    EXPECT_EQ(run_at(host.address(), words).out, answer + "\n");
}

TEST(JobBackfill, SaysWhatWasLeftAlone) {
    const CannedHost host([](const SeenRequest&) -> CannedReply {
        return {200, R"({"count":4,"present":1,"excluded":0,"unknown":2,"is_dry_run":false})"};
    });
    const auto said =
        run_at(host.address(), {"job", "backfill", "1", "--from", "2026-03-01T00:00:00Z", "--to",
                                "2026-03-08T00:00:00Z", "--include-unknown"});
    EXPECT_EQ(said.out,
              "4 made, 1 there already, 0 excluded by calendars, 2 left alone since nothing is "
              "known of them (--include-unknown runs them, too)\n");
    EXPECT_NE(host.requests().at(0).body.find(R"("include_unknown":true)"), std::string::npos);
}

TEST(JobBackfill, NeedsItsPeriodAndAHostThatAgrees) {
    const CannedHost host([](const SeenRequest&) -> CannedReply {
        return {422, R"({"code":"too_many","detail":"2016 occurrences lie between them."})"};
    });
    EXPECT_EQ(run_at(host.address(), {"job", "backfill", "1", "--to", "2026-03-08T00:00:00Z"}).code,
              2);
    EXPECT_EQ(host.requests().size(), 0U);
    const auto said = run_at(
        host.address(),
        {"job", "backfill", "1", "--from", "2026-03-01T00:00:00Z", "--to", "2026-03-08T00:00:00Z"});
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.err.find("2016 occurrences"), std::string::npos) << said.err;
    EXPECT_EQ(run_at("127.0.0.1", {"job", "backfill", "1", "--from", "2026-03-01T00:00:00Z", "--to",
                                   "2026-03-08T00:00:00Z"})
                  .out,
              "");
}

TEST(JobAdd, AnUnknownTypeIsTheHostsToRefuse) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        if (begins(request, "GET")) {
            return {404, R"({"code":"no_such_type","detail":"None."})"};
        }
        return {422, R"({"code":"unknown_type","detail":"Did you mean t.a?"})"};
    });
    const auto said = run_at(host.address(), {"job", "add", "mail/t.b", "x=5"});
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.err, "jobhost: Did you mean t.a?\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/types/mail/t.b HTTP/1.1");
    EXPECT_EQ(host.requests().at(1).body, R"({"type":"mail/t.b","args":{"x":"5"}})");
}

TEST(JobAdd, ArgumentsComeFromAFile) {
    const support::TempDir folder;
    const auto file = folder.write("args.json", R"({"a": [1, 2]})");
    const CannedHost host([](const SeenRequest&) { return CannedReply{201, job("1", "queuing")}; });
    EXPECT_EQ(run_at(host.address(), {"job", "add", "t.a", "--args", "@" + file.string()}).code, 0);
    EXPECT_EQ(host.requests().at(0).body, R"({"type":"t.a","args":{"a": [1, 2]}})");
}

TEST(JobAdd, WrongUseIsFoundBeforeAnythingIsSent) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{}; });
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"job", "add", "t", "--args", "@/nowhere"},
          {"job", "add", "t", "--args", "{"},
          {"job", "add", "t", "--args", "5"},
          {"job", "add", "t", "--args", " "},
          {"job", "add", "t", "--in", "1s", "--begin-time", "2026-03-01T12:00:00Z"},
          {"job", "add", "t", "--wait-timeout", "1s"},
          {"job", "add", "t", "--priority", "highest"},
          {"job", "list", "--all", "--limit", "5"},
          {"job", "output", "1", "--follow", "--output", "json"}}) {
        const auto said = run_at(host.address(), words);
        EXPECT_EQ(said.code, 2) << said.err;
        EXPECT_FALSE(said.err.empty());
        EXPECT_EQ(said.out, "");
    }
    EXPECT_TRUE(host.requests().empty());
}

TEST(JobAdd, ItWaitsForTheEndWhenAsked) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        return begins(request, "POST") ? CannedReply{201, job("1", "queuing")}
                                       : CannedReply{200, job("1", "completed")};
    });
    const auto said = run_at(host.address(), {"job", "add", "t.a", "--wait"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out, "1\n");
    EXPECT_EQ(said.err, "1 completed\n");
    EXPECT_EQ(run_at(host.address(), {"job", "add", "t.a", "--wait", "--output", "json"}).out,
              job("1", "completed") + "\n");
}

TEST(JobAdd, AJobThatIsThereAlreadyIsTold) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        return {200, job("1", begins(request, "POST") ? "running" : "completed")};
    });
    const auto said = run_at(host.address(), {"job", "add", "t.a", "--unique-key", "k"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out, "1\n");
    EXPECT_EQ(said.err, "1 is there already; nothing was added\n");
    const auto waited =
        run_at(host.address(), {"job", "add", "t.a", "--unique-key", "k", "--wait"});
    EXPECT_EQ(waited.out, "1\n");
    EXPECT_EQ(waited.err, "1 is there already; nothing was added\n1 completed\n");
    const auto programs =
        run_at(host.address(), {"job", "add", "t.a", "--unique-key", "k", "--output", "json"});
    EXPECT_EQ(programs.out, job("1", "running") + "\n");
    EXPECT_EQ(programs.err, "");
}

TEST(JobAdd, AStoppedJobIsAFailure) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        return begins(request, "POST")
                   ? CannedReply{201, job("1", "queuing")}
                   : CannedReply{200, job("1", "stopped",
                                          R"(,"reason":"max_tries","last_error":"exit code 3")")};
    });
    const auto said = run_at(host.address(), {"job", "add", "t.a", "--wait"});
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.err, "1 stopped (max_tries): exit code 3\n");
}

TEST(JobWait, ItAsksTheHostToHoldTheAnswerOnceTheJobIsKnown) {
    std::atomic<int> asked = 0;
    const CannedHost host([&](const SeenRequest&) {
        return CannedReply{200, job("1", ++asked < 2 ? "running" : "completed")};
    });
    const auto said = run_at(host.address(), {"job", "wait", "1"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out, "1 completed\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/jobs/1?wait=0 HTTP/1.1");
    EXPECT_EQ(host.requests().at(1).line, "GET /api/v1/jobs/1?wait=30 HTTP/1.1");
}

TEST(JobWait, AHostThatDiesWhileItHoldsTheAnswerIsWaitedFor) {
    std::atomic<int> asked = 0;
    const CannedHost host([&](const SeenRequest&) -> CannedReply {
        switch (++asked) {
            case 1:
                return {200, job("1", "running")};
            case 2:
                return {0, ""};
            default:
                return {200, job("1", "completed")};
        }
    });
    EXPECT_EQ(run_at(host.address(), {"job", "wait", "1"}).code, 0);
}

TEST(JobWait, AHostThatDoesNotHoldTheAnswerIsAskedAgain) {
    std::atomic<int> asked = 0;
    const CannedHost host([&](const SeenRequest&) {
        return CannedReply{200, job("1", ++asked < 4 ? "running" : "stopped")};
    });
    EXPECT_EQ(run_at(host.address(), {"job", "wait", "1"}).code, 1);
    EXPECT_EQ(asked, 4);
}

TEST(JobWait, AHostThatComesBackIsWaitedFor) {
    std::atomic<int> asked = 0;
    const CannedHost host([&](const SeenRequest&) -> CannedReply {
        switch (++asked) {
            case 1:
                return {200, job("1", "running")};
            case 2:
                return kAway;
            default:
                return {200, job("1", "completed")};
        }
    });
    EXPECT_EQ(run_at(host.address(), {"job", "wait", "1"}).code, 0);
}

TEST(JobWait, AHostThatWasNeverThereIsNotWaitedFor) {
    const CannedHost host([&](const SeenRequest&) { return kAway; });
    EXPECT_EQ(run_at(host.address(), {"job", "wait", "1"}).code, 5);
    EXPECT_EQ(host.requests().size(), 1U);
}

TEST(JobWait, TheTimeToWaitEnds) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{200, job("1", "running")}; });
    const auto said = run_at(host.address(), {"job", "wait", "1", "--timeout", "120ms"});
    EXPECT_EQ(said.code, 7);
    EXPECT_EQ(said.out, "1 running: not ended in time\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/jobs/1?wait=0 HTTP/1.1");
}

/// Holds the job 1 where it is, and says why when `sentence` is not empty.
CannedHost::Handler stuck_at(const std::string& status, const std::string& sentence) {
    return [=](const SeenRequest& request) -> CannedReply {
        if (request.line.find("/why ") != std::string::npos) {
            return sentence.empty() ? kAway
                                    : CannedReply{200, R"({"sentence":")" + sentence + "\"}"};
        }
        return {begins(request, "POST") ? 201 : 200, job("1", status)};
    };
}

std::ptrdiff_t questions_why(const CannedHost& host) {
    return std::ranges::count_if(host.requests(), [](const auto& request) {
        return begins(request, "GET /api/v1/jobs/1/why ");
    });
}

TEST(JobWait, AJobThatCannotRunIsSaidWhyWhenTheTimeIsOver) {
    const CannedHost host(stuck_at("paused", "It is paused."));
    const auto said = run_at(host.address(), {"job", "wait", "1", "--timeout", "50ms"});
    EXPECT_EQ(said.code, 7);
    EXPECT_EQ(said.out, "1 paused: not ended in time\n");
    EXPECT_EQ(said.err, "1: It is paused.\n");
    EXPECT_EQ(questions_why(host), 1);
}

TEST(JobAdd, AJobThatCannotRunIsSaidWhyWhenTheTimeIsOver) {
    const CannedHost host(stuck_at("queuing", "Nobody has the type."));
    const auto said =
        run_at(host.address(), {"job", "add", "t.a", "--wait", "--wait-timeout", "50ms"});
    EXPECT_EQ(said.code, 7);
    EXPECT_EQ(said.err, "1 queuing: not ended in time\n1: Nobody has the type.\n");
}

TEST(JobWait, NobodyIsAskedWhyOfAJobThatRunsOrForPrograms) {
    const CannedHost runs(stuck_at("running", "It runs."));
    EXPECT_EQ(run_at(runs.address(), {"job", "wait", "1", "--timeout", "50ms"}).err, "");
    EXPECT_EQ(questions_why(runs), 0);
    const CannedHost waits(stuck_at("queuing", "It waits."));
    EXPECT_EQ(
        run_at(waits.address(), {"job", "wait", "1", "--timeout", "50ms", "--output", "json"}).err,
        "");
    EXPECT_EQ(questions_why(waits), 0);
}

TEST(JobWait, AHostThatCannotSayWhyLeavesItAtTheTimeout) {
    const CannedHost host(stuck_at("queuing", ""));
    const auto said = run_at(host.address(), {"job", "wait", "1", "--timeout", "50ms"});
    EXPECT_EQ(said.code, 7);
    EXPECT_EQ(said.out, "1 queuing: not ended in time\n");
    EXPECT_EQ(said.err, "");
}

TEST(JobWait, CtrlCLeavesTheJobRunningAndSaysSo) {
    const CannedHost host([](const SeenRequest&) -> std::optional<CannedReply> {
        ::kill(::getpid(), SIGINT);
        return std::nullopt;
    });
    const auto said = run_at(host.address(), {"job", "wait", "1"});
    EXPECT_EQ(said.code, 130);
    EXPECT_EQ(said.err, "jobhost: interrupted; the jobs go on\n");
}

TEST(JobWait, CtrlCIsSeenBetweenTwoQuestionsToo) {
    const CannedHost host([](const SeenRequest& request) -> std::optional<CannedReply> {
        if (begins(request, "POST")) {
            return CannedReply{201, job("1", "queuing")};
        }
        ::kill(::getpid(), SIGTERM);
        return CannedReply{200, job("1", "running")};
    });
    const auto said = run_at(host.address(), {"job", "add", "t.a", "--wait"});
    EXPECT_EQ(said.code, 130);
    EXPECT_EQ(said.err, "jobhost: interrupted; the job 1 goes on\n");
}

CannedReply by_id(const SeenRequest& request) {
    for (const std::string status : {"completed", "stopped", "running"}) {
        if (begins(request, "GET /api/v1/jobs/" + status)) {
            return {200, job(status, status)};
        }
    }
    return kNotFound;
}

TEST(JobWait, TheWorstOfSeveralCounts) {
    const CannedHost host(by_id);
    const auto code = [&](std::vector<std::string> ids) {
        ids.insert(ids.begin(), {"job", "wait", "--timeout", "50ms"});
        return run_at(host.address(), ids).code;
    };
    EXPECT_EQ(code({"completed", "completed"}), 0);
    EXPECT_EQ(code({"completed", "stopped"}), 1);
    EXPECT_EQ(code({"running", "stopped"}), 7);
    EXPECT_EQ(code({"missing", "missing"}), 3);
    EXPECT_EQ(code({"missing", "completed"}), 8);
}

TEST(JobWait, ForProgramsItIsAListOfJobs) {
    const CannedHost host(by_id);
    const auto said =
        run_at(host.address(), {"job", "wait", "completed", "missing", "stopped", "--output=json"});
    EXPECT_EQ(said.out, "{\"items\":[" + job("completed", "completed") + "," +
                            job("stopped", "stopped") + "]}\n");
    EXPECT_NE(said.err.find(R"({"code":"unknown_job","detail":"There is no job x. )"),
              std::string::npos)
        << said.err;
    EXPECT_NE(said.err.find(R"("exit_code":3})"), std::string::npos) << said.err;
}

CannedReply cancelled(const SeenRequest& request) {
    if (begins(request, "POST /api/v1/jobs/a/cancel ")) {
        return {202, job("a", "running")};
    }
    if (begins(request, "POST /api/v1/jobs/b/cancel ")) {
        return {200, job("b", "stopped")};
    }
    return {409, R"({"code":"wrong_status","detail":"It is over."})"};
}

TEST(JobCancel, EachJobIsAskedToStop) {
    const CannedHost host(cancelled);
    const auto both = run_at(host.address(), {"job", "cancel", "a", "b"});
    EXPECT_EQ(both.code, 0);
    EXPECT_EQ(both.out, "a is asked to stop\nb is cancelled\n");
    EXPECT_EQ(run_at(host.address(), {"job", "cancel", "c"}).code, 6);
    EXPECT_EQ(run_at(host.address(), {"job", "cancel", "b", "c"}).code, 8);
}

TEST(JobCancel, AFailureSaysWhichJobItIsAbout) {
    const CannedHost host(cancelled);
    const auto people = run_at(host.address(), {"job", "cancel", "b", "c"});
    EXPECT_EQ(people.out, "b is cancelled\n");
    EXPECT_EQ(people.err, "jobhost: c: It is over.\n");
    const auto programs = run_at(host.address(), {"job", "cancel", "c", "--output", "json"});
    EXPECT_EQ(programs.err, R"({"code":"wrong_status","detail":"c: It is over.","exit_code":6})"
                            "\n");
    EXPECT_EQ(programs.out, "{\"items\":[]}\n");
}

TEST(JobOperations, EachVerbAsksTheHostForItsOperation) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        const bool makes = request.line.find("/trigger") != std::string::npos ||
                           request.line.find("/copy") != std::string::npos;
        return {makes ? 201 : 200, job(makes ? "new" : "1", "queuing")};
    });
    struct Case {
        std::string verb;
        std::string says;
    };
    std::size_t asked = 0;
    for (const auto& [verb, says] :
         {Case{"start", "1 waits to be run"}, Case{"trigger", "new"}, Case{"pause", "1 is paused"},
          Case{"resume", "1 waits to be run"}, Case{"stop", "1 is stopped"},
          Case{"enable", "1 is enabled"}, Case{"disable", "1 is disabled"}, Case{"copy", "new"}}) {
        const auto said = run_at(host.address(), {"job", verb, "1"});
        EXPECT_EQ(said.code, 0) << said.err;
        EXPECT_EQ(said.out, says + "\n");
        EXPECT_EQ(host.requests().at(asked++).line, "POST /api/v1/jobs/1/" + verb + " HTTP/1.1");
    }
    EXPECT_EQ(run_at(host.address(), {"job", "pause", "1", "--system"}).code, 0);
    EXPECT_EQ(host.requests().at(asked).line, "POST /api/v1/jobs/1/pause?system=true HTTP/1.1");
}

TEST(JobOperations, AJobIsDeletedByItsOwnMethod) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{200, job("1", "stopped")}; });
    EXPECT_EQ(run_at(host.address(), {"job", "delete", "1"}).out, "1 is deleted\n");
    EXPECT_EQ(host.requests().at(0).line, "DELETE /api/v1/jobs/1 HTTP/1.1");
    EXPECT_EQ(host.requests().at(0).body, "");
}

TEST(JobOperations, AnUpdateChangesTheVersionThatItSaw) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, job("1", "queuing", R"(,"version":7)")};
    });
    const auto said = run_at(host.address(), {"job", "update", "1", "--priority", "high", "--args",
                                              R"({"a": 1})", "--timeout", "5s"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "1 is changed\n");
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/jobs/1 HTTP/1.1");
    const auto change = host.requests().at(1);
    EXPECT_EQ(change.line, "PATCH /api/v1/jobs/1 HTTP/1.1");
    EXPECT_NE(change.head.find("If-Match: \"7\""), std::string::npos) << change.head;
    EXPECT_EQ(change.body, R"({"args":{"a": 1},"priority":"high","timeout":5})");
}

TEST(JobOperations, WhatIsChangedIsJudgedBeforeAnythingIsSent) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{}; });
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"job", "update", "1", "--args", "{"},
          {"job", "update", "1"},
          {"job", "update", "1", "--system"},
          {"job", "update", "1", "--args", " "},
          {"job", "copy", "1", "--in", "1s", "--begin-time", "2026-03-01T12:00:00Z"},
          {"job", "pause"}}) {
        EXPECT_EQ(run_at(host.address(), words).code, 2);
    }
    EXPECT_TRUE(host.requests().empty());
}

TEST(JobOperations, AnUpdateOfAJobThatIsNotThereFails) {
    const CannedHost host([](const SeenRequest&) { return kNotFound; });
    const auto said = run_at(host.address(), {"job", "update", "x", "--priority", "low"});
    EXPECT_EQ(said.code, 3);
    EXPECT_EQ(host.requests().size(), 1U);
}

TEST(JobList, FiltersGoToTheHost) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, "{\"items\":[" + job("1", "running") + "],\"next_cursor\":\"c2\"}"};
    });
    const auto said = run_at(host.address(), {"job", "list", "--status", "running", "--type", "a b",
                                              "--limit", "5", "--cursor", "c/1"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(host.requests().at(0).line,
              "GET /api/v1/jobs?status=running&type=a%20b&limit=5&cursor=c%2F1 HTTP/1.1");
    EXPECT_NE(said.out.find("\n1   running  t.a\n"), std::string::npos) << said.out;
    EXPECT_EQ(said.err, "there are more: --cursor c2, or --all\n");
}

TEST(JobList, ARecurringJobShowsItsScheduleAndAChildItsTime) {
    const std::string noon = R"("2026-03-01T12:00:00.000Z")";
    const CannedHost host([&](const SeenRequest&) -> CannedReply {
        return {200,
                "{\"items\":[" +
                    job("1", "queuing",
                        R"(,"name":"a","cron":"0 3 * * *","interval":null,"enabled":true,)"
                        R"("next_run_at":)" +
                            noon) +
                    "," +
                    job("2", "paused",
                        R"(,"name":"b","cron":null,"interval":5400,"enabled":false,)"
                        R"("next_run_at":null)") +
                    "," +
                    job("3", "completed", R"(,"name":null,"enabled":false,"nominal_at":)" + noon) +
                    "]}"};
    });
    const auto said = run_at(host.address(), {"job", "list"});
    const auto at = local_time("2026-03-01T12:00:00.000Z", schedule::TimeZone::local());
    const std::string rest(at.size() - 1, ' ');
    EXPECT_EQ(said.out, "ID  STATUS            TYPE  NAME" + rest.substr(3) +
                            "  SCHEDULE     NEXT RUN" + rest.substr(5) + "CREATED\n" +
                            "1   queuing           t.a   a" + rest + "  0 3 * * *    " + at + "\n" +
                            "2   paused, disabled  t.a   b" + rest + "  every 1h30m\n" +
                            "3   completed         t.a   " + at + "\n");
}

CannedReply pages(const SeenRequest& request) {
    if (request.line.find("cursor=c2") != std::string::npos) {
        return {200, "{\"items\":[" + job("3", "stopped") + "],\"next_cursor\":null}"};
    }
    return {200, "{\"items\":[" + job("1", "running") + "," + job("2", "running") +
                     "],\"next_cursor\":\"c2\"}"};
}

TEST(JobList, AllPagesAreOneDocument) {
    const CannedHost host(pages);
    EXPECT_EQ(run_at(host.address(), {"job", "list", "--all", "--output", "json"}).out,
              "{\"items\":[" + job("1", "running") + "," + job("2", "running") + "," +
                  job("3", "stopped") + "],\"next_cursor\":null}\n");
    EXPECT_EQ(run_at(host.address(), {"job", "list", "--output", "json"}).out,
              pages({}).body + "\n");
}

TEST(JobList, AnEmptyListIsADocumentToo) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, R"({"items":[],"next_cursor":null})"};
    });
    EXPECT_EQ(run_at(host.address(), {"job", "list", "--all", "--output", "json"}).out,
              "{\"items\":[],\"next_cursor\":null}\n");
}

TEST(JobShow, EveryMemberThatSaysSomethingIsShown) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        if (request.line.find("/attempts") != std::string::npos) {
            return {200, R"({"items":[{"number":1,"outcome":"failed","node":"n",
                "started_at":"2026-03-01T12:00:00.000Z","duration":1.5,"error":{"message":"bad"}},
                {"number":2,"outcome":null,"node":"n","started_at":"2026-03-01T12:00:05.000Z",
                "duration":null,"error":null}]})"};
        }
        return {200, R"({"id":"1","name":null,"is_abandoned":false,"args":{"a":1},"labels":{},
            "new_member":"x"})"};
    });
    const auto said = run_at(host.address(), {"job", "show", "1"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out.substr(0, said.out.find("\n\n")),
              "id            1\nis abandoned  no\nargs          {\"a\":1}\nnew member    x");
    EXPECT_NE(said.out.find("1        failed   n     2026-03-01"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("1s500ms"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("2        running"), std::string::npos) << said.out;
}

TEST(JobShow, AnIdIsOnePartOfThePath) {
    const CannedHost host([](const SeenRequest&) { return kNotFound; });
    EXPECT_EQ(run_at(host.address(), {"job", "show", "..status?x"}).code, 3);
    EXPECT_EQ(host.requests().at(0).line, "GET /api/v1/jobs/..status%3Fx HTTP/1.1");
}

TEST(JobOutput, EachStreamGoesToItsOwn) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, R"({"attempt":2,"is_running":false,"head":[
            {"stream":"stdout","text":"out\n"},{"stream":"stderr","text":"err\n"}],
            "dropped_bytes":3,"tail":[{"stream":"stdout","text":"end"}]})"};
    });
    const auto said = run_at(host.address(), {"job", "output", "1", "--attempt", "2"});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.out, "out\nend");
    EXPECT_EQ(said.err, "err\n[jobhost: 3 bytes were not kept]\n");
    EXPECT_EQ(host.requests().at(0).line,
              "GET /api/v1/jobs/1/output?format=json&attempt=2 HTTP/1.1");
}

TEST(JobOutput, BytesThatAreNoTextComeOutAsTheyWere) {
    const CannedHost host([](const SeenRequest& request) -> CannedReply {
        if (request.line.find("format=json") != std::string::npos) {
            return {200, "{\"head\":[{\"stream\":\"stdout\",\"text\":\"\xEF\xBF\xBD\"}]}"};
        }
        const bool out = request.line.find("stream=stdout") != std::string::npos;
        return {200, out ? std::string("\xff\0", 2) : "e"};
    });
    const auto said = run_at(host.address(), {"job", "output", "1"});
    EXPECT_EQ(said.out, std::string("\xff\0", 2));
    EXPECT_EQ(said.err, "e");
}

TEST(JobOutput, FollowingShowsEveryByteOnceUntilTheEnd) {
    std::atomic<int> looks = 0;
    const CannedHost host([&](const SeenRequest& request) -> CannedReply {
        const bool output = request.line.find("/output") != std::string::npos;
        if (!output) {
            return {200, job("1", ++looks < 3 ? "running" : "completed")};
        }
        switch (looks) {
            case 1:
                return {404, R"({"code":"no_attempt","detail":"None yet."})"};
            case 2:
                return {200, R"({"attempt":1,"is_running":true,
                                 "head":[{"stream":"stdout","text":"one "}]})"};
            default:
                return {200, R"({"attempt":1,"is_running":false,
                                 "head":[{"stream":"stdout","text":"one two"}]})"};
        }
    });
    const auto said = run_at(host.address(), {"job", "output", "1", "--follow"});
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_EQ(said.out, "one two");
}

TEST(JobOutput, FollowingGoesOnWithTheNextAttempt) {
    std::atomic<int> looks = 0;
    const CannedHost host([&](const SeenRequest& request) -> CannedReply {
        if (request.line.find("attempt=1") != std::string::npos) {
            return {200, R"({"attempt":1,"is_running":false,
                             "head":[{"stream":"stdout","text":"a, the rest of a"}]})"};
        }
        if (request.line.find("/output") == std::string::npos) {
            return {200, job("1", ++looks < 2 ? "running" : "completed")};
        }
        return looks == 1 ? CannedReply{200, R"({"attempt":1,"is_running":true,
                                                 "head":[{"stream":"stdout","text":"a"}]})"}
                          : CannedReply{200, R"({"attempt":2,"is_running":false,
                                                 "head":[{"stream":"stdout","text":"; b"}]})"};
    });
    const auto said = run_at(host.address(), {"job", "output", "1", "--follow"});
    EXPECT_EQ(said.out, "a, the rest of a; b");
    EXPECT_EQ(said.err, "[jobhost: attempt 2]\n");
}

TEST(JobOutput, CtrlCEndsTheFollowingAlone) {
    const CannedHost host([](const SeenRequest&) -> CannedReply {
        ::kill(::getpid(), SIGINT);
        return {200, R"({"status":"running","attempt":1,"is_running":true})"};
    });
    const auto said = run_at(host.address(), {"job", "output", "1", "--follow"});
    EXPECT_EQ(said.code, 130);
    EXPECT_EQ(said.err, "jobhost: interrupted; the job goes on\n");
}

TEST(PluginList, RefusedLibrariesAreListedWithTheirReason) {
    const CannedHost host([](const SeenRequest&) {
        return CannedReply{200, R"({"items":[
            {"id":"shell","version":"1.0","state":"active","types":["shell.run"],"file":"/p/s.so",
             "reason":null},
            {"id":null,"version":null,"state":"refused","types":[],"file":"/p/x.so",
             "reason":"it is a text"}]})"};
    });
    const auto said = run_at(host.address(), {"plugin", "list"});
    EXPECT_EQ(said.out,
              "PLUGIN  VERSION  STATE    TYPES      FILE     REASON\n"
              "shell   1.0      active   shell.run  /p/s.so\n"
              "-                refused             /p/x.so  it is a text\n");
}

TEST(HostAddress, TheOptionWinsOverTheEnvironment) {
    const CannedHost host([](const SeenRequest&) { return CannedReply{200, R"({"items":[]})"}; });
    EXPECT_EQ(run_at("http://127.0.0.1:1", {"plugin", "list", "--host", host.address()}).code, 0);
    EXPECT_EQ(run_at("127.0.0.1:1", {"plugin", "list"}).code, 5);
    EXPECT_EQ(run_at("nonsense://", {"plugin", "list"}).code, 2);
}

}  // namespace
}  // namespace jobhost::cli
