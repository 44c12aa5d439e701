#pragma once

#include <vector>

#include "config/judge.hpp"
#include "config/problem.hpp"
#include "config/value.hpp"
#include "core/classify.hpp"

namespace jobhost::config {

/// Reads the `[[classify]]` tables, in their order. `complete` is false when the text could not be
/// read to its end, so that what a table lacks may only have been cut off.
[[nodiscard]] std::vector<core::ClassifyRule> read_classify_tables(const Entry& entry,
                                                                   bool complete,
                                                                   const Folders& folders,
                                                                   std::vector<Problem>& problems);

}  // namespace jobhost::config
