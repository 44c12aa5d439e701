#pragma once

#include <string_view>

#include "base/result.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// Has the value the form that the option asks for? The error says what it must be.
[[nodiscard]] base::Result<base::Unit> check_value(const Option& option, std::string_view value);

}  // namespace jobhost::cli
