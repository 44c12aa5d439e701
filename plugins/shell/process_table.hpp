// Reads /proc the way the code between fork and exec must: no allocation, only kernel calls. The
// file /proc/PID/children would be shorter, but it needs a kernel option and may miss children
// while others end.
#pragma once

#include <dirent.h>
#include <sys/types.h>

namespace jobhost::shell {

struct ProcessEntry {
    pid_t process = 0;
    pid_t parent = 0;
    pid_t group = 0;
    bool zombie = false;  ///< it has ended, nobody has asked how
};

/// Reads the text of a /proc/PID/stat file, NUL-terminated. False when it is not of that form. The
/// name of a program may hold anything, spaces and parentheses too.
bool parse_process_entry(const char* text, ProcessEntry& entry) noexcept;

/// The processes that /proc shows, one after the other. A process may come and go unseen.
class ProcessTable {
public:
    /// `folder` is a descriptor of /proc, which stays the caller's.
    explicit ProcessTable(int folder) noexcept;

    /// False at the end. Processes that vanish while they are read are left out.
    bool next(ProcessEntry& entry) noexcept;

private:
    bool read_entry(const char* name, ProcessEntry& entry) const noexcept;

    int folder_;
    long filled_ = 0;
    long position_ = 0;
    alignas(dirent64) char entries_[4096];
};

}  // namespace jobhost::shell
