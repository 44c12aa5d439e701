#include "http/poller.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace jobhost::http {

base::Result<std::unique_ptr<Poller>> Poller::open() {
    const int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0) {
        return base::Error{base::ErrorKind::Unavailable, "no_descriptors",
                           "This process may not open any more files (see ulimit -n)."};
    }
    return std::unique_ptr<Poller>(new Poller(descriptor));
}

Poller::~Poller() { close(wake_descriptor_); }

void Poller::wait(std::vector<Watched>& watched, base::Duration at_most) {
    std::vector<pollfd> descriptors{{wake_descriptor_, POLLIN, 0}};
    descriptors.reserve(watched.size() + 1);
    for (const auto& one : watched) {
        const int events = (one.read ? POLLIN : 0) | (one.write ? POLLOUT : 0);
        descriptors.push_back({one.descriptor, static_cast<short>(events), 0});
    }
    const auto time =
        std::clamp<base::Duration::rep>(at_most.count(), 0, std::numeric_limits<int>::max());
    if (poll(descriptors.data(), descriptors.size(), static_cast<int>(time)) < 0) {
        return;  // a signal came; nothing was found
    }
    std::uint64_t wakes = 0;
    [[maybe_unused]] const auto taken = read(wake_descriptor_, &wakes, sizeof wakes);
    for (std::size_t i = 0; i < watched.size(); ++i) {
        const auto found = descriptors[i + 1].revents;
        watched[i].can_read = (found & POLLIN) != 0;
        watched[i].can_write = (found & POLLOUT) != 0;
        watched[i].broken = (found & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    }
}

void Poller::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_descriptor_, &one, sizeof one);
}

}  // namespace jobhost::http
