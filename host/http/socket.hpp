#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/options.hpp"

namespace jobhost::http {

/// `127.0.0.1:7460`, `[::1]:7460`.
[[nodiscard]] std::string text_of(const Endpoint& endpoint);

/// Is this an address that only this machine can reach? A name is not, except `localhost`.
[[nodiscard]] bool is_loopback(const Endpoint& endpoint);

/// What a socket did: how many bytes went through, and whether it is of any further use.
struct Transfer {
    std::size_t bytes = 0;
    bool closed = false;
};

/// One accepted connection; never blocks, never throws. Closed when it goes.
class Socket {
public:
    struct State;
    explicit Socket(std::unique_ptr<State> state);
    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    /// Appends at most `most` bytes to `to`; nothing when nothing has come. `closed` when nothing
    /// ever will.
    Transfer read(std::string& to, std::size_t most);
    Transfer write(std::string_view bytes);
    /// Says that nothing more will be written; what was written still arrives.
    void end_writing();

    [[nodiscard]] int descriptor() const;
    [[nodiscard]] const Endpoint& local() const;
    [[nodiscard]] const std::string& peer() const;

private:
    std::unique_ptr<State> state_;
};

/// One address that is listened on.
class Acceptor {
public:
    /// An address that is taken is an error that names it.
    [[nodiscard]] static base::Result<Acceptor> open(const Endpoint& endpoint);

    struct State;
    explicit Acceptor(std::unique_ptr<State> state);
    Acceptor(Acceptor&&) noexcept;
    Acceptor& operator=(Acceptor&&) noexcept;
    ~Acceptor();

    /// Nothing when nobody is waiting; an error when this process has no descriptor left for more.
    [[nodiscard]] base::Result<std::optional<Socket>> accept();

    [[nodiscard]] int descriptor() const;
    /// With the port that the system chose.
    [[nodiscard]] const Endpoint& address() const;

private:
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::http
