#include "supervisor.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <set>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "attempt_run.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::shell {
namespace {

/// A process that runs attempts, as a host does, and can be killed.
class HostProcess {
public:
    /// `serve` runs in the process; what it returns is its exit code.
    explicit HostProcess(const std::function<int()>& serve) : process_(::fork()) {
        if (process_ == 0) {
            ::setpgid(0, 0);
            ::_exit(serve());
        }
        ::setpgid(process_, process_);
    }

    void kill_hard() { ::kill(process_, SIGKILL); }
    void kill_group_hard() { ::kill(-process_, SIGKILL); }

    int wait() {
        int status = 0;
        ::waitpid(process_, &status, 0);
        return status;
    }

private:
    pid_t process_;
};

/// A host that runs one command whose lines of output can be waited for here.
class DyingHost : public ::testing::Test {
protected:
    void SetUp() override {
        leash_ = Descriptor(::open(leash_file_.c_str(), O_RDWR | O_CREAT, 0600));
        ASSERT_TRUE(leash_);
        ASSERT_EQ(::flock(leash_.number(), LOCK_EX), 0);
        auto pipe = open_pipe();
        ASSERT_TRUE(pipe);
        lines_ = std::move(*pipe);
    }

    HostProcess start(const std::string& arguments_json) {
        HostProcess host([&] {
            run_.leash = leash_.number();
            run_.on_output = [&] {
                write_all(lines_.write.number(), run_.out);
                run_.out.clear();
            };
            return run_(arguments_json).fault ? 1 : 0;
        });
        leash_.close();
        lines_.write.close();
        return host;
    }

    std::string wait_for_lines(int count) {
        std::string text;
        char letter = 0;
        while (count_lines(text) < count && ::read(lines_.read.number(), &letter, 1) == 1) {
            text += letter;
        }
        EXPECT_EQ(count_lines(text), count);
        return text;
    }

    /// What the successor of a dead host does: returns when nobody holds the leash any more.
    void wait_for_leash() {
        const Descriptor own(::open(leash_file_.c_str(), O_RDWR | O_CLOEXEC));
        ASSERT_EQ(::flock(own.number(), LOCK_EX), 0);
    }

    const std::string& job_id() const { return run_.facts.job_id; }

    // Some stay in the command's group, some leave it, one ignores every polite signal.
    const std::string family_ = command(
        "echo 1; (echo 2; exec sleep 1000) & setsid sh -c 'echo 3; exec sleep 1000' & "
        "(setsid sh -c 'trap \"\" TERM HUP INT; echo 4; sleep 1000; sleep 1000' &); wait",
        R"(,"kill_grace":3600)");

private:
    AttemptRun run_;
    Descriptor leash_;
    support::TempDir folder_;
    std::filesystem::path leash_file_ = folder_ / "leash";
    Pipe lines_;
};

TEST_F(DyingHost, TakesTheWholeTreeWithIt) {
    HostProcess host = start(family_);
    wait_for_lines(4);
    EXPECT_GT(living_processes(job_id()), 3);
    host.kill_hard();
    wait_for_leash();
    EXPECT_EQ(living_processes(job_id()), 0);
    host.wait();
}

TEST_F(DyingHost, TakesTheWholeTreeWithItWhenItsGroupIsKilled) {
    HostProcess host = start(family_);
    wait_for_lines(4);
    host.kill_group_hard();
    wait_for_leash();
    EXPECT_EQ(living_processes(job_id()), 0);
    host.wait();
}

TEST_F(DyingHost, TakesAScriptsFileWithIt) {
    HostProcess host = start(R"({"script":"echo $0\nsleep 1000\n"})");
    const std::string line = wait_for_lines(1);
    const std::string script = line.substr(0, line.size() - 1);
    EXPECT_TRUE(std::filesystem::exists(script)) << script;
    host.kill_hard();
    wait_for_leash();
    EXPECT_FALSE(std::filesystem::exists(script));
    host.wait();
}

/// Waits for the end of a process that is not our child.
bool ends(pid_t process) {
    const Descriptor watched(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    pollfd awaited{watched.number(), POLLIN, 0};
    return !watched || ::poll(&awaited, 1, 10'000) == 1;
}

TEST(Supervisor, KilledItselfTakesTheCommandAndItsGroup) {
    AttemptRun run;
    const auto conclusion = run(command("sleep 1000 & echo $!; kill -KILL $PPID; wait"));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_TRUE(ends(std::stoi(run.out)));
    EXPECT_EQ(conclusion.fault->type, "shell.supervisor");
    EXPECT_EQ(conclusion.fault->category, Category::System);
}

TEST(Supervisor, ToldToEndItselfTakesTheTree) {
    AttemptRun run;
    const auto conclusion =
        run(command("setsid sleep 1000 & trap '' TERM; kill -TERM $PPID; sleep 1000; sleep 1000"));
    ASSERT_TRUE(conclusion.fault);
    EXPECT_EQ(conclusion.fault->type, "shell.supervisor");
    EXPECT_EQ(conclusion.fault->code, SIGTERM);
    EXPECT_EQ(living_processes(run.facts.job_id), 0);
}

TEST(Supervisor, GivesTheCommandThreeDescriptors) {
    const Descriptor inherited(::open("/dev/null", O_RDONLY));
    const Descriptor far(::fcntl(inherited.number(), F_DUPFD, 700));
    ASSERT_TRUE(far);
    AttemptRun run;
    run.leash = inherited.number();
    EXPECT_FALSE(run(command("ls /proc/$$/fd; :", R"(,"stdin":"text")")).fault);
    EXPECT_EQ(run.out, "0\n1\n2\n");
}

TEST(Supervisor, HoldsNoDescriptorOfTheHostButTheLeash) {
    const Descriptor leash(::open("/etc/hostname", O_RDONLY));
    const Descriptor other(::open("/etc/passwd", O_RDONLY));
    AttemptRun run;
    run.leash = leash.number();
    EXPECT_FALSE(run(command("readlink /proc/$PPID/fd/* | sed 's/:.*//' | sort")).fault);
    // It watches signals, reads processes, and talks to the host.
    EXPECT_EQ(run.out, "/etc/hostname\n/proc\nanon_inode\nsocket\n");
}

TEST(Supervisor, WorksForAHostWithoutStandardStreams) {
    HostProcess host([] {
        AttemptRun run;
        for (int number = 0; number < 3; ++number) {
            ::close(number);
        }
        const bool failed =
            run(command("cat; echo err >&2", R"(,"stdin":"text")")).fault.has_value();
        return !failed && run.out == "text" && run.err == "err\n" ? 0 : 1;
    });
    EXPECT_EQ(host.wait(), 0);
}

TEST(Supervisor, GivesTheCommandDefaultSignals) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGCHLD, SIG_IGN);
    AttemptRun run;
    EXPECT_FALSE(run(command("grep -E '^Sig(Blk|Ign)' /proc/self/status")).fault);
    ::signal(SIGCHLD, SIG_DFL);
    ::signal(SIGPIPE, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    EXPECT_EQ(run.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Supervisor, LeavesTheSignalMaskOfTheHostAlone) {
    sigset_t before;
    sigset_t after;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
    AttemptRun run;
    EXPECT_FALSE(run(command("exit 0")).fault);
    ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
    for (int signal = 1; signal <= SIGRTMAX; ++signal) {
        EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
    }
}

TEST(Supervisor, GivesTheCommandASessionOfItsOwn) {
    AttemptRun run;
    const auto conclusion =
        run(command("read -r pid name state parent group session rest < /proc/$$/stat; "
                    "[ $pid = $group ] && [ $pid = $session ]"));
    EXPECT_FALSE(conclusion.fault);
}

TEST(Supervisor, IsInvisibleToAWaitForAnyChild) {
    AttemptRun run;
    pid_t seen = 0;
    run.on_output = [&seen] { seen = ::waitpid(-1, nullptr, WNOHANG); };
    EXPECT_FALSE(run(command("echo x")).fault);
    EXPECT_EQ(seen, -1);
}

TEST(Supervisor, ManyAtOnceLeakNothing) {
    constexpr int kAtOnce = 64;
    std::vector<AttemptRun> runs(kAtOnce);
    const int before = open_descriptors();
    std::vector<std::thread> threads;
    for (AttemptRun& run : runs) {
        threads.emplace_back([&run] {
            run(command("ls /proc/$$/fd; cat; echo err >&2; sleep 1000 &", R"(,"stdin":"in")"));
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(open_descriptors(), before);
    for (const AttemptRun& run : runs) {
        EXPECT_EQ(run.out, "0\n1\n2\nin");
        EXPECT_EQ(run.err, "err\n");
        EXPECT_EQ(living_processes(run.facts.job_id), 0);
    }
}

/// An attempt by a process that may not have descriptors of this number or above.
Conclusion run_with_descriptors_below(rlim_t number) {
    AttemptRun run;
    rlimit usual{};
    ::getrlimit(RLIMIT_NOFILE, &usual);
    const rlimit small{number, usual.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &small);
    auto conclusion = run(R"({"argv":["true"],"stdin":"text"})");
    ::setrlimit(RLIMIT_NOFILE, &usual);
    return conclusion;
}

TEST(Supervisor, EveryShortageOfDescriptorsIsAFault) {
    const int before = open_descriptors();
    std::set<std::string> wanting;
    // A sanitizer takes a descriptor of its own when it meets a type for the first time.
    ASSERT_FALSE(AttemptRun()(R"({"argv":["true"],"stdin":"text"})").fault);
    auto conclusion = run_with_descriptors_below(0);
    for (rlim_t number = 1; conclusion.fault; ++number) {
        EXPECT_EQ(conclusion.fault->type, "shell.resources");
        EXPECT_EQ(conclusion.fault->category, Category::System);
        EXPECT_EQ(conclusion.fault->retry, Retry::Worthwhile);
        EXPECT_EQ(conclusion.fault->code, EMFILE);
        EXPECT_EQ(open_descriptors(), before);
        const std::string& message = conclusion.fault->message;
        wanting.insert(message.substr(0, message.find(':')));
        conclusion = run_with_descriptors_below(number);
    }
    EXPECT_EQ(wanting, (std::set<std::string>{"cannot keep the text for stdin in memory",
                                              "cannot open a pipe", "cannot open a socket pair"}));
    EXPECT_EQ(open_descriptors(), before);
}

/// Runs an attempt where no more than `processes` may be. 0: it ran; 1: the fault is the right one.
int run_within(rlim_t processes) {
    // A user that has no other process; who is not root meets the limit with the first one.
    if (::getuid() == 0 && ::setuid(64123) != 0) {
        return 100;
    }
    const rlimit limit{processes, processes};
    if (::setrlimit(RLIMIT_NPROC, &limit) != 0) {
        return 101;
    }
    AttemptRun run;
    const auto conclusion = run(R"({"argv":["/bin/true"]})");
    if (!conclusion.fault) {
        return 0;
    }
    const bool as_expected = conclusion.fault->type == "shell.resources" &&
                             conclusion.fault->retry == Retry::Worthwhile &&
                             conclusion.fault->code == EAGAIN;
    return as_expected ? 1 : 102;
}

TEST(Supervisor, AShortageOfProcessesIsAFault) {
    int shortages = 0;
    int exit_code = 1;
    // First the supervisor cannot be forked, then the command cannot, then both can.
    for (rlim_t limit = 1; exit_code == 1 && limit < 20; ++limit) {
        HostProcess host([limit] { return run_within(limit); });
        const int status = host.wait();
        ASSERT_TRUE(WIFEXITED(status));
        exit_code = WEXITSTATUS(status);
        shortages += exit_code;
    }
    EXPECT_GE(shortages, 2);
    if (::getuid() == 0) {
        EXPECT_EQ(exit_code, 0);
    }
}

}  // namespace
}  // namespace jobhost::shell
