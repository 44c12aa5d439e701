#include "plugin/trusted_file.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "plugin/refusal.hpp"

namespace jobhost::plugin {

namespace {

using base::Error;
using base::Result;

constexpr int kMostLinks = 40;  // as the kernel has it

Error cannot(const std::string& what, const std::filesystem::path& path, int error) {
    return refused("cannot " + what + " " + path.string() + ": " +
                   std::generic_category().message(error));
}

/// A group that nobody shares: root's, or the user's own of the same number, which is how accounts
/// are made where the usual umask lets the group write.
bool is_private_group(gid_t group) {
    return group == 0 || (group == ::getegid() && group == ::geteuid());
}

/// Why somebody else could change what is here; nothing when nobody can.
std::optional<std::string> distrust(const struct stat& status) {
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        return "belongs to user " + std::to_string(status.st_uid) +
               ", who is neither root nor the user of this host";
    }
    if (S_ISLNK(status.st_mode) || (S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0)) {
        return std::nullopt;
    }
    if ((status.st_mode & S_IWOTH) != 0) {
        return "can be written by everybody";
    }
    if ((status.st_mode & S_IWGRP) != 0 && !is_private_group(status.st_gid)) {
        return "can be written by group " + std::to_string(status.st_gid);
    }
    return std::nullopt;
}

/// Walks a path from the root, one component at a time, each opened without following links and
/// judged before the next is looked up in it.
class Walk {
public:
    explicit Walk(const std::filesystem::path& path) { append(path); }

    Result<UniqueFd> to_the_end() {
        UniqueFd at(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!at) {
            return cannot("open", "/", errno);
        }
        while (!ahead_.empty()) {
            const auto name = ahead_.front();
            ahead_.pop_front();
            auto next = step(at, name);
            if (!next) {
                return next;
            }
            at = *std::move(next);
        }
        return at;
    }

private:
    void append(const std::filesystem::path& path) {
        std::deque<std::string> names;
        for (const auto& name : path.relative_path()) {
            if (!name.empty() && name != ".") {
                names.push_back(name.string());
            }
        }
        ahead_.insert(ahead_.begin(), names.begin(), names.end());
    }

    Result<UniqueFd> step(UniqueFd& directory, const std::string& name) {
        const auto here = name == ".." ? walked_.parent_path() : walked_ / name;
        UniqueFd found(::openat(directory.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!found) {
            return cannot("open", here, errno);
        }
        struct stat status {};
        if (::fstat(found.get(), &status) != 0) {
            return cannot("look at", here, errno);
        }
        if (const auto reason = distrust(status)) {
            return refused(here.string() + " " + *reason);
        }
        if (S_ISLNK(status.st_mode)) {
            return follow(directory, found, here);
        }
        walked_ = here;
        return found;
    }

    /// Puts what a link says in front of what is still to be walked; where to go on from.
    Result<UniqueFd> follow(UniqueFd& directory,
                            const UniqueFd& link,
                            const std::filesystem::path& here) {
        std::array<char, PATH_MAX> target{};
        const auto length = ::readlinkat(link.get(), "", target.data(), target.size());
        if (length < 0 || static_cast<std::size_t>(length) == target.size()) {
            return cannot("read the link", here, length < 0 ? errno : ENAMETOOLONG);
        }
        if (++links_ > kMostLinks) {
            return cannot("follow", here, ELOOP);
        }
        const std::filesystem::path path(
            std::string(target.data(), static_cast<std::size_t>(length)));
        append(path);
        if (!path.is_absolute()) {
            return std::move(directory);
        }
        walked_ = "/";
        UniqueFd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        return root ? Result<UniqueFd>(std::move(root)) : cannot("open", "/", errno);
    }

    std::deque<std::string> ahead_;
    std::filesystem::path walked_ = "/";
    int links_ = 0;
};

}  // namespace

Result<UniqueFd> open_trusted(const std::filesystem::path& file) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(file, error);
    if (error) {
        return cannot("find", file, error.value());
    }
    auto walked = Walk(absolute).to_the_end();
    if (!walked) {
        return walked;
    }
    struct stat status {};
    if (::fstat(walked->get(), &status) != 0) {
        return cannot("look at", file, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return refused("it is not a regular file");
    }
    // The way to reopen for reading exactly what was judged.
    const auto link = "/proc/self/fd/" + std::to_string(walked->get());
    UniqueFd readable(::open(link.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    return readable ? Result<UniqueFd>(std::move(readable)) : cannot("read", file, errno);
}

}  // namespace jobhost::plugin
