#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/id.hpp"

namespace jobhost::core {

using base::Duration;
using base::Instant;

using JobId = base::Id<struct JobTag>;

/// One start of one host process. Names are labels; this is the identity.
using NodeId = base::Id<struct NodeTag>;

/// The fence of one attempt: taken when the job is claimed, larger than every token before it.
/// A write that carries an old token is refused.
struct Token {
    std::int64_t value = 0;

    friend auto operator<=>(const Token&, const Token&) = default;
};

/// The numbers are those kept in the database.
enum class Kind : int { Once = 0, Period = 1, Persistent = 2 };
enum class Source : int { User = 0, System = 10 };
enum class Priority : int { Low = 5, BelowNormal = 10, Normal = 15, AboveNormal = 20, High = 25 };

[[nodiscard]] std::string_view name(Kind kind);
[[nodiscard]] std::string_view name(Source source);
[[nodiscard]] std::string_view name(Priority priority);
[[nodiscard]] std::optional<Kind> kind_from(std::string_view name);
[[nodiscard]] std::optional<Priority> priority_from(std::string_view name);

/// The priority that counts after so many failed tries, so that what fails again and again does not
/// stand in the way of what works: as asked for up to a third of the limit, at most `BelowNormal`
/// up to two thirds, `Low` beyond. Never higher than asked for. A limit of one try, or none at all
/// (0), has no thirds and changes nothing.
[[nodiscard]] Priority effective_priority(Priority priority, int tries, int max_tries);

/// What a node must carry to run a job, or carries: `site=fra1`.
using LabelMap = std::map<std::string, std::string>;

/// The label that every node carries by itself: its name. A job that wants it is pinned to one
/// node.
inline constexpr std::string_view kNodeLabel = "jobhost.node";

inline constexpr int kDefaultMaxTries = 50;
inline constexpr std::string_view kDefaultGroup = "default";

}  // namespace jobhost::core

template <>
struct std::hash<jobhost::core::Token> {
    std::size_t operator()(jobhost::core::Token token) const noexcept {
        return std::hash<std::int64_t>{}(token.value);
    }
};
