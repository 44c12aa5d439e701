#pragma once

#include <span>

#include "cli/session.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// `plugin list` asks a host; `plugin describe` looks at a file and needs none.
[[nodiscard]] std::span<const Verb> plugin_verbs();

}  // namespace jobhost::cli
