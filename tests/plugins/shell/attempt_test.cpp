#include "attempt.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "attempt_run.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::shell {
namespace {

namespace fs = std::filesystem;

TEST(Attempt, RunsACommandAndKeepsItsOutput) {
    AttemptRun run;
    const auto conclusion = run(command("echo out; echo err >&2"));
    EXPECT_FALSE(conclusion.fault);
    EXPECT_FALSE(conclusion.cancelled);
    EXPECT_EQ(run.out, "out\n");
    EXPECT_EQ(run.err, "err\n");
    EXPECT_EQ(conclusion.result_json.find(R"({"exit_code":0,"wall_seconds":)"), 0U);
}

TEST(Attempt, AnExitCodeIsAFailureWithAResult) {
    AttemptRun run;
    const auto conclusion = run(command("exit 3"));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.exit");
    EXPECT_EQ(conclusion.fault->code, 3);
    EXPECT_EQ(conclusion.result_json.find(R"({"exit_code":3,)"), 0U);
}

TEST(Attempt, ASignalIsAFailureWithAResult) {
    AttemptRun run;
    const auto conclusion = run(command("kill -SEGV $$"));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.signal");
    EXPECT_EQ(conclusion.fault->code, SIGSEGV);
    EXPECT_EQ(conclusion.result_json.find(R"({"signal":11,)"), 0U);
}

TEST(Attempt, TheJobSaysWhichCodesAreSuccess) {
    AttemptRun run;
    EXPECT_FALSE(run(command("exit 3", R"(,"success_codes":[0,3])")).fault);
    EXPECT_TRUE(run(command("exit 0", R"(,"success_codes":[3])")).fault);
}

TEST(Attempt, RunsAProgramWithoutAShell) {
    AttemptRun run;
    EXPECT_FALSE(run(R"json({"argv":["printf","%s|","$(id)","a b","-n",";","\n",""]})json").fault);
    EXPECT_EQ(run.out, "$(id)|a b|-n|;|\n||");
}

TEST(Attempt, RunsAScriptByTheShell) {
    AttemptRun run;
    EXPECT_FALSE(run(R"({"script":"cat\necho $#\n","stdin":"in\n"})").fault);
    EXPECT_EQ(run.out, "in\n0\n");
}

TEST(Attempt, RunsAScriptByTheInterpreterThatItNames) {
    AttemptRun run;
    EXPECT_FALSE(run(R"({"script":"#!/usr/bin/sed -nf\np\n","stdin":"x\n"})").fault);
    EXPECT_FALSE(run(R"({"script":"#! /usr/bin/env  sh \necho $0"})").fault);
    EXPECT_EQ(run.out.find("x\n/tmp/jobhost-script-"), 0U);
}

TEST(Attempt, RunsAScriptByTheInterpreterThatTheJobNames) {
    AttemptRun run;
    EXPECT_FALSE(run(R"({"script":"#!/bin/false\none","interpreter":"cat"})").fault);
    EXPECT_EQ(run.out, "#!/bin/false\none");
}

TEST(Attempt, AScriptIsPrivateAndRemoved) {
    AttemptRun run;
    EXPECT_FALSE(run(R"({"script":"stat -c '%a %n' $0"})").fault);
    EXPECT_EQ(run.out.find("500 /tmp/jobhost-script-"), 0U);
    EXPECT_FALSE(fs::exists(run.out.substr(4, run.out.size() - 5)));
}

TEST(Attempt, AScriptThatCannotBeWrittenIsAFault) {
    AttemptRun run;
    run.settings.script_directory = "/nowhere";
    const auto conclusion = run(R"({"script":"exit"})");
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->category, Category::System);
    EXPECT_NE(conclusion.fault->message.find("'/nowhere'"), std::string::npos);
}

TEST(Attempt, TheEnvironmentIsExactlyWhatWasSaid) {
    AttemptRun run;
    run.settings.environment["HOME"] = "/home/me";
    run.facts.job_name = "nightly";
    run.facts.traceparent = "00-1-2-01";
    run.facts.attempt = 4;
    EXPECT_FALSE(run(R"({"argv":["env"],"environment":{"LANG":"C","MINE":"a b\nc"}})").fault);
    EXPECT_EQ(run.out,
              "HOME=/home/me\nJOBHOST_ATTEMPT=4\nJOBHOST_JOB_ID=" + run.facts.job_id +
                  "\nJOBHOST_JOB_NAME=nightly\nJOBHOST_TRACEPARENT=00-1-2-01\nLANG=C\n"
                  "MINE=a b\nc\nPATH=/usr/local/bin:/usr/bin:/bin\nTRACEPARENT=00-1-2-01\n");
}

TEST(Attempt, RunsInTheWorkingDirectoryOfTheJobOrThePlugin) {
    AttemptRun run;
    EXPECT_FALSE(run(command("pwd")).fault);
    run.settings.working_directory = "/usr";
    EXPECT_FALSE(run(command("pwd")).fault);
    EXPECT_FALSE(run(command("pwd", R"(,"working_directory":"/usr/bin")")).fault);
    EXPECT_EQ(run.out, "/\n/usr\n/usr/bin\n");
}

TEST(Attempt, AWorkingDirectoryThatIsNotThereIsTheJobsFault) {
    AttemptRun run;
    for (const char* const path : {"/nowhere", "/etc/passwd"}) {
        const auto conclusion =
            run(command("pwd", std::string(",\"working_directory\":\"") + path + "\""));
        ASSERT_TRUE(conclusion.fault);
        EXPECT_EQ(conclusion.fault->type, "shell.working_directory");
        EXPECT_EQ(conclusion.fault->category, Category::Business);
        EXPECT_EQ(conclusion.fault->retry, Retry::Useless);
        EXPECT_NE(conclusion.fault->message.find(path), std::string::npos);
        EXPECT_TRUE(conclusion.result_json.empty());
    }
}

TEST(Attempt, AProgramThatCannotBeExecutedIsNamed) {
    AttemptRun run;
    const support::TempDir folder;
    const fs::path text_file = folder.write("no-program", "text\n");
    fs::permissions(text_file, fs::perms::owner_all);
    const std::pair<std::string, int> cases[] = {{"/nowhere/program", ENOENT},
                                                 {"no-such-program", ENOENT},
                                                 {"/etc/passwd", EACCES},
                                                 {"/etc", EACCES},
                                                 {text_file.string(), ENOEXEC}};
    for (const auto& [program, error_number] : cases) {
        const auto conclusion = run("{\"argv\":[\"" + program + "\"]}");
        ASSERT_TRUE(conclusion.fault) << program;
        EXPECT_EQ(conclusion.fault->type, "shell.program");
        EXPECT_EQ(conclusion.fault->category, Category::Application);
        EXPECT_EQ(conclusion.fault->retry, Retry::Useless);
        EXPECT_EQ(conclusion.fault->code, error_number);
        EXPECT_NE(conclusion.fault->message.find(program), std::string::npos);
    }
}

TEST(Attempt, AnInterpreterThatIsNotThereIsNamed) {
    AttemptRun run;
    const auto conclusion = run(command("exit", R"(,"interpreter":"/nowhere/sh")"));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.program");
    EXPECT_NE(conclusion.fault->message.find("/nowhere/sh"), std::string::npos);
}

TEST(Attempt, ACommandThatIsTooLongSaysWhereToPutIt) {
    AttemptRun run;
    const auto conclusion = run(command(std::string(200'000, ':')));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.arguments");
    EXPECT_EQ(conclusion.fault->code, E2BIG);
    EXPECT_NE(conclusion.fault->message.find("script"), std::string::npos);
}

TEST(Attempt, WrongArgumentsRunNothing) {
    AttemptRun run;
    const auto conclusion = run(R"({"command":"echo x","script":"echo y"})");
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.arguments");
    EXPECT_EQ(conclusion.fault->category, Category::Business);
    EXPECT_EQ(run.out, "");
}

TEST(Attempt, ACancelBeforeTheStartRunsNothing) {
    AttemptRun run;
    run.cancel.ask(Urgency::Polite);
    const auto conclusion = run(command("echo x"));
    EXPECT_TRUE(conclusion.cancelled);
    EXPECT_TRUE(conclusion.result_json.empty());
    EXPECT_EQ(run.out, "");
}

}  // namespace
}  // namespace jobhost::shell
