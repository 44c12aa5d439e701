#include "config/text_file.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/utf8.hpp"

namespace jobhost::config {

namespace {

/// Closes its file when it goes.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

base::Error system_error(int number) {
    if (number == ENOENT || number == ENOTDIR) {
        return {base::ErrorKind::NotFound, "file_missing", "there is no such file"};
    }
    return {base::ErrorKind::Invalid, "file_unreadable",
            number == EISDIR ? "this is a directory, not a file"
                             : "the file cannot be read: " +
                                   std::error_code(number, std::generic_category()).message()};
}

}  // namespace

base::Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t limit) {
    const Descriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (input.number() < 0) {
        return system_error(errno);
    }
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto count = ::read(input.number(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return system_error(errno);
        }
        if (count == 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > limit) {
            return base::Error{base::ErrorKind::Limit, "file_too_large",
                               "the file is larger than " + std::to_string(limit / 1024) + " KiB"};
        }
    }
    if (!base::is_clean_utf8(text)) {
        return base::Error{base::ErrorKind::Invalid, "file_not_text",
                           "the file is not text in UTF-8"};
    }
    return text;
}

}  // namespace jobhost::config
