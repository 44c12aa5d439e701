// The kernel's own calls, for the code that runs between fork and exec.
//
// A fork of a process with threads has one thread and the memory of all of them as it happened to
// be: any lock may be held by a thread that does not exist, for ever. POSIX therefore allows only
// async-signal-safe functions there. We go one step further and call the kernel ourselves, because
// the C library's functions are not always what they seem: sanitizers and profilers put their own
// in front, with locks in them, and set-id and fork wrappers run other people's handlers.
//
// Each function answers what the kernel answers: 0 or more, or the negative error number.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jobhost::shell::kernel {

template <typename... Arguments>
long call(long number, Arguments... arguments) noexcept {
    const long answer = ::syscall(number, arguments...);
    return answer == -1 ? -errno : answer;
}

/// The kernel's signal sets are one word on 64-bit Linux.
using SignalSet = std::uint64_t;
inline constexpr SignalSet kAllSignals = ~SignalSet{0};
inline constexpr int kLastSignal = 64;

constexpr SignalSet signal_set(int signal) noexcept { return SignalSet{1} << (signal - 1); }

/// Like fork, but runs no handlers; 0 in the child. `exit_signal` is what the parent gets at its
/// end; with 0 the child is invisible to whoever in the process waits for "any child".
inline long fork_with(int exit_signal) noexcept {
    return call(SYS_clone, static_cast<unsigned long>(exit_signal), 0L, 0L, 0L, 0L);
}

[[noreturn]] inline void leave(int status) noexcept {
    while (true) {
        call(SYS_exit_group, status);
    }
}

inline long read(int from, void* bytes, std::size_t size) noexcept {
    return call(SYS_read, from, bytes, size);
}

inline long write(int into, const void* bytes, std::size_t size) noexcept {
    return call(SYS_write, into, bytes, size);
}

inline long open_at(int folder, const char* path, int flags) noexcept {
    return call(SYS_openat, folder, path, flags | O_CLOEXEC, 0);
}

inline long close(int number) noexcept { return call(SYS_close, number); }

inline long close_range(unsigned first, unsigned last, unsigned flags) noexcept {
    return call(SYS_close_range, first, last, flags);
}

inline long duplicate_onto(int from, int onto) noexcept { return call(SYS_dup3, from, onto, 0); }

inline long rewind(int number) noexcept { return call(SYS_lseek, number, 0L, SEEK_SET); }

inline long list_folder(int folder, void* entries, std::size_t size) noexcept {
    return call(SYS_getdents64, folder, entries, size);
}

inline long remove_file(const char* path) noexcept { return call(SYS_unlinkat, AT_FDCWD, path, 0); }

inline long change_folder(const char* path) noexcept { return call(SYS_chdir, path); }

inline long process_option(int option, unsigned long value) noexcept {
    return call(SYS_prctl, option, value, 0UL, 0UL, 0UL);
}

inline pid_t own_process() noexcept { return static_cast<pid_t>(call(SYS_getpid)); }

inline pid_t parent_process() noexcept { return static_cast<pid_t>(call(SYS_getppid)); }

inline long new_session() noexcept { return call(SYS_setsid); }

/// A negative `process` means the process group of that number.
inline long send_signal(pid_t process, int signal) noexcept {
    return call(SYS_kill, process, signal);
}

inline long block_signals(SignalSet blocked, SignalSet* before) noexcept {
    return call(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, before, sizeof blocked);
}

inline long default_disposition(int signal) noexcept {
    // Zeros are the kernel's struct for "default, no flags", in its layout on every architecture.
    const std::uint64_t action[4] = {};
    return call(SYS_rt_sigaction, signal, action, nullptr, sizeof(SignalSet));
}

/// A descriptor that is readable while one of `signals` is pending; does not block.
inline long signal_descriptor(SignalSet signals) noexcept {
    return call(SYS_signalfd4, -1, &signals, sizeof signals, O_NONBLOCK | O_CLOEXEC);
}

/// `timeout_ms` below 0 waits for ever.
inline long poll(pollfd* descriptors, unsigned long count, std::int64_t timeout_ms) noexcept {
    timespec timeout{timeout_ms / 1000, (timeout_ms % 1000) * 1'000'000};
    return call(SYS_ppoll, descriptors, count, timeout_ms < 0 ? nullptr : &timeout, nullptr,
                std::size_t{0});
}

/// 0 when no child has ended, -ECHILD when there is no child at all.
inline long reap_any(int* status) noexcept {
    return call(SYS_wait4, -1, status, WNOHANG | __WALL, nullptr);
}

inline long resource_usage(int who, rusage* usage) noexcept {
    return call(SYS_getrusage, who, usage);
}

inline std::int64_t monotonic_ms() noexcept {
    timespec now{};
    call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

inline long execute(const char* program,
                    char* const* arguments,
                    char* const* environment) noexcept {
    return call(SYS_execve, program, arguments, environment);
}

}  // namespace jobhost::shell::kernel
