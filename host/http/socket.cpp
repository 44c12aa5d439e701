#include "http/socket.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

namespace jobhost::http {

namespace {

using Poco::Net::SocketAddress;

constexpr int kBacklog = 1024;

std::string literal(const Endpoint& endpoint) {
    return endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host;
}

Endpoint endpoint_of(const SocketAddress& address) {
    return {address.host().toString(), address.port()};
}

base::Error cannot_listen(const Endpoint& endpoint, const std::string& why) {
    return {base::ErrorKind::Unavailable, "cannot_listen",
            "Cannot listen on " + text_of(endpoint) + ": " + why + "."};
}

base::Error address_in_use(const Endpoint& endpoint) {
    return {base::ErrorKind::Conflict, "address_in_use",
            "Another program, or another host, already listens on " + text_of(endpoint) +
                ". Stop it, or choose another address."};
}

/// Poco throws, too, when a socket that does not block would have to wait.
bool is_only_full(const Poco::Exception& error) {
    return error.code() == EAGAIN || error.code() == EWOULDBLOCK;
}

void listen_on(Poco::Net::ServerSocket& socket, const Endpoint& endpoint) {
    const SocketAddress address(literal(endpoint), endpoint.port);
    // The short forms of bind let a second process listen on the same port.
    if (address.family() == SocketAddress::IPv6) {
        socket.bind6(address, true, false, true);
    } else {
        socket.bind(address, true, false);
    }
    socket.listen(kBacklog);
    socket.setBlocking(false);
    fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
}

}  // namespace

std::string text_of(const Endpoint& endpoint) {
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

bool is_loopback(const Endpoint& endpoint) {
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(literal(endpoint), address) && address.isLoopback();
}

struct Socket::State {
    Poco::Net::StreamSocket socket;
    Endpoint local;
    std::string peer;
};

Socket::Socket(std::unique_ptr<State> state) : state_(std::move(state)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

Transfer Socket::read(std::string& to, std::size_t most) {
    std::array<char, 16 * 1024> buffer;
    try {
        const int count = state_->socket.receiveBytes(
            buffer.data(), static_cast<int>(std::min(most, buffer.size())));
        if (count > 0) {
            to.append(buffer.data(), static_cast<std::size_t>(count));
            return {static_cast<std::size_t>(count), false};
        }
        return {0, count == 0};
    } catch (const Poco::Exception& error) {
        return {0, !is_only_full(error)};
    }
}

Transfer Socket::write(std::string_view bytes) {
    constexpr std::size_t kPiece = 256 * 1024;
    try {
        const int count = state_->socket.sendBytes(
            bytes.data(), static_cast<int>(std::min(bytes.size(), kPiece)), MSG_NOSIGNAL);
        return {count > 0 ? static_cast<std::size_t>(count) : 0, false};
    } catch (const Poco::Exception& error) {
        return {0, !is_only_full(error)};
    }
}

void Socket::end_writing() {
    try {
        state_->socket.shutdownSend();
    } catch (const Poco::Exception&) {
        return;  // the other side was quicker
    }
}

int Socket::descriptor() const { return state_->socket.impl()->sockfd(); }
const Endpoint& Socket::local() const { return state_->local; }
const std::string& Socket::peer() const { return state_->peer; }

struct Acceptor::State {
    Poco::Net::ServerSocket socket;
    Endpoint address;
};

Acceptor::Acceptor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Acceptor::Acceptor(Acceptor&&) noexcept = default;
Acceptor& Acceptor::operator=(Acceptor&&) noexcept = default;
Acceptor::~Acceptor() = default;

base::Result<Acceptor> Acceptor::open(const Endpoint& endpoint) {
    auto state = std::make_unique<State>();
    try {
        listen_on(state->socket, endpoint);
        state->address = endpoint_of(state->socket.address());
    } catch (const Poco::Exception& error) {
        return error.code() == EADDRINUSE ? address_in_use(endpoint)
                                          : cannot_listen(endpoint, error.displayText());
    }
    return Acceptor(std::move(state));
}

base::Result<std::optional<Socket>> Acceptor::accept() {
    // Poco's own accept leaves the descriptor open to every program that is started meanwhile.
    const int descriptor =
        accept4(state_->socket.impl()->sockfd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) {
        const bool exhausted = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
        if (exhausted) {
            return base::Error{base::ErrorKind::Unavailable, "no_descriptors",
                               "No descriptor is left for another connection."};
        }
        return std::optional<Socket>();
    }
    try {
        Poco::Net::StreamSocket socket(new Poco::Net::StreamSocketImpl(descriptor));
        socket.setBlocking(false);
        socket.setNoDelay(true);
        auto state = std::make_unique<Socket::State>(
            Socket::State{socket, endpoint_of(socket.address()), socket.peerAddress().toString()});
        return std::optional<Socket>(Socket(std::move(state)));
    } catch (const Poco::Exception&) {
        return std::optional<Socket>();  // it is gone again
    }
}

int Acceptor::descriptor() const { return state_->socket.impl()->sockfd(); }
const Endpoint& Acceptor::address() const { return state_->address; }

}  // namespace jobhost::http
