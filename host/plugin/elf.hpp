#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace jobhost::plugin {

/// Looks at a library without running any of it: a shared library for this machine, whole, that
/// exports an entry of the border and no other function or variable. The error is one sentence.
[[nodiscard]] base::Result<base::Unit> check_elf(std::span<const std::byte> file);

/// The same for a file.
[[nodiscard]] base::Result<base::Unit> check_elf_file(const std::filesystem::path& file);

}  // namespace jobhost::plugin
