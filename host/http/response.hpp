#pragma once

#include <string>

#include "base/clock.hpp"
#include "http/request.hpp"

namespace jobhost::http {

/// The same for every response: nothing is cached, guessed at, framed or told to other sites.
/// `without_body` is for HEAD: the length is told, the bytes are not sent.
[[nodiscard]] std::string render(const Response& response,
                                 base::Instant now,
                                 bool without_body,
                                 bool close);

/// What tells a client that waits with its body to send it.
[[nodiscard]] std::string_view go_on();

/// Which of two media types the Accept field names: `other` only when it does and names it before
/// `usual`.
[[nodiscard]] bool accepts_rather(const Head& head, std::string_view other, std::string_view usual);

}  // namespace jobhost::http
