#pragma once

#include <array>
#include <csignal>
#include <string>
#include <sys/types.h>
#include <vector>

#include "plugin/unique_fd.hpp"

namespace jobhost::plugin {

/// What belongs to the whole process and no plugin may change: signal dispositions, working
/// directory, umask, locale.
class ProcessState {
public:
    /// As it is now.
    [[nodiscard]] static ProcessState now();

    /// Puts back what has been changed since; one phrase for each, like "changed the umask".
    [[nodiscard]] std::vector<std::string> restore() const;

private:
    void restore_signals(std::vector<std::string>& changed) const;
    void restore_directory(std::vector<std::string>& changed) const;
    void restore_umask(std::vector<std::string>& changed) const;
    void restore_locale(std::vector<std::string>& changed) const;

    std::array<struct sigaction, NSIG> signals_{};
    std::array<bool, NSIG> known_{};
    UniqueFd directory_;
    mode_t umask_ = 0;
    std::string locale_;
};

}  // namespace jobhost::plugin
