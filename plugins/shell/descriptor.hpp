#pragma once

#include <string_view>

#include "fault.hpp"

namespace jobhost::shell {

/// Owns one file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const noexcept { return number_; }  ///< -1: none
    explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int release() noexcept;
    void close() noexcept;

private:
    int number_ = -1;
};

/// False with errno set when something could not be written.
bool write_all(int descriptor, std::string_view text) noexcept;

/// Both ends are closed on exec and numbered above the standard streams, so that putting one of
/// them in a command's place for stdin, stdout or stderr never overwrites another.
struct Pipe {
    Descriptor read;
    Descriptor write;
};

Result<Pipe> open_pipe();

/// Two connected stream sockets; both are closed on exec and above the standard streams.
struct Channel {
    Descriptor ours;
    Descriptor theirs;
};

Result<Channel> open_channel();

/// A descriptor from which `text` can be read, without anybody having to write to it meanwhile: a
/// sealed file in memory, or /dev/null for an empty text. Closed on exec, above the standard
/// streams.
Result<Descriptor> open_text(std::string_view text);

}  // namespace jobhost::shell
