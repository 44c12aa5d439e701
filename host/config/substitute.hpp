#pragma once

#include <filesystem>
#include <vector>

#include "config/environment.hpp"
#include "config/problem.hpp"
#include "config/value.hpp"

namespace jobhost::config {

/// Replaces, inside the strings of `table` and nowhere else:
///
///     ${env:NAME}             the variable; a mistake when it is not set
///     ${env:NAME:-default}    the default when it is not set or empty
///     ${file:path}            the file's text, at most 64 KiB, without one line end at its end
///     $${                     a literal ${
///
/// What is put in is never looked at again. A string that changed becomes `loose`; one that could
/// not be changed, and every table and list round it, becomes `broken`. `folder` is what relative
/// paths start from.
[[nodiscard]] std::vector<Problem> substitute(Table& table,
                                              const Environment& environment,
                                              const std::filesystem::path& folder);

}  // namespace jobhost::config
