#include "cli/canned_host.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.hpp"

namespace jobhost::cli::testing {

namespace {

/// A signal that a test sends is for the code under test, not for this server.
void block_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

std::size_t body_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

SeenRequest read_request(int connection) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto end = text.find("\r\n\r\n");
        if (end != std::string::npos && text.size() >= end + 4 + body_length(text.substr(0, end))) {
            return {text.substr(0, text.find("\r\n")), text.substr(0, end), text.substr(end + 4)};
        }
        const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            return {};
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

CannedHost::CannedHost(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    JOBHOST_ASSERT(::bind(listener_, generic, size) == 0);
    JOBHOST_ASSERT(::listen(listener_, 16) == 0);
    JOBHOST_ASSERT(::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) {
        block_signals();
        serve(stop);
    });
}

CannedHost::~CannedHost() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (const int connection : silent_) {
        ::close(connection);
    }
}

std::string CannedHost::address() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<SeenRequest> CannedHost::requests() const {
    return seen_.with([](const auto& seen) { return seen; });
}

void CannedHost::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const int connection = ::accept(listener_, nullptr, nullptr);
        if (connection >= 0) {
            answer(connection);
        }
    }
}

void CannedHost::answer(int connection) {
    const auto request = read_request(connection);
    seen_.with([&](auto& seen) { seen.push_back(request); });
    const auto reply = handler_(request);
    if (!reply) {
        silent_.push_back(connection);
        return;
    }
    if (reply->status == 0) {
        ::close(connection);
        return;
    }
    const auto text = "HTTP/1.1 " + std::to_string(reply->status) +
                      " Canned\r\nContent-Type: application/json\r\nConnection: close\r\n" +
                      "Content-Length: " + std::to_string(reply->body.size()) + "\r\n\r\n" +
                      reply->body;
    static_cast<void>(::send(connection, text.data(), text.size(), MSG_NOSIGNAL));
    ::close(connection);
}

}  // namespace jobhost::cli::testing
