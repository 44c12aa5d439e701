#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "http/head.hpp"

namespace jobhost::http {

/// `If-Match` of a request: a version in quotes, as `ETag` has it, or `*` for any.
struct Condition {
    bool given = false;
    std::optional<std::int64_t> version = {};  ///< nothing: any will do
};

/// `bad_condition` for lists, weak tags and what no `ETag` says.
[[nodiscard]] base::Result<Condition> read_if_match(const Head& head);

/// Is there an `If-None-Match: *`: only what is not there yet may be made? No other value is taken.
[[nodiscard]] base::Result<bool> read_if_none_match(const Head& head);

}  // namespace jobhost::http
