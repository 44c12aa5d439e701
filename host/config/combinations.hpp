#pragma once

#include <vector>

#include "config/keys.hpp"
#include "config/problem.hpp"

namespace jobhost::config {

/// What is wrong with settings that are each right: addresses that anybody can reach while there
/// are no tokens, addresses that are used twice.
[[nodiscard]] std::vector<Problem> judge_combinations(const Draft& draft);

}  // namespace jobhost::config
