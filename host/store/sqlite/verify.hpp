#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace jobhost::store::sqlite {

/// Looks through the whole file for what must never be: a job in no place or in two, counters that
/// do not add up, texts without their attempt, damaged pages. One sentence for each finding.
/// Reads every row, so it is for tests and for a doctor, beside a host or without one.
[[nodiscard]] base::Result<std::vector<std::string>> verify(const std::filesystem::path& file);

}  // namespace jobhost::store::sqlite
