#pragma once

#include <array>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace jobhost::support {

/// What a function says that runs in a process of its own: empty when all is well, else what is
/// wrong. A process that dies instead is wrong, too. Call it only while this process has one
/// thread.
[[nodiscard]] inline std::string in_child(const std::function<std::string()>& work) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) {
        return "no pipe";
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        std::string said;
        try {
            said = work();
        } catch (const std::exception& thrown) {
            said = std::string("thrown: ") + thrown.what();
        }
        const ssize_t written = ::write(pipe[1], said.data(), said.size());
        ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    ::close(pipe[1]);
    std::string said;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
        said.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return fine ? said : said + " (the process ended with status " + std::to_string(status) + ")";
}

}  // namespace jobhost::support
