#pragma once

#include <span>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "http/request.hpp"

namespace jobhost::http {

/// One kind of failure as clients see it. `docs/http-api.md` lists every one.
struct ProblemCode {
    std::string_view code;
    int status;
    std::string_view title;
};

[[nodiscard]] std::span<const ProblemCode> problem_codes();

/// The code of a failure. What is not in the list gets the general code of its kind, so that
/// clients never see a code that they cannot look up.
[[nodiscard]] const ProblemCode& problem_code_of(const base::Error& error);

/// The failure as a problem document (RFC 9457). The message of the error goes out only when the
/// client can mend it; what is our side's trouble is told in the words of the list. `members` are
/// added to the document.
[[nodiscard]] Response problem(const base::Error& error,
                               std::string_view request_id,
                               base::JsonObject members = {});

/// `args.command` is `/args/command` (RFC 6901).
[[nodiscard]] std::string json_pointer(std::string_view path);

}  // namespace jobhost::http
