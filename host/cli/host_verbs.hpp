#pragma once

#include <span>

#include "cli/session.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// `serve`, `check`, `version`: verbs about the host itself.
[[nodiscard]] std::span<const Verb> host_verbs();

}  // namespace jobhost::cli
