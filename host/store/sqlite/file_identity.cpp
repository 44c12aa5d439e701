#include "store/sqlite/file_identity.hpp"

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <utility>

namespace jobhost::store::sqlite {

FileIdentity::FileIdentity(std::filesystem::path path) : path_(std::move(path)) {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0) {
        device_ = status.st_dev;
        inode_ = status.st_ino;
    }
}

std::optional<base::Error> FileIdentity::changed() const {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
        status.st_ino == inode_) {
        return std::nullopt;
    }
    return base::Error{base::ErrorKind::Unavailable, "file_replaced",
                       "the database file was moved, deleted or replaced while it was open; "
                       "nothing is written any more, put it back and restart: " +
                           path_.native()};
}

bool is_on_network(const std::filesystem::path& path) {
    // From linux/magic.h and the sources of the file systems: nfs, smb, cifs, smb2, afs, ceph, 9p.
    constexpr std::array<unsigned, 7> kNetworks{0x6969u,     0x517bu,     0xff534d42u, 0xfe534d42u,
                                                0x5346414fu, 0x00c36400u, 0x01021997u};
    struct statfs status {};
    return ::statfs(path.c_str(), &status) == 0 &&
           std::ranges::find(kNetworks, static_cast<unsigned>(status.f_type)) != kNetworks.end();
}

}  // namespace jobhost::store::sqlite
