#include "http/guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace jobhost::http {

namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Unit;

constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
constexpr std::array<std::string_view, 4> kChanges = {"POST", "PUT", "PATCH", "DELETE"};
constexpr std::array<std::string_view, 3> kWithBody = {"POST", "PUT", "PATCH"};

bool is_one_of(std::string_view word, auto words) {
    return std::ranges::find(words, word) != words.end();
}

Error refused(std::string code, std::string message) {
    return {ErrorKind::Invalid, std::move(code), std::move(message)};
}

Result<std::size_t> read_length(const Head& head) {
    const auto lengths = head.count("content-length");
    if (head.count("transfer-encoding") > 0) {
        return lengths > 0
                   ? refused("ambiguous_length",
                             "The request has both Content-Length and Transfer-Encoding.")
                   : refused(
                         "length_required",
                         "Transfer-Encoding is not taken; send the body with a Content-Length.");
    }
    if (lengths == 0) {
        return std::size_t{0};
    }
    const auto& text = *head.field("content-length");
    std::size_t length = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
    if (lengths > 1 || text.empty() || read.ec == std::errc::invalid_argument ||
        read.ptr != text.data() + text.size()) {
        return refused("bad_content_length",
                       "Content-Length must be there once and be one number.");
    }
    return read.ec == std::errc{} ? length : SIZE_MAX;
}

/// The host and the port of `name:port`, `[::1]:port` or either without a port.
struct Authority {
    std::string_view host;
    std::optional<std::string_view> port;
};

std::optional<Authority> read_authority(std::string_view text) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    const bool bracket = text.starts_with('[');
    const auto end = bracket ? text.find(']') : text.find(':');
    const auto host = text.substr(bracket ? 1 : 0, bracket ? end - 1 : end);
    if ((bracket && end == std::string_view::npos) || host.empty() ||
        host.find_first_not_of(bracket ? "0123456789abcdefABCDEF:." : kLetters) !=
            std::string_view::npos) {
        return std::nullopt;
    }
    const auto rest = end == std::string_view::npos ? "" : text.substr(end + (bracket ? 1 : 0));
    if (rest.empty()) {
        return Authority{host, std::nullopt};
    }
    const auto port = rest.substr(1);
    if (rest.front() != ':' || port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    return Authority{host, port};
}

/// A page of this host may call it, a page of another may not: its answer would not even be needed
/// to do harm.
Result<Unit> check_origin(const Head& head) {
    if (const auto* origin = head.field("origin"); origin != nullptr) {
        const auto mark = origin->find("://");
        const auto scheme = std::string_view(*origin).substr(0, mark);
        const auto* host = head.field("host");
        if (head.count("origin") > 1 || mark == std::string::npos || host == nullptr ||
            (scheme != "http" && scheme != "https") ||
            !equal_words(std::string_view(*origin).substr(mark + 3), *host)) {
            return refused("origin_not_allowed", "A page of another site may not ask this.");
        }
    }
    const auto* site = head.field("sec-fetch-site");
    if (is_one_of(head.method, kChanges) && site != nullptr && *site != "same-origin" &&
        *site != "none") {
        return refused("origin_not_allowed",
                       "A page of another site may not change anything here.");
    }
    return base::done();
}

bool is_json(std::string_view type) {
    const auto mark = type.find(';');
    if (!equal_words(trim(type.substr(0, mark)), "application/json")) {
        return false;
    }
    return mark == std::string_view::npos ||
           equal_words(trim(type.substr(mark + 1)), "charset=utf-8");
}

Result<Unit> check_expectation(const Head& head) {
    const auto* expect = head.field("expect");
    if (expect != nullptr && (head.count("expect") > 1 || !equal_words(*expect, "100-continue"))) {
        return refused("expectation_failed", "The only expectation that is met is 100-continue.");
    }
    return base::done();
}

Result<Unit> check_body(const Head& head, std::size_t length, std::size_t max_body) {
    if (length > 0 && !is_one_of(head.method, kWithBody)) {
        return refused("body_not_allowed", "A " + head.method + " request must not have a body.");
    }
    if (length > max_body) {
        return Error{ErrorKind::Limit, "body_too_large",
                     "The body is larger than " + std::to_string(max_body) + " bytes."};
    }
    return base::done();
}

}  // namespace

bool is_known_method(std::string_view method) { return is_one_of(method, kMethods); }

Guard::Guard(std::vector<std::string> hosts, std::size_t max_body)
    : hosts_(std::move(hosts)), max_body_(max_body) {}

bool Guard::is_ours(std::string_view host, const Endpoint& local) const {
    const auto sent = read_authority(host);
    if (!sent) {
        return false;
    }
    const bool here = equal_words(sent->host, "localhost") || equal_words(sent->host, local.host);
    if (here && (!sent->port || *sent->port == std::to_string(local.port))) {
        return true;
    }
    return std::ranges::any_of(hosts_, [&](const std::string& name) {
        const auto allowed = read_authority(name);
        return allowed && equal_words(allowed->host, sent->host) &&
               (!allowed->port || allowed->port == sent->port);
    });
}

Result<Unit> Guard::check_host(const Head& head, const Endpoint& local) const {
    const auto count = head.count("host");
    if (count == 0 && head.minor_version == 0) {
        return base::done();
    }
    if (count != 1 || !read_authority(*head.field("host"))) {
        return refused("bad_host", "A request needs one Host field with a name or an address.");
    }
    if (!is_ours(*head.field("host"), local)) {
        return refused("host_not_allowed",
                       "This server does not answer under that name; if it should, add the name to "
                       "hosts in the section [http] of its settings.");
    }
    return base::done();
}

Result<std::size_t> Guard::admit(const Head& head, const Endpoint& local) const {
    const auto length = read_length(head);
    if (!length) {
        return length.error();
    }
    if (auto host = check_host(head, local); !host) {
        return std::move(host).error();
    }
    if (!is_known_method(head.method)) {
        return refused("unknown_method", "The method " + head.method + " is not known here.");
    }
    if (auto origin = check_origin(head); !origin) {
        return std::move(origin).error();
    }
    if (auto body = check_body(head, *length, max_body_); !body) {
        return std::move(body).error();
    }
    if (auto expectation = check_expectation(head); !expectation) {
        return std::move(expectation).error();
    }
    return *length;
}

Result<Unit> check_content(const Head& head) {
    if (head.count("content-encoding") > 0) {
        return refused("unsupported_media_type", "A compressed body is not taken.");
    }
    const auto* type = head.field("content-type");
    if (is_one_of(head.method, kWithBody) &&
        (type == nullptr || head.count("content-type") > 1 || !is_json(*type))) {
        return refused("unsupported_media_type", "A change needs Content-Type: application/json.");
    }
    return base::done();
}

}  // namespace jobhost::http
