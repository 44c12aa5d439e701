#include "store/sqlite/owner_lock.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "store/sqlite/error.hpp"

namespace jobhost::store::sqlite {

namespace {

constexpr auto kDyingHolder = std::chrono::seconds(2);
constexpr auto kBetweenTries = std::chrono::milliseconds(10);

/// What the holder wrote: "PID NAME".
std::string holder(int descriptor) {
    std::array<char, 256> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    std::string found(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return found.substr(0, found.find('\n'));
}

bool is_dead(const std::string& holder) {
    const long pid = std::strtol(holder.c_str(), nullptr, 10);
    return pid > 0 && ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
}

base::Error taken(const std::filesystem::path& file, const std::string& holder) {
    const auto space = holder.find(' ');
    const std::string pid = holder.substr(0, space);
    const std::string name = space == std::string::npos ? "" : ", node " + holder.substr(space + 1);
    return {base::ErrorKind::Conflict, "store_locked",
            "locked by another jobhost (pid " + (pid.empty() ? "unknown" : pid) + name +
                "): " + file.native() + "; one host per file: stop that one or use another file"};
}

bool try_lock(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

/// A holder that lives is final; a dead one only has to be cleared away by the kernel.
bool lock_soon(int descriptor) {
    const auto give_up = std::chrono::steady_clock::now() + kDyingHolder;
    while (!try_lock(descriptor)) {
        if (!is_dead(holder(descriptor)) || std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
    return true;
}

}  // namespace

base::Result<OwnerLock> OwnerLock::take(const std::filesystem::path& file) {
    const std::string path = file.native() + ".lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) {
        return system_error(errno, "open the lock file " + path);
    }
    OwnerLock lock(descriptor);
    if (!lock_soon(descriptor)) {
        return taken(file, holder(descriptor));
    }
    lock.sign("");
    return lock;
}

OwnerLock::OwnerLock(OwnerLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnerLock::~OwnerLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void OwnerLock::sign(std::string_view node_name) const {
    const std::string text =
        std::to_string(::getpid()) + (node_name.empty() ? "" : " ") + std::string(node_name) + "\n";
    // Only a courtesy: on a full disk the lock holds as well without it.
    if (::ftruncate(descriptor_, 0) == 0) {
        static_cast<void>(::pwrite(descriptor_, text.data(), text.size(), 0));
    }
}

}  // namespace jobhost::store::sqlite
