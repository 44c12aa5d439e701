#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/head.hpp"
#include "http/options.hpp"

namespace jobhost::http {

/// A method of RFC 9110 or 5789 that some path here may take.
[[nodiscard]] bool is_known_method(std::string_view method);

/// A change must say that it is JSON, even when its body is empty: a form of a web page cannot. For
/// a head that was admitted and whose path takes its method.
[[nodiscard]] base::Result<base::Unit> check_content(const Head& head);

/// Stands in front of every handler and judges a head before any of the body is read. It keeps out
/// what a web page could make a browser send here (a foreign Host or Origin, a form), and every
/// request whose end is not beyond doubt. [any thread]
class Guard {
public:
    /// `hosts` are names that a Host header may carry besides `localhost` and the address that the
    /// request came to: `name` for any port, or `name:port`.
    Guard(std::vector<std::string> hosts, std::size_t max_body);

    /// How many bytes of body follow; or the error to answer before the connection is closed.
    /// `local` is the address at which the request arrived.
    [[nodiscard]] base::Result<std::size_t> admit(const Head& head, const Endpoint& local) const;

private:
    [[nodiscard]] bool is_ours(std::string_view host, const Endpoint& local) const;
    [[nodiscard]] base::Result<base::Unit> check_host(const Head& head,
                                                      const Endpoint& local) const;

    std::vector<std::string> hosts_;
    std::size_t max_body_;
};

}  // namespace jobhost::http
