#include "cancel_signal.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace jobhost::shell {

namespace {

// The counter adds up what is written to it: polite wishes below this, urgent ones from it on.
constexpr std::uint64_t kUrgent = std::uint64_t{1} << 32U;

}  // namespace

Result<CancelSignal> CancelSignal::open() {
    Descriptor counter(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!counter) {
        return short_of_resources("open an event counter", errno);
    }
    return CancelSignal(std::move(counter));
}

void CancelSignal::ask(Urgency urgency) const noexcept {
    const std::uint64_t wish = urgency == Urgency::AtOnce ? kUrgent : 1;
    // The one way to fail is a counter that is full, and then the wish is there already.
    static_cast<void>(!::write(counter_.number(), &wish, sizeof wish));
}

bool CancelSignal::asked() const noexcept {
    pollfd awaited{counter_.number(), POLLIN, 0};
    return ::poll(&awaited, 1, 0) > 0;
}

Urgency CancelSignal::take() const noexcept {
    std::uint64_t wishes = 0;
    static_cast<void>(!::read(counter_.number(), &wishes, sizeof wishes));
    return wishes >= kUrgent ? Urgency::AtOnce : Urgency::Polite;
}

}  // namespace jobhost::shell
