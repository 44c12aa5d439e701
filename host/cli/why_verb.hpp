#pragma once

#include <span>

#include "cli/verb.hpp"

namespace jobhost::cli {

/// `why`: asks a running host why a job runs, or does not.
[[nodiscard]] std::span<const Verb> why_verbs();

}  // namespace jobhost::cli
