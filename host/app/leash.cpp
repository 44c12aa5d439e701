#include "app/leash.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace jobhost::app {

namespace {

namespace fs = std::filesystem;

/// How long a process may take to vanish after SIGKILL. Longer means the machine is in trouble.
constexpr auto kVanish = std::chrono::seconds(10);

/// How long a process may take to end by itself, with all that it watches over, after SIGTERM.
/// Killed outright, the supervisor of a command would lose those who have made a session of their
/// own.
constexpr auto kPatience = std::chrono::seconds(2);

/// A process that a host was just starting when it died holds every lock until it has become what
/// it was to be, so a lock that is taken is looked at again for this long.
constexpr auto kBirth = std::chrono::seconds(1);

/// A holder that cannot be looked into (it is just being born, or ends) is waited for in such
/// steps.
constexpr int kLookAgainMs = 10;

base::Error failure(const fs::path& file, std::string_view what) {
    return {base::ErrorKind::Unavailable, "data_dir",
            file.string() + " " + std::string(what) + ": " + std::strerror(errno)};
}

base::Result<int> open_lock(const fs::path& file, int extra_flags) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | extra_flags, 0600);
    if (fd < 0) {
        return failure(file, "cannot be opened");
    }
    return fd;
}

bool lock_now(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB) == 0; }

bool lock_soon(int fd) {
    const auto until = std::chrono::steady_clock::now() + kBirth;
    while (!lock_now(fd)) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        ::poll(nullptr, 0, kLookAgainMs);
    }
    return true;
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> pids;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename();
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error == std::errc() && end == name.data() + name.size() && pid != ::getpid()) {
            pids.push_back(pid);
        }
    }
    return pids;
}

/// Does this process have the file open? Processes of others cannot be looked into and do not
/// count.
bool holds(pid_t pid, const struct stat& file) {
    std::error_code ignored;
    const fs::path descriptors = fs::path("/proc") / std::to_string(pid) / "fd";
    for (const auto& entry : fs::directory_iterator(descriptors, ignored)) {
        struct stat open_file {};
        if (::stat(entry.path().c_str(), &open_file) == 0 && open_file.st_dev == file.st_dev &&
            open_file.st_ino == file.st_ino) {
            return true;
        }
    }
    return false;
}

/// Waits for the end of a process, not beyond `until`.
bool is_gone(int process, std::chrono::steady_clock::time_point until) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd gone{process, POLLIN, 0};
    return ::poll(&gone, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) > 0;
}

/// Ends the process and waits until it is gone. The descriptor of the process is taken before the
/// last look, so that a reused number is never hit.
bool end_holder(pid_t pid, const struct stat& file, std::chrono::steady_clock::time_point until) {
    const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (fd < 0) {
        return false;
    }
    const bool holder = holds(pid, file);
    if (holder) {
        base::log(base::LogLevel::Warn, "app", "a process that a dead host left behind is ended",
                  {{"pid", std::to_string(pid)}});
        ::syscall(SYS_pidfd_send_signal, fd, SIGTERM, nullptr, 0);
        if (!is_gone(fd, std::min(until, std::chrono::steady_clock::now() + kPatience))) {
            ::syscall(SYS_pidfd_send_signal, fd, SIGKILL, nullptr, 0);
            static_cast<void>(is_gone(fd, until));
        }
    }
    ::close(fd);
    return holder;
}

/// Ends every process that still holds the leash. The supervisor of a command may be at work on
/// that itself, so a holder that is gone when we come is as good.
base::Result<int> take_from_the_dead(int leash, const fs::path& path) {
    struct stat file {};
    ::fstat(leash, &file);
    const auto until = std::chrono::steady_clock::now() + kVanish;
    int ended = 0;
    while (!lock_now(leash)) {
        if (std::chrono::steady_clock::now() > until) {
            return base::Error{base::ErrorKind::Unavailable, "leftovers",
                               path.string() +
                                   " is still held by processes of an earlier host that do not "
                                   "end; find them with `fuser` on that file"};
        }
        int found = 0;
        for (const pid_t pid : all_processes()) {
            found += end_holder(pid, file, until) ? 1 : 0;
        }
        if (found == 0) {
            ::poll(nullptr, 0, kLookAgainMs);
        }
        ended += found;
    }
    return ended;
}

}  // namespace

base::Result<Leash> Leash::take(const fs::path& data_dir) {
    const auto host_lock = open_lock(data_dir / "host.lock", O_CLOEXEC);
    if (!host_lock) {
        return host_lock.error();
    }
    if (!lock_soon(*host_lock)) {
        ::close(*host_lock);
        return base::Error{
            base::ErrorKind::Conflict, "data_dir_in_use",
            data_dir.string() +
                " is in use by another jobhost; give this one a data_dir of its own"};
    }
    const auto leash = open_lock(data_dir / "leash", 0);
    if (!leash) {
        ::close(*host_lock);
        return leash.error();
    }
    const auto ended = take_from_the_dead(*leash, data_dir / "leash");
    if (!ended) {
        ::close(*leash);
        ::close(*host_lock);
        return ended.error();
    }
    ::setenv(std::string(kVariable).c_str(), std::to_string(*leash).c_str(), 1);
    return Leash(*host_lock, *leash, *ended);
}

Leash::Leash(Leash&& other) noexcept
    : host_lock_(std::exchange(other.host_lock_, -1)),
      leash_(std::exchange(other.leash_, -1)),
      ended_(other.ended_) {}

Leash::~Leash() {
    for (const int fd : {leash_, host_lock_}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
}

}  // namespace jobhost::app
