#include "plugin/stage.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <span>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "plugin/refusal.hpp"
#include "plugin/trusted_file.hpp"

namespace jobhost::plugin {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr std::size_t kBlock = std::size_t{128} * 1024;
constexpr std::size_t kDigestLetters = 16;
constexpr std::size_t kLongestName = 100;
constexpr std::string_view kUnfinished = "incoming-";
constexpr auto kKept = std::chrono::days(30);

Error cannot(const std::string& what, const std::filesystem::path& path, int error) {
    return {ErrorKind::Unavailable, "stage_failed",
            "cannot " + what + " " + path.string() + ": " + std::generic_category().message(error) +
                "; the host keeps its copies of plugins there"};
}

Result<Unit> make_private_folder(const std::filesystem::path& dir) {
    if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
        return cannot("make the folder", dir, errno);
    }
    const UniqueFd folder(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return cannot("open the folder", dir, errno);
    }
    struct stat status {};
    if (::fstat(folder.get(), &status) != 0) {
        return cannot("look at", dir, errno);
    }
    if (status.st_uid != ::geteuid()) {
        return cannot("use", dir, EPERM);
    }
    if ((status.st_mode & 0777U) != 0700 && ::fchmod(folder.get(), 0700) != 0) {
        return cannot("close to others", dir, errno);
    }
    return base::done();
}

/// Removes what is of no use any more. A folder's time is that of the last copy put into it.
void sweep(const std::filesystem::path& dir) {
    std::error_code ignored;
    const auto long_ago = std::filesystem::file_time_type::clock::now() - kKept;
    for (const auto& entry : std::filesystem::directory_iterator(dir, ignored)) {
        const auto name = entry.path().filename().string();
        const bool unfinished = name.starts_with(kUnfinished);
        const bool copies = name.size() == kDigestLetters && entry.is_directory(ignored);
        if (unfinished || (copies && entry.last_write_time(ignored) < long_ago)) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
}

/// A name that the loader and the log can take: no `$`, no line end, not too long.
std::string plain_name(const std::filesystem::path& library) {
    auto name = library.stem().string().substr(0, kLongestName);
    std::ranges::replace_if(
        name,
        [](char letter) {
            const bool word = (letter >= 'a' && letter <= 'z') ||
                              (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
            return !word && letter != '.' && letter != '_' && letter != '-';
        },
        '_');
    return name + ".so";
}

/// A copy that is being written; removed unless it is put into place.
class Incoming {
public:
    explicit Incoming(const std::filesystem::path& dir)
        : path_(dir / (std::string(kUnfinished) + base::random_hex(8))),
          fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
        if (!fd_) {
            error_ = errno;
        }
    }
    ~Incoming() {
        if (fd_) {
            ::unlink(path_.c_str());
        }
    }
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;

    [[nodiscard]] Result<Unit> opened() const {
        return fd_ ? base::done() : Result<Unit>(cannot("write", path_, error_));
    }

    Result<Unit> write(std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const auto written = ::write(fd_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                return cannot("write", path_, errno);
            }
            bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        }
        return base::done();
    }

    /// Makes the copy durable and readable, and gives it its name.
    Result<Unit> put_into(const std::filesystem::path& place) {
        if (::fchmod(fd_.get(), 0500) != 0 || ::fsync(fd_.get()) != 0) {
            return cannot("write", path_, errno);
        }
        if (::rename(path_.c_str(), place.c_str()) != 0) {
            return cannot("write", place, errno);
        }
        fd_.reset();
        return base::done();
    }

private:
    std::filesystem::path path_;
    UniqueFd fd_;
    int error_ = 0;
};

/// Copies to the end; the digest of what was copied.
Result<std::string> copy(const UniqueFd& source, Incoming& incoming) {
    base::Sha256 digest;
    std::vector<std::byte> block(kBlock);
    std::uintmax_t total = 0;
    while (true) {
        const auto got = ::read(source.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return refused("it cannot be read: " + std::generic_category().message(errno));
        }
        if (got == 0) {
            return digest.finish();
        }
        total += static_cast<std::uintmax_t>(got);
        if (total > kLargestLibrary) {
            return refused("it is larger than 256 MiB");
        }
        const auto bytes = std::span(block).first(static_cast<std::size_t>(got));
        digest.add(bytes);
        if (auto written = incoming.write(bytes); !written) {
            return std::move(written).error();
        }
    }
}

}  // namespace

Result<Stage> Stage::open(std::filesystem::path dir) {
    std::error_code error;
    std::filesystem::create_directories(dir.parent_path(), error);
    if (error) {
        return cannot("make the folder", dir.parent_path(), error.value());
    }
    if (auto made = make_private_folder(dir); !made) {
        return std::move(made).error();
    }
    sweep(dir);
    return Stage(std::move(dir));
}

Result<StagedLibrary> Stage::take(const std::filesystem::path& library) const {
    auto source = open_trusted(library);
    if (!source) {
        return std::move(source).error();
    }
    struct stat status {};
    if (::fstat(source->get(), &status) == 0 &&
        static_cast<std::uintmax_t>(status.st_size) > kLargestLibrary) {
        return refused("it is larger than 256 MiB");
    }
    Incoming incoming(dir_);
    if (auto opened = incoming.opened(); !opened) {
        return std::move(opened).error();
    }
    auto digest = copy(*source, incoming);
    if (!digest) {
        return std::move(digest).error();
    }
    const auto folder = dir_ / digest->substr(0, kDigestLetters);
    if (auto made = make_private_folder(folder); !made) {
        return std::move(made).error();
    }
    const auto place = folder / plain_name(library);
    if (auto put = incoming.put_into(place); !put) {
        return std::move(put).error();
    }
    return StagedLibrary{place, *std::move(digest)};
}

}  // namespace jobhost::plugin
