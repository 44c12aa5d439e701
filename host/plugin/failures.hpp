#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <jobhost/plugin.h>

#include "core/outcome.hpp"
#include "plugin/conduct.hpp"

namespace jobhost::plugin {

inline constexpr std::size_t kLongestMessage = 4096;
inline constexpr std::size_t kLongestDocument = std::size_t{64} * 1024;  ///< result, details

/// The bytes of a text from the other side; empty for a null pointer.
[[nodiscard]] inline std::string_view view(jh_str text) {
    return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}

/// A copy that is clean UTF-8 and at most `most` bytes long.
[[nodiscard]] std::string copy_text(jh_str text, std::size_t most);

/// What a plugin says about a failure, with whatever is out of range put right.
[[nodiscard]] core::Failure failure_from(const jh_error& error, Conduct& plugin);

/// The failure of an attempt whose plugin broke a rule; names the plugin. `what` goes on after the
/// name: "gave no reason".
[[nodiscard]] core::Failure misbehaved(const Conduct& plugin,
                                       std::string type,
                                       std::string_view what);

/// The failure for JH_FAILED without a reason.
[[nodiscard]] core::Failure unspecified(Conduct& plugin, std::string_view job_id);

}  // namespace jobhost::plugin
