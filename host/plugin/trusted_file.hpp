#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "plugin/unique_fd.hpp"

namespace jobhost::plugin {

/// Opens a file whose code this process is about to run, for reading, if nobody but root and the
/// user of this process can put something else in its place: the file and every directory on the
/// way to it, through symbolic links as well, belong to one of the two and can be written by no
/// other. A sticky directory like /tmp counts as safe, since nobody can replace what is another's.
/// What was judged is what is open, whatever happens to the path meanwhile. Only regular files;
/// never blocks. The error is one sentence that names the place. [any thread]
[[nodiscard]] base::Result<UniqueFd> open_trusted(const std::filesystem::path& file);

}  // namespace jobhost::plugin
