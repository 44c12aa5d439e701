#include "plugin/process_state.hpp"

#include <clocale>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace jobhost::plugin {

namespace {

/// The umask can only be read by setting it.
mode_t current_umask() {
    const auto mask = ::umask(077);
    ::umask(mask);
    return mask;
}

std::string current_locale() {
    const char* const name = std::setlocale(LC_ALL, nullptr);
    return name == nullptr ? "" : name;
}

bool same_signals(const sigset_t& one, const sigset_t& other) {
    for (int signal = 1; signal < NSIG; ++signal) {
        if (sigismember(&one, signal) != sigismember(&other, signal)) {
            return false;
        }
    }
    return true;
}

bool same(const struct sigaction& one, const struct sigaction& other) {
    return one.sa_sigaction == other.sa_sigaction && one.sa_flags == other.sa_flags &&
           same_signals(one.sa_mask, other.sa_mask);
}

}  // namespace

ProcessState ProcessState::now() {
    ProcessState state;
    for (std::size_t signal = 1; signal < NSIG; ++signal) {
        state.known_[signal] =
            ::sigaction(static_cast<int>(signal), nullptr, &state.signals_[signal]) == 0;
    }
    state.directory_ = UniqueFd(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    state.umask_ = current_umask();
    state.locale_ = current_locale();
    return state;
}

std::vector<std::string> ProcessState::restore() const {
    std::vector<std::string> changed;
    restore_signals(changed);
    restore_directory(changed);
    restore_umask(changed);
    restore_locale(changed);
    return changed;
}

void ProcessState::restore_signals(std::vector<std::string>& changed) const {
    for (std::size_t i = 1; i < NSIG; ++i) {
        const auto signal = static_cast<int>(i);
        struct sigaction is {};
        if (!known_[i] || ::sigaction(signal, nullptr, &is) != 0 || same(is, signals_[i])) {
            continue;
        }
        ::sigaction(signal, &signals_[i], nullptr);
        const char* const name = ::sigabbrev_np(signal);
        changed.push_back("changed what happens on signal " +
                          (name == nullptr ? std::to_string(signal) : "SIG" + std::string(name)));
    }
}

void ProcessState::restore_directory(std::vector<std::string>& changed) const {
    struct stat was {};
    struct stat is {};
    if (!directory_ || ::fstat(directory_.get(), &was) != 0 || ::stat(".", &is) != 0 ||
        (was.st_dev == is.st_dev && was.st_ino == is.st_ino)) {
        return;
    }
    if (::fchdir(directory_.get()) == 0) {
        changed.emplace_back("changed the working directory");
    }
}

void ProcessState::restore_umask(std::vector<std::string>& changed) const {
    if (::umask(umask_) != umask_) {
        changed.emplace_back("changed the umask");
    }
}

void ProcessState::restore_locale(std::vector<std::string>& changed) const {
    if (current_locale() != locale_) {
        std::setlocale(LC_ALL, locale_.c_str());
        changed.emplace_back("changed the locale");
    }
}

}  // namespace jobhost::plugin
