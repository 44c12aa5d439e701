#pragma once

#include <filesystem>

#include <jobhost/plugin.h>

#include "base/result.hpp"

namespace jobhost::plugin {

using Entry = const jh_plugin*(JH_CALL*)(const jh_host*);

/// Maps a shared library into this process, with every symbol bound at once and none given to
/// others, and finds its entry. It stays mapped until the process ends: unmapping code that another
/// thread may still be in crashes, and what a library leaves behind (thread-local data, unique
/// symbols) often prevents it anyway.
///
/// This runs the library's constructors, which may do anything: let a child try it first. The error
/// is the loader's sentence. Blocks; one at a time in a process.
[[nodiscard]] base::Result<Entry> map_library(const std::filesystem::path& file);

}  // namespace jobhost::plugin
