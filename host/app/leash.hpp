#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::app {

/// A locked file that every process inherits which plugins start, so that the next host can tell
/// whether anything of a dead one still lives. Its descriptor is the only one that is open across
/// exec; its number is in the environment, and the lock lasts as long as the last holder.
///
/// Beside it stands `host.lock`, which only the host itself holds: two hosts never share a data
/// folder.
class Leash {
public:
    static constexpr std::string_view kVariable = "JOBHOST_LEASH_FD";

    /// Locks the data folder for this host, ends what a dead one left running and takes the leash.
    /// Changes the environment. [main, before threads]
    [[nodiscard]] static base::Result<Leash> take(const std::filesystem::path& data_dir);

    Leash(Leash&& other) noexcept;
    Leash& operator=(Leash&&) = delete;
    ~Leash();

    /// How many processes of a dead host had to be ended.
    [[nodiscard]] int ended() const { return ended_; }

private:
    Leash(int host_lock, int leash, int ended)
        : host_lock_(host_lock), leash_(leash), ended_(ended) {}

    int host_lock_ = -1;
    int leash_ = -1;
    int ended_ = 0;
};

}  // namespace jobhost::app
