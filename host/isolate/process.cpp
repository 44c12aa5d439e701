#include "isolate/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "plugin/unique_fd.hpp"

namespace jobhost::isolate {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;
using plugin::UniqueFd;

using SteadyClock = std::chrono::steady_clock;

constexpr int kFirstFree = 10;  // above everything that the child rearranges
constexpr int kReport = 3;      // where the child tells that it could not start

Error cannot(const std::string& what, const std::filesystem::path& program, int error) {
    return {
        ErrorKind::Unavailable, "child_start",
        "cannot " + what + " " + program.string() + ": " + std::generic_category().message(error)};
}

struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

/// Both ends lie above the standard descriptors, even if those of this process are closed.
std::optional<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::nullopt;
    }
    const UniqueFd low_read(ends[0]);
    const UniqueFd low_write(ends[1]);
    Pipe pipe{UniqueFd(::fcntl(ends[0], F_DUPFD_CLOEXEC, kFirstFree)),
              UniqueFd(::fcntl(ends[1], F_DUPFD_CLOEXEC, kFirstFree))};
    if (!pipe.read || !pipe.write || ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0) {
        return std::nullopt;
    }
    return pipe;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// All that the child needs, prepared before the fork: after it only what is safe in a copy of a
/// process with threads may be called.
struct Launch {
    const char* program;
    char* const* arguments;
    char* const* environment;
    int input;
    int output;
    int errors;
    int report;
    pid_t parent;
};

[[noreturn]] void give_up(int report) {
    const int error = errno;
    static_cast<void>(::write(report, &error, sizeof error));
    ::_exit(127);
}

[[noreturn]] void become(const Launch& launch) {
    const rlimit no_core{0, 0};
    sigset_t none;
    ::sigemptyset(&none);
    ::signal(SIGPIPE, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (::setsid() < 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        give_up(launch.report);
    }
    if (::getppid() != launch.parent) {
        ::_exit(127);  // the parent died before it could take us along
    }
    if (::dup2(launch.input, STDIN_FILENO) < 0 || ::dup2(launch.output, STDOUT_FILENO) < 0 ||
        ::dup2(launch.errors, STDERR_FILENO) < 0 || ::dup3(launch.report, kReport, O_CLOEXEC) < 0 ||
        ::close_range(kReport + 1, ~0U, 0) != 0) {
        give_up(launch.report);
    }
    ::execve(launch.program, launch.arguments, launch.environment);
    give_up(kReport);
}

/// A child that runs, and its group. Both are gone when this is.
class Child {
public:
    Child(pid_t pid, UniqueFd ended, UniqueFd output, UniqueFd errors)
        : pid_(pid),
          ended_(std::move(ended)),
          output_(std::move(output)),
          errors_(std::move(errors)) {}
    ~Child() { finish(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ProcessEnd follow(const ProcessRequest& request);

private:
    int finish();

    pid_t pid_;
    UniqueFd ended_;
    UniqueFd output_;
    UniqueFd errors_;
};

enum class Taken { Nothing, All, Part };

/// Appends what one read finds, keeping at most `most` of all; closes the pipe at its end. One read
/// only, since who writes without a pause would hold the reader for ever.
Taken take(UniqueFd& pipe, std::string& into, std::size_t most) {
    if (!pipe) {
        return Taken::Nothing;
    }
    std::array<char, std::size_t{16} * 1024> block;
    const auto got = ::read(pipe.get(), block.data(), block.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return Taken::Nothing;
    }
    if (got <= 0) {
        pipe.reset();
        return Taken::Nothing;
    }
    const auto bytes = static_cast<std::size_t>(got);
    const auto kept = std::min(bytes, most - into.size());
    into.append(block.data(), kept);
    return kept == bytes ? Taken::All : Taken::Part;
}

/// Takes what a process left behind. Comes to an end even if somebody still writes.
Taken take_rest(UniqueFd& pipe, std::string& into, std::size_t most) {
    auto taken = Taken::All;
    while (taken == Taken::All) {
        taken = take(pipe, into, most);
    }
    return taken;
}

ProcessEnd Child::follow(const ProcessRequest& request) {
    ProcessEnd end;
    const auto deadline = SteadyClock::now() + request.limit;
    bool over = false;
    while (!over) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
        std::array<pollfd, 3> watched{
            {{ended_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};
        if (left <= 0) {
            end.how = ProcessEnd::How::TimedOut;
            return end;
        }
        ::poll(watched.data(), watched.size(), static_cast<int>(left));
        over = (watched[0].revents & POLLIN) != 0;
        static_cast<void>(take(errors_, end.errors, request.most_errors));
        if (take(output_, end.output, request.most_output) == Taken::Part) {
            end.how = ProcessEnd::How::SaidTooMuch;
            return end;
        }
    }
    const int status = finish();
    static_cast<void>(take_rest(errors_, end.errors, request.most_errors));
    if (take_rest(output_, end.output, request.most_output) == Taken::Part) {
        end.how = ProcessEnd::How::SaidTooMuch;
        return end;
    }
    if (WIFSIGNALED(status)) {
        const char* const name = ::sigabbrev_np(WTERMSIG(status));
        end.how = ProcessEnd::How::Killed;
        end.signal = name == nullptr ? std::to_string(WTERMSIG(status)) : "SIG" + std::string(name);
    } else {
        end.code = WEXITSTATUS(status);
    }
    return end;
}

/// Kills the group before its leader is reaped, so that its number cannot be another's by then.
int Child::finish() {
    int status = 0;
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        ::kill(pid_, SIGKILL);  // when it has not made its session yet
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
    return status;
}

/// The error number that a child reports which could not become the program; 0 when it did.
int reported(const UniqueFd& report) {
    int error = 0;
    pollfd watched{report.get(), POLLIN, 0};
    while (::poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
    const auto got = ::read(report.get(), &error, sizeof error);
    return got == static_cast<ssize_t>(sizeof error) ? error : 0;
}

}  // namespace

Result<ProcessEnd> run_process(const ProcessRequest& request) {
    auto output = make_pipe();
    auto errors = make_pipe();
    auto report = make_pipe();
    const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const UniqueFd input(null ? ::fcntl(null.get(), F_DUPFD_CLOEXEC, kFirstFree) : -1);
    if (!output || !errors || !report || !input) {
        return cannot("prepare pipes for", request.program, errno);
    }
    auto words = request.arguments;
    words.insert(words.begin(), request.program.filename().string());
    auto environment = request.environment;
    const auto arguments_of = pointers(words);
    const auto environment_of = pointers(environment);
    const Launch launch{
        request.program.c_str(), arguments_of.data(), environment_of.data(), input.get(),
        output->write.get(),     errors->write.get(), report->write.get(),   ::getpid()};
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(launch);
    }
    if (pid < 0) {
        return cannot("start", request.program, errno);
    }
    // The header of this call lacks C linkage in glibc 2.36.
    UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    const int watch_error = ended ? 0 : errno;
    Child child(pid, std::move(ended), std::move(output->read), std::move(errors->read));
    if (watch_error != 0) {
        return cannot("watch", request.program, watch_error);
    }
    output->write.reset();
    errors->write.reset();
    report->write.reset();
    if (const int error = reported(report->read); error != 0) {
        return cannot("start", request.program, error);
    }
    return child.follow(request);
}

}  // namespace jobhost::isolate
