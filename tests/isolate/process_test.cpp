#include "isolate/process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::isolate {
namespace {

using namespace std::chrono_literals;
using How = ProcessEnd::How;
using testing::HasSubstr;

ProcessRequest shell(const std::string& script) {
    return {.program = "/bin/sh",
            .arguments = {"-c", script},
            .environment = {"PATH=/usr/bin:/bin"},
            .limit = 60s,
            .most_output = 1000,
            .most_errors = 100};
}

ProcessEnd end_of(const ProcessRequest& request) {
    auto end = run_process(request);
    EXPECT_TRUE(end) << end.error().message;
    return end ? *std::move(end) : ProcessEnd{};
}

/// Waits until a process is gone; it is nobody's child here, so it can only be watched.
bool is_gone(pid_t pid) {
    for (int i = 0; i < 100'000; ++i) {
        if (::kill(pid, 0) != 0 && errno == ESRCH) {
            return true;
        }
        const auto status = support::read_file("/proc/" + std::to_string(pid) + "/stat");
        if (status.find(") Z ") != std::string::npos) {
            return true;
        }
        std::this_thread::yield();
    }
    return false;
}

TEST(Process, OutputErrorsAndCodeComeBack) {
    const auto end = end_of(shell("echo out; echo err >&2; exit 3"));
    EXPECT_EQ(end.how, How::Exited);
    EXPECT_EQ(end.code, 3);
    EXPECT_EQ(end.output, "out\n");
    EXPECT_EQ(end.errors, "err\n");
}

TEST(Process, SignalThatEndedItIsNamed) {
    const auto end = end_of(shell("kill -SEGV $$"));
    EXPECT_EQ(end.how, How::Killed);
    EXPECT_EQ(end.signal, "SIGSEGV");
}

TEST(Process, IsEndedAtTheLimit) {
    auto request = shell("echo begun; sleep 60");
    request.limit = 100ms;
    const auto end = end_of(request);
    EXPECT_EQ(end.how, How::TimedOut);
    EXPECT_EQ(end.output, "begun\n");
}

TEST(Process, GroupDiesWithItAtTheLimit) {
    auto request = shell("sleep 60 & echo $!; wait");
    request.limit = 200ms;
    const auto end = end_of(request);
    EXPECT_EQ(end.how, How::TimedOut);
    ASSERT_FALSE(end.output.empty());
    EXPECT_TRUE(is_gone(std::stoi(end.output)));
}

TEST(Process, GroupDiesWithItsEnd) {
    const auto end = end_of(shell("sleep 60 & echo $!"));
    EXPECT_EQ(end.how, How::Exited);
    EXPECT_TRUE(is_gone(std::stoi(end.output)));
}

TEST(Process, WhoHoldsItsOutputOpenIsNotWaitedFor) {
    const auto begun = std::chrono::steady_clock::now();
    const auto end = end_of(shell("setsid sleep 5 & exit 0"));
    EXPECT_EQ(end.how, How::Exited);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
}

TEST(Process, IsEndedWhenItSaysTooMuch) {
    const auto end = end_of(shell("yes"));
    EXPECT_EQ(end.how, How::SaidTooMuch);
    EXPECT_EQ(end.output.size(), 1000U);
}

TEST(Process, WritersWithoutAPauseDoNotOutliveTheLimit) {
    auto request = shell("for i in 1 2 3 4 5 6 7 8; do cat /dev/zero >&2 & done; wait");
    request.limit = 200ms;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(end_of(request).how, How::TimedOut);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

TEST(Process, WritersWithoutAPauseSayTooMuch) {
    EXPECT_EQ(end_of(shell("for i in 1 2 3 4 5 6 7 8; do cat /dev/zero & done; wait")).how,
              How::SaidTooMuch);
}

TEST(Process, WriterThatLeftTheGroupDoesNotHoldUpTheEnd) {
    const support::TempDir dir;
    const auto begun = (dir / "begun").string();
    auto request = shell("setsid sh -c '> " + begun +
                         "; exec cat /dev/zero >&2' & while test ! -e " + begun + "; do :; done");
    EXPECT_EQ(end_of(request).how, How::Exited);
}

TEST(Process, WhatItLeavesBehindIsTakenWhole) {
    auto request = shell("head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2");
    request.most_output = 60'000;
    request.most_errors = 60'000;
    const auto end = end_of(request);
    EXPECT_EQ(end.how, How::Exited);
    EXPECT_EQ(end.output.size(), 60'000U);
    EXPECT_EQ(end.errors.size(), 60'000U);
}

TEST(Process, ErrorsBeyondTheBoundAreDropped) {
    const auto end = end_of(shell("yes | head -c 1000000 >&2; echo over"));
    EXPECT_EQ(end.how, How::Exited);
    EXPECT_EQ(end.errors.size(), 100U);
    EXPECT_EQ(end.output, "over\n");
}

TEST(Process, HasTheEnvironmentItIsGivenAndNoOther) {
    ::setenv("JOBHOST_TEST_SECRET", "hunter2", 1);
    auto request = shell("env");
    request.environment = {"PATH=/usr/bin:/bin", "GREETING=hello"};
    const auto end = end_of(request);
    EXPECT_THAT(end.output, HasSubstr("GREETING=hello"));
    EXPECT_EQ(end.output.find("hunter2"), std::string::npos);
    ::unsetenv("JOBHOST_TEST_SECRET");
}

TEST(Process, HasNoOtherDescriptors) {
    const int open = ::open("/dev/null", O_RDONLY);
    const int inheritable = ::fcntl(open, F_DUPFD, 50);  // without close-on-exec, on purpose
    // The shell's own look into the folder is the fourth.
    const auto end = end_of(shell("cd /proc/self/fd; echo *"));
    EXPECT_EQ(end.output, "0 1 2 3\n");
    ::close(inheritable);
    ::close(open);
}

TEST(Process, ReadsNothing) { EXPECT_EQ(end_of(shell("cat; echo over")).output, "over\n"); }

TEST(Process, IsALeaderOfASession) {
    const auto end = end_of(shell("test $$ = $(ps -o sid= -p $$)"));
    EXPECT_EQ(end.code, 0);
}

TEST(Process, BlockedSignalsAreNotHandedOn) {
    sigset_t term;
    sigset_t before;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &term, &before);
    const auto end = end_of(shell("kill -TERM $$; echo survived"));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(end.signal, "SIGTERM");
}

TEST(Process, DiesWithTheThreadThatStartedIt) {
    const support::TempDir dir;
    const auto file = (dir / "pid").string();
    const pid_t parent = ::fork();
    if (parent == 0) {
        static_cast<void>(run_process(shell("echo $$ > " + file + "; sleep 60")));
        ::_exit(0);
    }
    while (support::read_file(file).find('\n') == std::string::npos) {
        std::this_thread::yield();
    }
    ::kill(parent, SIGKILL);
    EXPECT_TRUE(is_gone(std::stoi(support::read_file(file))));
}

TEST(Process, ProgramThatIsNotThereCannotBeStarted) {
    auto request = shell("");
    request.program = "/nowhere/absent";
    const auto end = run_process(request);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().kind, base::ErrorKind::Unavailable);
    EXPECT_EQ(end.error().message, "cannot start /nowhere/absent: No such file or directory");
}

TEST(Process, CodeThatLooksLikeAFailedStartIsNone) {
    EXPECT_EQ(end_of(shell("exit 127")).code, 127);
}

}  // namespace
}  // namespace jobhost::isolate
