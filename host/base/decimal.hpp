#pragma once

#include <string>

namespace jobhost::base {

/// The shortest text that reads back as the same number, as people write it: `0.0005`, `30`, with
/// an exponent only below 1e-6 and from 1e21 on. `value` is finite.
[[nodiscard]] std::string decimal(double value);

}  // namespace jobhost::base
