#include "config/endpoint.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>
#include <optional>
#include <string>

namespace jobhost::config {

namespace {

base::Error bad(std::string message) {
    return {base::ErrorKind::Invalid, "bad_address", std::move(message), {}};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && !text.empty() ? std::optional(port) : std::nullopt;
}

std::optional<in_addr> address4(const std::string& host) {
    in_addr address{};
    const auto* text = host == "localhost" ? "127.0.0.1" : host.c_str();
    return ::inet_pton(AF_INET, text, &address) == 1 ? std::optional(address) : std::nullopt;
}

std::optional<in6_addr> address6(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1 ? std::optional(address)
                                                              : std::nullopt;
}

bool is_any(const std::string& host) {
    const auto four = address4(host);
    const auto six = address6(host);
    return (four && four->s_addr == INADDR_ANY) || (six && IN6_IS_ADDR_UNSPECIFIED(&*six));
}

bool same_address(const std::string& one, const std::string& other) {
    const auto four = address4(one);
    const auto six = address6(one);
    const auto other_four = address4(other);
    const auto other_six = address6(other);
    return (four && other_four && four->s_addr == other_four->s_addr) ||
           (six && other_six && IN6_ARE_ADDR_EQUAL(&*six, &*other_six));
}

}  // namespace

base::Result<http::Endpoint> parse_endpoint(std::string_view text) {
    if (text.starts_with("unix:")) {
        return bad("this version listens on TCP addresses only");
    }
    const auto colon = text.rfind(':');
    const auto port =
        colon == std::string_view::npos ? std::nullopt : parse_port(text.substr(colon + 1));
    if (!port) {
        return bad("an address is written ADDRESS:PORT, with a port from 0 to 65535");
    }
    auto host = std::string(text.substr(0, colon));
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
        if (!address6(host)) {
            return bad("the text in brackets is no IPv6 address");
        }
    } else if (!address4(host)) {
        return bad(address6(host) ? "an IPv6 address needs brackets: [::1]:7460"
                                  : "the part before the port must be an IP address or localhost");
    }
    return http::Endpoint{host, *port};
}

bool is_host_name(std::string_view text) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
    const bool bracketed = text.starts_with('[') && end != std::string_view::npos;
    const auto host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    const auto rest = end == std::string_view::npos ? "" : text.substr(end + (bracketed ? 1 : 0));
    const bool good =
        bracketed ? address6(std::string(host)).has_value()
                  : !host.empty() && host.find_first_not_of(kLetters) == std::string_view::npos;
    return good && (rest.empty() || (rest.front() == ':' && parse_port(rest.substr(1))));
}

bool is_loopback(const http::Endpoint& endpoint) {
    if (const auto four = address4(endpoint.host)) {
        return (ntohl(four->s_addr) >> 24U) == 127;
    }
    const auto six = address6(endpoint.host);
    return six && IN6_IS_ADDR_LOOPBACK(&*six);
}

bool collide(const http::Endpoint& one, const http::Endpoint& other) {
    return one.port != 0 && one.port == other.port &&
           (same_address(one.host, other.host) || is_any(one.host) || is_any(other.host));
}

std::string to_text(const http::Endpoint& endpoint) {
    const bool six = endpoint.host.find(':') != std::string::npos;
    return (six ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

}  // namespace jobhost::config
