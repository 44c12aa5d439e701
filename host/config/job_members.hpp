#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.hpp"
#include "config/value.hpp"

namespace jobhost::config {

/// Members of a job that a request gives in seconds and the file as `"30s"`, by name: in `table`
/// each becomes the number of its seconds. Mistakes are noted; `path` stands before the member's
/// name.
void durations_to_seconds(Table& table,
                          std::span<const std::string_view> names,
                          std::string_view path,
                          std::vector<Problem>& problems);

}  // namespace jobhost::config
