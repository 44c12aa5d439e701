#include "http/raw_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace jobhost::http::testing {

namespace {

constexpr int kPatience = 5000;  // milliseconds

int connect_to(const std::string& address) {
    const auto colon = address.rfind(':');
    const auto port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    const bool v6 = address.front() == '[';
    sockaddr_in6 six{};
    sockaddr_in four{};
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    six.sin6_port = port;
    four.sin_family = AF_INET;
    four.sin_port = port;
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &four.sin_addr);
    const int descriptor = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* to =
        v6 ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
    if (connect(descriptor, to, v6 ? sizeof six : sizeof four) != 0) {
        throw std::runtime_error("cannot connect to " + address);
    }
    return descriptor;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::string RawAnswer::field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

RawClient::RawClient(const std::string& address) : descriptor_(connect_to(address)) {}

RawClient::~RawClient() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

RawClient::RawClient(RawClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), in_(std::move(other.in_)) {}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end_writing() { shutdown(descriptor_, SHUT_WR); }

bool RawClient::receive() {
    pollfd wait{descriptor_, POLLIN, 0};
    if (poll(&wait, 1, kPatience) <= 0) {
        throw std::runtime_error("the server neither answers nor closes");
    }
    std::array<char, 65536> buffer;
    const auto count = recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return false;
    }
    in_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

std::optional<RawAnswer> RawClient::read_answer(bool to_head) {
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    RawAnswer answer;
    answer.status = std::stoi(in_.substr(9, 3));
    for (auto at = in_.find("\r\n") + 2; at < end; at = in_.find("\r\n", at) + 2) {
        const auto colon = in_.find(": ", at);
        answer.fields.emplace(lower(in_.substr(at, colon - at)),
                              in_.substr(colon + 2, in_.find("\r\n", at) - colon - 2));
    }
    const auto length = answer.field("content-length");
    const std::size_t size = to_head || length.empty() ? 0 : std::stoul(length);
    while (in_.size() < end + 4 + size) {
        if (!receive()) {
            return std::nullopt;
        }
    }
    answer.body = in_.substr(end + 4, size);
    in_.erase(0, end + 4 + size);
    return answer;
}

std::optional<std::string> RawClient::read_to_end() {
    try {
        while (receive()) {
        }
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
    return std::exchange(in_, {});
}

bool RawClient::is_quiet_for(std::chrono::milliseconds time) {
    pollfd wait{descriptor_, POLLIN, 0};
    return in_.empty() && poll(&wait, 1, static_cast<int>(time.count())) == 0;
}

std::string get_request(const std::string& address, std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n";
}

std::string post_request(const std::string& address, std::string_view path, std::string_view body) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: " + address +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

}  // namespace jobhost::http::testing
