#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace jobhost::store::sqlite {

/// "One host per file": an exclusive lock on FILE.lock for as long as this lives. The lock ends
/// with the process, however that ends; the text in the file is only for the message to the next
/// one.
class OwnerLock {
public:
    /// `Conflict` with the pid of the holder when another process has it; waits a moment for a
    /// holder that is dying, since a child of a dead host may be between fork and exec.
    [[nodiscard]] static base::Result<OwnerLock> take(const std::filesystem::path& file);

    OwnerLock(OwnerLock&& other) noexcept;
    OwnerLock(const OwnerLock&) = delete;
    OwnerLock& operator=(const OwnerLock&) = delete;
    OwnerLock& operator=(OwnerLock&&) = delete;
    ~OwnerLock();

    /// Writes who we are, for the message to others.
    void sign(std::string_view node_name) const;

private:
    explicit OwnerLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace jobhost::store::sqlite
