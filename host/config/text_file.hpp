#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace jobhost::config {

/// The whole text of a file: at most `limit` bytes, UTF-8, without NUL. The message says what is
/// wrong without the name of the file: "there is no such file", "is a directory". Codes:
/// `file_missing`, `file_unreadable`, `file_too_large`, `file_not_text`.
[[nodiscard]] base::Result<std::string> read_text_file(const std::filesystem::path& file,
                                                       std::size_t limit);

}  // namespace jobhost::config
