#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobhost::base {

/// How many letters must be added, removed, changed or swapped with their neighbour to turn one
/// word into the other; upper and lower case are the same letter (of ASCII).
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

/// The candidate that `word` was most likely meant to be, the first of equals; nothing when none is
/// close. The view is into `candidates`.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string> candidates);

/// `did you mean "NAME"?` for the end of an error message, or empty when nothing is close.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> candidates);
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

}  // namespace jobhost::base
