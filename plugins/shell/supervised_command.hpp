#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cancel_signal.hpp"
#include "descriptor.hpp"
#include "environment.hpp"
#include "fault.hpp"
#include "program.hpp"
#include "supervisor.hpp"

namespace jobhost::shell {

/// A command, ready to be started.
struct Invocation {
    Program program;
    Environment environment;  ///< all of it
    std::string working_directory;
    std::string stdin_text;
    std::string remove_afterwards;  ///< a file that even a dead host's supervisor removes; or empty
    std::chrono::milliseconds kill_grace{};
    int leash = -1;  ///< a descriptor that stays open as long as the command's tree lives; or -1
};

enum class Stream { Stdout, Stderr };

/// Gets what the command writes, in order for each stream. Called on the thread that attends.
using OutputSink = std::function<void(Stream, std::string_view)>;

/// How a command came to its end. The whole tree of its processes is dead.
struct RunReport {
    bool cancelled = false;                   ///< it was stopped on request
    int exit_code = 0;                        ///< when signal is 0
    int signal = 0;                           ///< the one that ended it; 0 = it exited
    bool killed_leftovers = false;            ///< it ended before processes that it had started
    std::chrono::microseconds user_time{};    ///< of the tree
    std::chrono::microseconds system_time{};  ///< of the tree
    std::chrono::microseconds wall_time{};
    /// Of the largest process of the tree. Unknown when it was not larger than this process, whose
    /// memory counts for a short time as that of what it forks.
    std::optional<std::int64_t> max_rss_bytes;
};

/// A command that runs under a supervisor of its own (see supervisor.cpp).
class SupervisedCommand {
public:
    /// Fails when the machine is short of something; then nothing runs.
    static Result<SupervisedCommand> start(const Invocation& invocation);

    SupervisedCommand(SupervisedCommand&& other) noexcept;
    SupervisedCommand& operator=(SupervisedCommand&&) = delete;

    /// Kills what still lives and waits until all of it is dead.
    ~SupervisedCommand();

    /// Blocks until the whole tree of the command is dead. A fault when the command could not be
    /// executed, or when nothing certain is known about its end.
    Result<RunReport> attend(const CancelSignal& cancel, const OutputSink& output);

private:
    SupervisedCommand() = default;

    [[nodiscard]] bool is_over() const noexcept { return !channel_; }
    /// 0, or the error number of a wait that cannot go on.
    int wait_for_news(const CancelSignal& cancel, const OutputSink& output);
    void take_message();
    void request(ControlByte byte) const noexcept;
    void wait_for_supervisor() noexcept;
    [[nodiscard]] Result<RunReport> conclusion() const;
    [[nodiscard]] Fault start_fault() const;

    std::string program_;            // for the texts of faults
    std::string working_directory_;  // likewise
    std::chrono::steady_clock::time_point begin_{};
    pid_t supervisor_ = -1;
    Descriptor channel_;
    Descriptor stdout_;
    Descriptor stderr_;
    std::optional<SupervisorMessage> started_;
    std::optional<SupervisorMessage> failed_;
    std::optional<SupervisorMessage> ended_;
};

}  // namespace jobhost::shell
