#pragma once

#include <vector>

#include "config/problem.hpp"
#include "config/value.hpp"
#include "core/preset.hpp"

namespace jobhost::config {

/// Reads and judges the `[[preset]]` tables; gives those without a mistake, in their order.
/// `complete` is false when the text could not be read to its end, so that what is missing may only
/// have been cut off.
[[nodiscard]] std::vector<core::Preset> read_preset_tables(const Entry& entry,
                                                           bool complete,
                                                           std::vector<Problem>& problems);

}  // namespace jobhost::config
