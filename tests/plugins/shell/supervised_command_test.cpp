#include "supervised_command.hpp"

#include <fcntl.h>

#include <gtest/gtest.h>

#include "attempt_run.hpp"

namespace jobhost::shell {
namespace {

// Longer than any test may take: who gets past it did not wait for it.
const std::string kEndlessGrace = R"(,"kill_grace":3600)";

/// Cancels as soon as the command has written so many lines.
void cancel_after_lines(AttemptRun& run, int lines, Urgency urgency = Urgency::Polite) {
    run.on_output = [&run, lines, urgency] {
        if (count_lines(run.out) >= lines) {
            run.cancel.ask(urgency);
        }
    };
}

TEST(SupervisedCommand, CancelKillsGrandchildrenAlsoInSessionsOfTheirOwn) {
    AttemptRun run;
    cancel_after_lines(run, 4);
    const auto conclusion =
        run(command("echo 1; (echo 2; exec sleep 1000) & setsid sh -c 'echo 3; exec sleep 1000' & "
                    "(setsid sh -c 'trap \"\" TERM; echo 4; sleep 1000; sleep 1000' &); wait",
                    kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_FALSE(conclusion.fault);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, CancelIsPoliteFirst) {
    AttemptRun run;
    cancel_after_lines(run, 1);
    const auto conclusion = run(
        command("trap 'echo saved; exit 3' TERM; echo ready; while :; do :; done", kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(run.out, "ready\nsaved\n");
    EXPECT_NE(conclusion.result_json.find(R"("exit_code":3)"), std::string::npos);
}

TEST(SupervisedCommand, ChildrenHaveTheGracePeriodEvenWhenTheirShellHasGone) {
    AttemptRun run;
    cancel_after_lines(run, 1);
    // The inner shell, in the same group, ends only when the outer one has.
    const auto conclusion = run(command(
        "sh -c 'trap \"while kill -0 $PPID 2>/dev/null; do :; done; echo saved; exit\" TERM; "
        "echo ready; while :; do :; done' & wait",
        kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(run.out, "ready\nsaved\n");
}

TEST(SupervisedCommand, WhoIgnoresSigtermIsKilledAfterTheGracePeriod) {
    AttemptRun run;
    cancel_after_lines(run, 1);
    const auto conclusion = run(
        command("trap '' TERM; echo ready; while :; do sleep 1000; done", R"(,"kill_grace":0.1)"));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_NE(conclusion.result_json.find(R"("signal":9)"), std::string::npos);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, AStoppedCommandHearsSigterm) {
    AttemptRun run;
    cancel_after_lines(run, 1);
    const auto conclusion = run(
        command("trap 'echo saved; exit' TERM; echo ready; kill -STOP $$; wait", kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(run.out, "ready\nsaved\n");
}

TEST(SupervisedCommand, AnUrgentCancelLeavesNoGracePeriod) {
    AttemptRun run;
    cancel_after_lines(run, 1, Urgency::AtOnce);
    const auto conclusion =
        run(command("trap '' TERM; echo ready; while :; do sleep 1000; done", kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, AnUrgentCancelShortensAPoliteOne) {
    AttemptRun run;
    run.on_output = [&run] {
        run.cancel.ask(count_lines(run.out) == 1 ? Urgency::Polite : Urgency::AtOnce);
    };
    const auto conclusion = run(command(
        "trap 'echo got it' TERM; echo ready; while :; do sleep 1000 & wait; done", kEndlessGrace));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, ACommandThatNeverStopsForkingIsStopped) {
    AttemptRun run;
    cancel_after_lines(run, 20, Urgency::AtOnce);
    const auto conclusion = run(command("while :; do (sleep 0.01; echo x) & done"));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, WhatTheCommandLeavesBehindIsKilled) {
    AttemptRun run;
    const auto conclusion = run(command("sleep 1000 & setsid sleep 1000 & echo done"));
    EXPECT_FALSE(conclusion.cancelled);
    EXPECT_FALSE(conclusion.fault);
    EXPECT_EQ(run.out, "done\n");
    EXPECT_NE(conclusion.result_json.find(R"("leftovers_killed":true)"), std::string::npos);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, AProcessThatHopsFromForkToForkIsCaught) {
    AttemptRun run;
    const auto conclusion = run(command("hop() { (hop &) ; }; hop"));
    EXPECT_FALSE(conclusion.fault);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(SupervisedCommand, NothingIsLeftBehindByACommandThatWaits) {
    AttemptRun run;
    const auto conclusion = run(command("(echo one; echo two) & wait"));
    EXPECT_EQ(run.out, "one\ntwo\n");
    EXPECT_NE(conclusion.result_json.find(R"("leftovers_killed":false)"), std::string::npos);
}

TEST(SupervisedCommand, SomebodyElseWhoHoldsTheOutputDoesNotDelayTheEnd) {
    AttemptRun run;
    Descriptor outsider;
    run.on_output = [&] {
        if (!outsider) {
            const std::string process = run.out.substr(0, run.out.find('\n'));
            outsider =
                Descriptor(::open(("/proc/" + process + "/fd/1").c_str(), O_WRONLY | O_CLOEXEC));
            run.cancel.ask(Urgency::Polite);
        }
    };
    EXPECT_TRUE(run(command("echo $$; exec sleep 1000")).cancelled);
    EXPECT_TRUE(outsider);
}

TEST(SupervisedCommand, WhoIsDestroyedWithoutBeingAttendedKillsItsCommand) {
    const std::string job_id = AttemptRun().facts.job_id;
    Invocation invocation;
    invocation.program = {"/bin/sleep", {"sleep", "1000"}};
    invocation.environment = {{"JOBHOST_JOB_ID", job_id}};
    invocation.working_directory = "/";
    { EXPECT_TRUE(SupervisedCommand::start(invocation)); }
    EXPECT_EQ(living_processes(job_id), 0);
}

TEST(SupervisedCommand, ManyMegabytesArriveWhole) {
    AttemptRun run;
    const auto conclusion =
        run(command("head -c 67108864 /dev/zero; head -c 1048576 /dev/zero >&2; echo end"));
    EXPECT_FALSE(conclusion.fault);
    EXPECT_EQ(run.out.size(), 67108864U + 4U);
    EXPECT_EQ(run.err.size(), 1048576U);
}

TEST(SupervisedCommand, ALargeInputCanBeEchoedBack) {
    AttemptRun run;
    const std::string input(8 << 20, 'x');
    const auto conclusion = run(command("tee /dev/stderr", ",\"stdin\":" + json_text(input)));
    EXPECT_FALSE(conclusion.fault);
    EXPECT_EQ(run.out, input);
    EXPECT_EQ(run.err, input);
}

TEST(SupervisedCommand, ACommandNeedNotReadItsInput) {
    AttemptRun run;
    const std::string input(1 << 20, 'x');
    EXPECT_FALSE(run(command("exit 0", ",\"stdin\":" + json_text(input))).fault);
}

TEST(SupervisedCommand, WithoutInputTheCommandReadsNothing) {
    AttemptRun run;
    EXPECT_FALSE(run(command("cat; echo end")).fault);
    EXPECT_EQ(run.out, "end\n");
}

TEST(SupervisedCommand, MemoryOfTheLargestProcessIsReported) {
    AttemptRun run;
    const auto conclusion = run(command("head -c 300000000 /dev/zero | tail -c 300000000 | wc -c"));
    EXPECT_EQ(run.out, "300000000\n");
    EXPECT_NE(conclusion.result_json.find(R"("max_rss_bytes":3)"), std::string::npos)
        << conclusion.result_json;
}

TEST(SupervisedCommand, MemoryThatIsOnlyThatOfTheForkIsNotReported) {
    const std::string ballast(64 << 20, 'x');  // so that the fork is larger than any shell
    AttemptRun run;
    EXPECT_EQ(run(command("exit 0")).result_json.find("max_rss_bytes"), std::string::npos);
}

}  // namespace
}  // namespace jobhost::shell
