#pragma once

#include <span>

#include "cli/verb.hpp"

namespace jobhost::cli {

/// `job pause`, `job stop` and so on: the verbs that do one thing to each of several jobs.
[[nodiscard]] std::span<const Verb> job_operation_verbs();

}  // namespace jobhost::cli
