#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "core/parameters.hpp"

namespace jobhost::cli {

/// The arguments of a job as JSON: `whole` (a JSON object, or empty) with the words put into it.
///
///     seconds=5      as the type's description of `seconds` asks for it: a number here
///     note:=[1, 2]   JSON as it stands behind the colon
///
/// A repeated parameter may be given several times. `type` is null when nobody knows the type: then
/// all values are text. Whether they fit the parameters is the host's to judge. `whole` alone is
/// kept byte by byte.
[[nodiscard]] base::Result<std::string> job_arguments(const std::string& whole,
                                                      std::span<const std::string> words,
                                                      const core::TypeInfo* type);

/// The body of a create request: `args` (JSON text) and the options of `job add`. `user` is the
/// creator when the options name none; one that no host would take is left out, as is an empty one.
[[nodiscard]] std::string create_body(const std::string& type,
                                      const std::string& args,
                                      const Arguments& options,
                                      const std::string& user,
                                      base::Instant now);

/// The body of a change: the options of `job update`, which `job copy` takes as well.
[[nodiscard]] base::Result<std::string> change_body(const Arguments& options, base::Instant now);

/// What `--args` says: text, a file, or standard input; nothing when it is not given.
[[nodiscard]] base::Result<std::optional<std::string>> whole_arguments(const Arguments& options);

}  // namespace jobhost::cli
