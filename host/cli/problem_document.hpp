#pragma once

#include <string>

#include "base/result.hpp"

namespace jobhost::cli {

/// What a refusal of the host says: the code, words and fields of its problem document (RFC 9457).
/// Of an answer that is no such document only the status is told.
[[nodiscard]] base::Error error_of_reply(int status,
                                         const std::string& body,
                                         const std::string& address);

}  // namespace jobhost::cli
