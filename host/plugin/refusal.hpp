#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace jobhost::plugin {

/// A library cannot be used, for a reason that lies in the file itself: it will be the same the
/// next time.
inline constexpr std::string_view kRefused = "plugin_refused";

/// A library cannot be used as things are on this machine: a library it needs is missing, its code
/// crashed. The next time may be different.
inline constexpr std::string_view kNotLoadable = "plugin_not_loadable";

/// `sentence` speaks of the library as "it": "it is not a shared library".
[[nodiscard]] inline base::Error refused(std::string sentence) {
    return {base::ErrorKind::Invalid, std::string(kRefused), std::move(sentence)};
}

[[nodiscard]] inline base::Error not_loadable(std::string sentence) {
    return {base::ErrorKind::Invalid, std::string(kNotLoadable), std::move(sentence)};
}

}  // namespace jobhost::plugin
