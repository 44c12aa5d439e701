#include "supervised_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace jobhost::shell {

namespace {

using Buffer = std::array<char, 65536>;

/// Reads once; at the end of the file closes the descriptor. Returns how much it was.
std::size_t pass_on(Descriptor& from,
                    Stream stream,
                    const OutputSink& output,
                    std::size_t limit = sizeof(Buffer)) {
    Buffer buffer;
    const ssize_t size = ::read(from.number(), buffer.data(), std::min(limit, buffer.size()));
    if (size > 0) {
        output(stream, {buffer.data(), static_cast<std::size_t>(size)});
        return static_cast<std::size_t>(size);
    }
    if (size == 0 || errno != EINTR) {
        from.close();
    }
    return 0;
}

/// Takes what lies in the pipe and does not wait for its end: with the tree dead nothing can come,
/// but somebody outside the tree may hold the other end.
void pass_on_rest(Descriptor& from, Stream stream, const OutputSink& output) {
    int waiting = 0;
    if (!from || ::ioctl(from.number(), FIONREAD, &waiting) != 0) {
        return;
    }
    for (auto left = static_cast<std::size_t>(waiting); from && left > 0;) {
        left -= pass_on(from, stream, output, left);
    }
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> assignments(const Environment& environment) {
    std::vector<std::string> lines;
    lines.reserve(environment.size());
    for (const auto& [name, value] : environment) {
        lines.emplace_back(name).append("=").append(value);
    }
    return lines;
}

/// Forks; the texts of the invocation have to live only until then, the supervisor has its copy.
pid_t fork_for(const Invocation& invocation, SupervisorOrder order) {
    std::vector<std::string> words = invocation.program.words;
    std::vector<std::string> variables = assignments(invocation.environment);
    const std::vector<char*> word_pointers = pointers_to(words);
    const std::vector<char*> variable_pointers = pointers_to(variables);
    order.program = invocation.program.path.c_str();
    order.arguments = word_pointers.data();
    order.environment = variable_pointers.data();
    order.working_directory = invocation.working_directory.c_str();
    if (!invocation.remove_afterwards.empty()) {
        order.remove_afterwards = invocation.remove_afterwards.c_str();
    }
    order.kill_grace_ms = invocation.kill_grace.count();
    order.leash = invocation.leash;
    return fork_supervisor(order);
}

bool is_one_of(int number, std::initializer_list<int> numbers) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

Fault working_directory_fault(const std::string& directory, int error_number) {
    Fault fault =
        short_of_resources("enter the working directory '" + directory + "'", error_number);
    if (is_one_of(error_number, {ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG})) {
        fault.category = Category::Business;
        fault.retry = Retry::Useless;
        fault.type = "shell.working_directory";
    }
    return fault;
}

Fault execute_fault(const std::string& program, int error_number) {
    Fault fault = short_of_resources("execute '" + program + "'", error_number);
    if (error_number == E2BIG) {
        return {Category::Business, Retry::Useless, "shell.arguments",
                fault.message + "; a long text belongs into script or stdin", error_number};
    }
    if (!is_one_of(error_number, {EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY, EIO})) {
        fault.category = Category::Application;
        fault.retry = Retry::Useless;
        fault.type = "shell.program";
    }
    return fault;
}

RunReport report_of(const SupervisorMessage& ended) {
    RunReport report;
    report.cancelled = ended.ended_by == EndedBy::Request;
    report.exit_code = WIFEXITED(ended.wait_status) ? WEXITSTATUS(ended.wait_status) : 0;
    report.signal = WIFSIGNALED(ended.wait_status) ? WTERMSIG(ended.wait_status) : 0;
    report.killed_leftovers = ended.left_behind != 0;
    report.user_time = std::chrono::microseconds(ended.user_us);
    report.system_time = std::chrono::microseconds(ended.system_us);
    if (ended.max_rss_kib > ended.unexplained_rss_kib) {
        report.max_rss_bytes = ended.max_rss_kib * 1024;
    }
    return report;
}

}  // namespace

Result<SupervisedCommand> SupervisedCommand::start(const Invocation& invocation) {
    auto standard_input = open_text(invocation.stdin_text);
    if (!standard_input) {
        return standard_input.fault();
    }
    auto standard_output = open_pipe();
    if (!standard_output) {
        return standard_output.fault();
    }
    auto standard_error = open_pipe();
    if (!standard_error) {
        return standard_error.fault();
    }
    auto channel = open_channel();
    if (!channel) {
        return channel.fault();
    }
    SupervisorOrder order;
    order.standard_input = standard_input->number();
    order.standard_output = standard_output->write.number();
    order.standard_error = standard_error->write.number();
    order.channel = channel->theirs.number();

    SupervisedCommand command;
    command.program_ = invocation.program.path;
    command.working_directory_ = invocation.working_directory;
    command.begin_ = std::chrono::steady_clock::now();
    command.stdout_ = std::move(standard_output->read);
    command.stderr_ = std::move(standard_error->read);
    command.channel_ = std::move(channel->ours);
    const pid_t forked = fork_for(invocation, order);
    if (forked < 0) {
        return short_of_resources("start a process", -forked);
    }
    command.supervisor_ = forked;
    return command;
}

SupervisedCommand::SupervisedCommand(SupervisedCommand&& other) noexcept
    : program_(std::move(other.program_)),
      working_directory_(std::move(other.working_directory_)),
      begin_(other.begin_),
      supervisor_(std::exchange(other.supervisor_, -1)),
      channel_(std::move(other.channel_)),
      stdout_(std::move(other.stdout_)),
      stderr_(std::move(other.stderr_)),
      started_(other.started_),
      failed_(other.failed_),
      ended_(other.ended_) {}

SupervisedCommand::~SupervisedCommand() {
    channel_.close();  // to the supervisor it looks as if we had died
    wait_for_supervisor();
}

Result<RunReport> SupervisedCommand::attend(const CancelSignal& cancel, const OutputSink& output) {
    while (!is_over()) {
        const int error_number = wait_for_news(cancel, output);
        if (error_number != 0) {
            return short_of_resources("wait for the command", error_number);
        }
    }
    const auto wall_time = std::chrono::steady_clock::now() - begin_;
    if (!ended_ && started_) {
        // The supervisor was killed. The command has died with it; this is for its group.
        ::kill(-started_->command, SIGKILL);
    }
    pass_on_rest(stdout_, Stream::Stdout, output);
    pass_on_rest(stderr_, Stream::Stderr, output);
    wait_for_supervisor();
    auto report = conclusion();
    if (report) {
        report->wall_time = std::chrono::duration_cast<std::chrono::microseconds>(wall_time);
    }
    return report;
}

int SupervisedCommand::wait_for_news(const CancelSignal& cancel, const OutputSink& output) {
    // A descriptor that is closed by now has the number -1, which poll passes over.
    pollfd awaited[] = {{channel_.number(), POLLIN, 0},
                        {stdout_.number(), POLLIN, 0},
                        {stderr_.number(), POLLIN, 0},
                        {cancel.descriptor(), POLLIN, 0}};
    if (::poll(awaited, std::size(awaited), -1) < 0) {
        return errno == EINTR ? 0 : errno;
    }
    if (awaited[1].revents != 0) {
        pass_on(stdout_, Stream::Stdout, output);
    }
    if (awaited[2].revents != 0) {
        pass_on(stderr_, Stream::Stderr, output);
    }
    if (awaited[3].revents != 0) {
        const bool at_once = cancel.take() == Urgency::AtOnce;
        request(at_once ? ControlByte::Kill : ControlByte::Terminate);
    }
    if (awaited[0].revents != 0) {
        take_message();
    }
    return 0;
}

void SupervisedCommand::take_message() {
    SupervisorMessage message;
    const ssize_t size = ::recv(channel_.number(), &message, sizeof message, MSG_WAITALL);
    if (size < 0 && errno == EINTR) {
        return;
    }
    if (size != static_cast<ssize_t>(sizeof message)) {
        channel_.close();
        return;
    }
    switch (message.kind) {
        case SupervisorMessage::Kind::Started:
            started_ = message;
            break;
        case SupervisorMessage::Kind::Failed:
            failed_ = message;
            break;
        case SupervisorMessage::Kind::Ended:
            ended_ = message;
            channel_.close();
            break;
    }
}

void SupervisedCommand::request(ControlByte byte) const noexcept {
    // If it cannot be sent, the supervisor has gone and the end of the channel says so.
    static_cast<void>(!::send(channel_.number(), &byte, sizeof byte, MSG_NOSIGNAL));
}

void SupervisedCommand::wait_for_supervisor() noexcept {
    while (supervisor_ > 0) {
        if (::waitpid(supervisor_, nullptr, __WALL) >= 0 || errno != EINTR) {
            supervisor_ = -1;
        }
    }
}

Result<RunReport> SupervisedCommand::conclusion() const {
    if (failed_) {
        return start_fault();
    }
    if (!ended_) {
        return Fault{Category::System, Retry::HostDecides, "shell.supervisor",
                     "the process that watched over the command was killed; of the command's "
                     "processes those that had left its process group may still run"};
    }
    if (ended_->ended_by == EndedBy::Signal) {
        return Fault{Category::System, Retry::HostDecides, "shell.supervisor",
                     "somebody sent SIGTERM to the process that watched over the command, and it "
                     "killed the command with all its processes",
                     SIGTERM};
    }
    return report_of(*ended_);
}

Fault SupervisedCommand::start_fault() const {
    const int error_number = failed_->error_number;
    switch (failed_->failed_step) {
        case Step::EnterWorkingDirectory:
            return working_directory_fault(working_directory_, error_number);
        case Step::Execute:
            return execute_fault(program_, error_number);
        case Step::CloseDescriptors:
            return short_of_resources("close the host's descriptors", error_number);
        case Step::WatchSignals:
            return short_of_resources("watch for the end of processes", error_number);
        case Step::OpenProcessTable:
            return short_of_resources("open /proc", error_number);
        case Step::ForkCommand:
            return short_of_resources("start a process", error_number);
        case Step::PrepareCommand:
            break;
    }
    return short_of_resources("prepare the process of the command", error_number);
}

}  // namespace jobhost::shell
