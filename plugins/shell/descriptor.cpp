#include "descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace jobhost::shell {

namespace {

constexpr int kFirstFree = STDERR_FILENO + 1;
// Linux 6.3 and later; with vm.memfd_noexec = 2 nothing else is allowed.
constexpr unsigned kNotExecutable = 0x0008U;

/// The same file under a number above the standard streams; a host may run with those closed.
Result<Descriptor> above_standard_streams(Descriptor descriptor) {
    if (descriptor.number() >= kFirstFree) {
        return descriptor;
    }
    Descriptor moved(::fcntl(descriptor.number(), F_DUPFD_CLOEXEC, kFirstFree));
    if (!moved) {
        return short_of_resources("duplicate a descriptor", errno);
    }
    return moved;
}

template <typename Pair>
Result<Pair> both_above_standard_streams(const int (&ends)[2]) {
    Descriptor first_end(ends[0]);
    Descriptor second_end(ends[1]);
    auto first = above_standard_streams(std::move(first_end));
    if (!first) {
        return first.fault();
    }
    auto second = above_standard_streams(std::move(second_end));
    if (!second) {
        return second.fault();
    }
    return Pair{std::move(*first), std::move(*second)};
}

Descriptor open_memory_file() {
    Descriptor file(::memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING | kNotExecutable));
    if (!file && errno == EINVAL) {
        file = Descriptor(::memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    }
    return file;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        number_ = other.release();
    }
    return *this;
}

int Descriptor::release() noexcept { return std::exchange(number_, -1); }

void Descriptor::close() noexcept {
    if (number_ >= 0) {
        ::close(release());
    }
}

bool write_all(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
}

Result<Pipe> open_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return short_of_resources("open a pipe", errno);
    }
    return both_above_standard_streams<Pipe>(ends);
}

Result<Channel> open_channel() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return short_of_resources("open a socket pair", errno);
    }
    return both_above_standard_streams<Channel>(ends);
}

Result<Descriptor> open_text(std::string_view text) {
    if (text.empty()) {
        Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!null) {
            return short_of_resources("open /dev/null", errno);
        }
        return above_standard_streams(std::move(null));
    }
    Descriptor file = open_memory_file();
    if (!file || !write_all(file.number(), text) ||
        ::fcntl(file.number(), F_ADD_SEALS,
                F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0 ||
        ::lseek(file.number(), 0, SEEK_SET) != 0) {
        return short_of_resources("keep the text for stdin in memory", errno);
    }
    return above_standard_streams(std::move(file));
}

}  // namespace jobhost::shell
