// The supervisor: one process between the host and each command.
//
// Killing "a command with all it started" has no call in the kernel. A process group loses those
// who make a session of their own; following parents loses those whose parent has ended. What does
// not lose anybody is adoption: a *subreaper* becomes the parent of every descendant whose own
// parent ends. So: kill all direct children, adopt theirs, kill those, until there is no child left
// (ECHILD). Nobody can leave the tree other than by dying.
//
// The host itself must not be the subreaper (it would adopt the orphans of all attempts, and cannot
// tell whose they are), and it may be killed by -9 at any time. Hence a process per command:
//
//   host ──fork──▶ supervisor ──fork──▶ command ──▶ …
//        ◀──channel─▶  session of its own, signals blocked, no descriptor but its own
//
//   - End of file on the channel means that the host has died, and everything is killed at once.
//   The
//     leash, a lock that the host's successor looks at, is held until the tree is dead.
//   - It is not exec'ed, so a plugin stays one file. The price is everything the head of
//     system_calls.hpp says: from fork to exit this file allocates nothing, takes no lock and calls
//     the kernel only. It is compiled without sanitizers for the same reason.
//   - If the supervisor itself is killed by -9, the command dies with it (parent-death signal), and
//     the host kills the command's group; only a process that had left the group would live on.
//   - A process that makes new sessions and new processes faster than /proc can be read, over and
//     over, could run away for some time. Nothing short of a control group stops that.
#include "supervisor.hpp"

#include <cstddef>
#include <sys/signalfd.h>

#include "process_table.hpp"
#include "system_calls.hpp"

namespace jobhost::shell {

namespace {

constexpr unsigned kNone = ~0U;
constexpr std::int64_t kForEver = -1;
// After a SIGKILL the death of a child wakes us; this is for children that it could not reach yet.
constexpr std::int64_t kLookAgainMs = 50;
// The pages that a process touches between fork and exec count as the command's by the kernel.
constexpr std::int64_t kForkSlackKib = 1024;

void say(int channel, const SupervisorMessage& message) noexcept {
    // If nobody listens any more, nobody misses it.
    kernel::write(channel, &message, sizeof message);
}

void say_failed(int channel, Step step, long error) noexcept {
    SupervisorMessage message;
    message.kind = SupervisorMessage::Kind::Failed;
    message.failed_step = step;
    message.error_number = static_cast<std::int32_t>(-error);
    say(channel, message);
}

/// The smallest of `numbers` that is `from` or larger; kNone when there is none.
template <std::size_t Count>
unsigned smallest_from(unsigned from, const int (&numbers)[Count]) noexcept {
    unsigned smallest = kNone;
    for (const int number : numbers) {
        const auto candidate = static_cast<unsigned>(number);
        if (candidate >= from && candidate < smallest) {
            smallest = candidate;
        }
    }
    return smallest;
}

/// Closes everything that is not in `kept`, 0 to 2 included. Numbers below 0 keep nothing.
template <std::size_t Count>
long close_all_but(const int (&kept)[Count]) noexcept {
    unsigned first = 0;
    while (true) {
        const unsigned spared = smallest_from(first, kept);
        if (spared == kNone) {
            return kernel::close_range(first, kNone, 0);
        }
        if (spared > first) {
            const long closed = kernel::close_range(first, spared - 1, 0);
            if (closed < 0) {
                return closed;
            }
        }
        first = spared + 1;
    }
}

/// The other side of the fork: becomes the command.
class Command {
public:
    Command(const SupervisorOrder& order, pid_t supervisor) noexcept
        : order_(order), supervisor_(supervisor) {}

    [[noreturn]] void become() const noexcept {
        enter(Step::PrepareCommand, detach());
        enter(Step::PrepareCommand, place_streams());
        enter(Step::EnterWorkingDirectory, kernel::change_folder(order_.working_directory));
        kernel::block_signals(0, nullptr);
        enter(Step::Execute, kernel::execute(order_.program, order_.arguments, order_.environment));
        kernel::leave(127);
    }

private:
    void enter(Step step, long answer) const noexcept {
        if (answer < 0) {
            say_failed(order_.channel, step, answer);
            kernel::leave(127);
        }
    }

    long detach() const noexcept {
        kernel::new_session();
        const long asked = kernel::process_option(PR_SET_PDEATHSIG, SIGKILL);
        if (kernel::parent_process() != supervisor_) {
            kernel::leave(127);
        }
        return asked;
    }

    /// Everything above the standard streams closes itself on exec, and until then the way to
    /// report a failure stays open.
    long place_streams() const noexcept {
        const int streams[] = {order_.standard_input, order_.standard_output,
                               order_.standard_error};
        for (int number = 0; number < 3; ++number) {
            const long placed = kernel::duplicate_onto(streams[number], number);
            if (placed < 0) {
                return placed;
            }
        }
        return kernel::close_range(3, kNone, CLOSE_RANGE_CLOEXEC);
    }

    const SupervisorOrder& order_;
    pid_t supervisor_;
};

class Supervisor {
public:
    explicit Supervisor(const SupervisorOrder& order) noexcept : order_(order) {}

    [[noreturn]] void serve() noexcept {
        if (prepare() && start_command()) {
            watch();
            kill_all();
            report();
        }
        if (order_.remove_afterwards != nullptr) {
            kernel::remove_file(order_.remove_afterwards);
        }
        kernel::leave(0);
    }

private:
    /// A session of its own, so that nobody who kills the host's process group kills us first.
    bool prepare() noexcept {
        kernel::new_session();
        self_ = kernel::own_process();
        kernel::process_option(PR_SET_NAME, reinterpret_cast<unsigned long>("jobhost-shell"));
        kernel::process_option(PR_SET_CHILD_SUBREAPER, 1);
        for (int signal = 1; signal <= kernel::kLastSignal; ++signal) {
            kernel::default_disposition(signal);
        }
        return went_well(Step::CloseDescriptors, close_foreign_descriptors()) &&
               open(signals_, Step::WatchSignals,
                    kernel::signal_descriptor(kernel::signal_set(SIGCHLD) |
                                              kernel::signal_set(SIGTERM))) &&
               open(processes_, Step::OpenProcessTable,
                    kernel::open_at(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY));
    }

    bool start_command() noexcept {
        const long forked = kernel::fork_with(SIGCHLD);
        if (forked == 0) {
            Command(order_, self_).become();
        }
        if (!went_well(Step::ForkCommand, forked)) {
            return false;
        }
        command_ = static_cast<pid_t>(forked);
        kernel::close(order_.standard_input);
        kernel::close(order_.standard_output);
        kernel::close(order_.standard_error);
        SupervisorMessage started;
        started.kind = SupervisorMessage::Kind::Started;
        started.command = command_;
        say(order_.channel, started);
        return true;
    }

    /// Until the command has ended, or has to.
    void watch() noexcept {
        while (!hurried_) {
            reap();
            if (command_ended_ && (!terminating_ || !group_lives())) {
                return;
            }
            const std::int64_t left = terminating_ ? deadline_ - kernel::monotonic_ms() : kForEver;
            if (terminating_ && left <= 0) {
                return;
            }
            wait_for_news(left);
        }
    }

    void wait_for_news(std::int64_t timeout_ms) noexcept {
        pollfd awaited[] = {{signals_, POLLIN, 0}, {order_.channel, POLLIN, 0}};
        if (kernel::poll(awaited, 2, timeout_ms) <= 0) {
            return;
        }
        if (awaited[0].revents != 0) {
            take_signals();
        }
        if (awaited[1].revents != 0) {
            take_control();
        }
    }

    void take_control() noexcept {
        char byte = 0;
        const long size = kernel::read(order_.channel, &byte, 1);
        if (size <= 0) {
            hurry(EndedBy::HostGone);
        } else if (byte == static_cast<char>(ControlByte::Kill)) {
            hurry(EndedBy::Request);
        } else if (!terminating_) {
            terminate();
        }
    }

    /// A pending signal is there once however often it was sent, so state is looked up afterwards.
    void take_signals() noexcept {
        signalfd_siginfo information;
        while (kernel::read(signals_, &information, sizeof information) > 0) {
            if (information.ssi_signo == SIGTERM) {
                hurry(EndedBy::Signal);
            }
        }
    }

    void hurry(EndedBy reason) noexcept {
        hurried_ = true;
        if (!terminating_) {
            ended_by_ = reason;
        }
    }

    void terminate() noexcept {
        reap();
        if (command_ended_) {
            return;  // it was quicker than the request: how it ended counts
        }
        terminating_ = true;
        ended_by_ = EndedBy::Request;
        deadline_ = kernel::monotonic_ms() + order_.kill_grace_ms;
        signal_command(SIGTERM);
        signal_command(SIGCONT);  // who is stopped cannot act on the other one
    }

    /// The number of the command's group is ours to use as long as we have not reaped the command.
    void signal_command(int signal) const noexcept {
        if (!command_ended_ && kernel::send_signal(-command_, signal) < 0) {
            kernel::send_signal(command_, signal);  // it has not made its session yet
        }
    }

    void kill_all() noexcept {
        while (true) {
            take_signals();
            reap();
            if (nobody_left_) {
                return;
            }
            left_behind_ = left_behind_ || (command_ended_ && ended_by_ == EndedBy::Itself);
            signal_command(SIGKILL);
            kill_children();
            pollfd awaited{signals_, POLLIN, 0};
            kernel::poll(&awaited, 1, kLookAgainMs);
        }
    }

    /// A group dies in one blow, also the member that is just being born; a child that has left its
    /// group cannot have another than one of this tree.
    void kill_children() const noexcept {
        ProcessTable table(processes_);
        for (ProcessEntry entry; table.next(entry);) {
            if (entry.parent != self_) {
                continue;
            }
            if (entry.group > 1 && entry.group != self_) {
                kernel::send_signal(-entry.group, SIGKILL);
            }
            kernel::send_signal(entry.process, SIGKILL);
        }
    }

    [[nodiscard]] bool group_lives() const noexcept {
        ProcessTable table(processes_);
        for (ProcessEntry entry; table.next(entry);) {
            if (entry.group == command_ && !entry.zombie) {
                return true;
            }
        }
        return false;
    }

    void reap() noexcept {
        int status = 0;
        long reaped = 0;
        while ((reaped = kernel::reap_any(&status)) > 0) {
            if (reaped == command_) {
                command_ended_ = true;
                command_status_ = status;
            }
        }
        nobody_left_ = reaped == -ECHILD;
    }

    void report() const noexcept {
        rusage tree{};
        rusage self{};
        kernel::resource_usage(RUSAGE_CHILDREN, &tree);
        kernel::resource_usage(RUSAGE_SELF, &self);
        SupervisorMessage ended;
        ended.kind = SupervisorMessage::Kind::Ended;
        ended.ended_by = ended_by_;
        ended.wait_status = command_status_;
        ended.left_behind = left_behind_ ? 1 : 0;
        ended.user_us = tree.ru_utime.tv_sec * 1'000'000 + tree.ru_utime.tv_usec;
        ended.system_us = tree.ru_stime.tv_sec * 1'000'000 + tree.ru_stime.tv_usec;
        ended.max_rss_kib = tree.ru_maxrss;
        ended.unexplained_rss_kib = self.ru_maxrss + kForkSlackKib;
        say(order_.channel, ended);
    }

    long close_foreign_descriptors() const noexcept {
        return close_all_but({order_.standard_input, order_.standard_output, order_.standard_error,
                              order_.channel, order_.leash});
    }

    bool open(int& descriptor, Step step, long answer) const noexcept {
        descriptor = static_cast<int>(answer);
        return went_well(step, answer);
    }

    [[nodiscard]] bool went_well(Step step, long answer) const noexcept {
        if (answer < 0) {
            say_failed(order_.channel, step, answer);
        }
        return answer >= 0;
    }

    const SupervisorOrder& order_;
    pid_t self_ = 0;
    pid_t command_ = 0;
    int signals_ = -1;
    int processes_ = -1;
    int command_status_ = 0;
    std::int64_t deadline_ = 0;
    EndedBy ended_by_ = EndedBy::Itself;
    bool command_ended_ = false;
    bool nobody_left_ = false;
    bool left_behind_ = false;
    bool terminating_ = false;
    bool hurried_ = false;
};

}  // namespace

pid_t fork_supervisor(const SupervisorOrder& order) noexcept {
    // With all signals blocked no handler of the host ever runs in the supervisor, where it would
    // write to pipes that the host listens on.
    kernel::SignalSet before = 0;
    kernel::block_signals(kernel::kAllSignals, &before);
    const long forked = kernel::fork_with(0);
    if (forked == 0) {
        Supervisor(order).serve();
    }
    kernel::block_signals(before, nullptr);
    return static_cast<pid_t>(forked);
}

}  // namespace jobhost::shell
