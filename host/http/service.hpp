#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "http/head.hpp"
#include "http/options.hpp"
#include "http/request.hpp"

namespace jobhost::http {

/// What a listener serves.
class Service {
public:
    virtual ~Service() = default;

    /// Judges a head before any of the body is read: how long the body is, or the error to answer
    /// before the connection is closed. Never blocks. [the listener's thread]
    [[nodiscard]] virtual base::Result<std::size_t> admit(const Head& head,
                                                          const Endpoint& local) const = 0;

    /// The answer to a request that was refused before it was whole; `method` is empty when not
    /// even that could be read. Never blocks. [the listener's thread]
    [[nodiscard]] virtual Response refuse(const base::Error& error,
                                          std::string_view method,
                                          std::string_view request_id) = 0;

    /// May block; never throws. [pool]
    [[nodiscard]] virtual Reply answer(const Request& request) noexcept = 0;
};

}  // namespace jobhost::http
