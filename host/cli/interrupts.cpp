#include "cli/interrupts.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace jobhost::cli {

Interrupts::Interrupts() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    JOBHOST_ASSERT(descriptor_ >= 0);
}

Interrupts::~Interrupts() {
    // What was seen here must not end the program afterwards.
    signalfd_siginfo seen{};
    while (::read(descriptor_, &seen, sizeof seen) > 0) {
    }
    ::close(descriptor_);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool Interrupts::wait(base::Duration time) const {
    const auto until = std::chrono::steady_clock::now() + time;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        const auto most = std::chrono::milliseconds(std::numeric_limits<int>::max());
        pollfd look{descriptor_, POLLIN, 0};
        const int ready =
            ::poll(&look, 1,
                   static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), most).count()));
        if (ready > 0) {
            return true;
        }
        if (ready == 0 && left <= most) {
            return false;
        }
        JOBHOST_ASSERT(ready == 0 || errno == EINTR);
    }
}

}  // namespace jobhost::cli
