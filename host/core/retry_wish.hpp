#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "core/mistakes.hpp"
#include "core/retry.hpp"

namespace jobhost::core {

/// What one job says about the delays between its tries. What it leaves out its type says, else
/// the host.
struct RetryWish {
    std::optional<Duration> base = {};
    std::optional<double> factor = {};
    std::optional<Duration> cap = {};
    std::optional<double> jitter = {};

    [[nodiscard]] bool empty() const { return *this == RetryWish{}; }
    friend bool operator==(const RetryWish&, const RetryWish&) = default;
};

/// The policy of one job: the most specific word wins, member by member. A cap below the base
/// counts for the base as well.
[[nodiscard]] RetryPolicy retry_policy(const RetryPolicy& host,
                                       std::optional<Duration> type_base,
                                       const RetryWish& job);

/// Reads the member `path` of a request, and notes what is unknown there or of a wrong type.
[[nodiscard]] RetryWish read_retry(const std::string& path,
                                   const base::Json& value,
                                   Mistakes& mistakes);

/// Notes what is beyond its limits.
void check_retry(const std::string& path, const RetryWish& wish, Mistakes& mistakes);

/// The wire form, durations in seconds; a member for each part, null for what is left out.
[[nodiscard]] base::Json retry_json(const RetryWish& wish);

/// What `retry_json` gave, as text: for the store. Text of another form says nothing.
[[nodiscard]] RetryWish retry_from_text(std::string_view text);

}  // namespace jobhost::core
