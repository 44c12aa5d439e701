#pragma once

#include <span>

namespace jobhost::isolate {

/// What `jobhost-child` says at its end.
inline constexpr int kDescribed = 0;  ///< standard output is the description
inline constexpr int kUsage = 64;     ///< the arguments are wrong
inline constexpr int kRefused = 65;   ///< standard output is `{"error":{"code":…,"message":…}}`
inline constexpr int kNoOutput = 74;  ///< nobody took what it had to say

/// The program `jobhost-child`, with the arguments behind its name:
///
///     jobhost-child --describe FILE    load a plugin and print what it says of itself, as JSON
///
/// What the plugin itself writes to standard output goes to standard error. Leave the process with
/// `_Exit` afterwards: its state is the plugin's.
[[nodiscard]] int run_child(std::span<const char* const> arguments);

}  // namespace jobhost::isolate
