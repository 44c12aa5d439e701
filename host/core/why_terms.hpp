#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/why.hpp"

/// What the answers about all kinds of jobs have in common.
namespace jobhost::core {

/// A term that holds when nothing is in the way.
[[nodiscard]] Term term(std::string_view name, base::Json value, std::string in_the_way);

[[nodiscard]] base::Json json_of(const std::optional<Instant>& instant);
/// " since 2026-…"; nothing when it is not known.
[[nodiscard]] std::string since_text(const std::optional<Instant>& instant);

[[nodiscard]] std::string disabled_sentence();
[[nodiscard]] std::string paused_sentence(const std::optional<Instant>& since);
[[nodiscard]] std::string stopped_sentence(const std::optional<Instant>& since,
                                           std::string_view reason,
                                           bool gave_up);

/// The verdict when this term fails.
struct Decider {
    std::string_view term;
    std::string_view verdict;
};

/// Verdict and sentence by the first of `order` that fails; they stay when none does.
void decide(Explanation& answer, std::span<const Decider> order);

}  // namespace jobhost::core
