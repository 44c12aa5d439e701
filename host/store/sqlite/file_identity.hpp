#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>

#include "base/result.hpp"

namespace jobhost::store::sqlite {

/// Which file a path meant when this was made. A database that is moved, deleted or replaced while
/// it is open would go on accepting jobs that nobody will ever see again.
class FileIdentity {
public:
    explicit FileIdentity(std::filesystem::path path);

    /// The reason to stop writing, when the path means another file now or none.
    [[nodiscard]] std::optional<base::Error> changed() const;

private:
    std::filesystem::path path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

/// Does the path lie on a file system of other machines, where locks cannot be relied on?
[[nodiscard]] bool is_on_network(const std::filesystem::path& path);

}  // namespace jobhost::store::sqlite
