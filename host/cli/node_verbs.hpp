#pragma once

#include <span>

#include "cli/session.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// How a host is, and whether it starts attempts.
[[nodiscard]] std::span<const Verb> node_verbs();

}  // namespace jobhost::cli
