#include "cli/input.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "base/quote.hpp"
#include "cli/exit_code.hpp"

namespace jobhost::cli {

namespace {

/// More than any host takes.
constexpr std::size_t kLargestInput = 64UL * 1024 * 1024;

base::Error cannot_read(const std::string& name, const std::string& why) {
    return wrong_use(base::in_quotes(name) + " cannot be read: " + why);
}

base::Result<std::string> read_all(int descriptor, const std::string& name) {
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
        const auto count = ::read(descriptor, buffer.data(), buffer.size());
        if (count > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count == 0) {
            return text;
        } else if (errno != EINTR) {
            return cannot_read(name, std::error_code(errno, std::generic_category()).message());
        }
        if (text.size() > kLargestInput) {
            return cannot_read(name, "it is larger than 64 MiB");
        }
    }
}

}  // namespace

base::Result<std::string> read_input(const std::string& source) {
    if (source == "-") {
        return read_all(STDIN_FILENO, "standard input");
    }
    if (!source.starts_with('@')) {
        return source;
    }
    const auto name = source.substr(1);
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return cannot_read(name, std::error_code(errno, std::generic_category()).message());
    }
    auto text = read_all(descriptor, name);
    ::close(descriptor);
    return text;
}

}  // namespace jobhost::cli
