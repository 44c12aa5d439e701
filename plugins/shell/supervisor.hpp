#pragma once

#include <cstdint>
#include <sys/types.h>
#include <type_traits>

namespace jobhost::shell {

/// Everything that the supervisor needs, in memory that the caller prepared: the supervisor
/// allocates nothing. The descriptors are numbered above the standard streams and closed on exec.
struct SupervisorOrder {
    const char* program = nullptr;
    char* const* arguments = nullptr;    ///< with argument 0; ends with a null pointer
    char* const* environment = nullptr;  ///< ends with a null pointer
    const char* working_directory = nullptr;
    const char* remove_afterwards = nullptr;  ///< a file; may be null
    std::int64_t kill_grace_ms = 0;
    int standard_input = -1;
    int standard_output = -1;
    int standard_error = -1;
    /// One end of a stream socket pair: ControlByte comes in, SupervisorMessage goes out, and end
    /// of file means that the host has died.
    int channel = -1;
    int leash = -1;  ///< kept open until the whole tree is dead; -1 = none
};

/// What the host may say to the supervisor.
enum class ControlByte : char {
    Terminate = 't',  ///< SIGTERM to the command's group, a grace period, then SIGKILL for all
    Kill = 'k',       ///< SIGKILL for all, at once
};

/// Where the way to a running command ended.
enum class Step : std::int32_t {
    CloseDescriptors,
    WatchSignals,
    OpenProcessTable,
    ForkCommand,
    PrepareCommand,
    EnterWorkingDirectory,
    Execute,
};

/// Why the tree is dead.
enum class EndedBy : std::int32_t {
    Itself,    ///< the command ended; what it left behind was killed
    Request,   ///< the host asked for it
    HostGone,  ///< the host has died
    Signal,    ///< somebody sent SIGTERM to the supervisor
};

/// What the supervisor says to the host, one write each. Started and, as the last one, Ended; or,
/// if there is no command, Failed and end of file. When the command could not be executed a Failed
/// comes before Ended.
struct SupervisorMessage {
    enum class Kind : std::int32_t { Started, Failed, Ended };

    Kind kind = Kind::Started;
    Step failed_step = Step::CloseDescriptors;  ///< Failed
    std::int32_t error_number = 0;              ///< Failed
    pid_t command = 0;                          ///< Started; its process group, too
    EndedBy ended_by = EndedBy::Itself;         ///< Ended, as are all below
    std::int32_t wait_status = 0;               ///< of the command's own process, as by wait4
    std::int32_t left_behind = 0;               ///< 1: the command ended before its tree did
    std::int32_t reserved = 0;
    std::int64_t user_us = 0;              ///< processor time of the tree
    std::int64_t system_us = 0;            ///< processor time of the tree, in the kernel
    std::int64_t max_rss_kib = 0;          ///< of the largest process of the tree
    std::int64_t unexplained_rss_kib = 0;  ///< a max_rss_kib up to this is that of the fork itself
};
static_assert(std::is_trivially_copyable_v<SupervisorMessage>);

/// Forks a supervisor, which runs the command of `order` and leaves when the whole tree of it is
/// dead, whatever becomes of the host. Returns its process number, or the negative error number.
/// The caller reaps it by waitpid with __WALL (it sends no SIGCHLD, and a wait for "any child" of
/// somebody else in the process does not see it) and closes its own copies of the descriptors that
/// are the supervisor's. [any thread]
pid_t fork_supervisor(const SupervisorOrder& order) noexcept;

}  // namespace jobhost::shell
