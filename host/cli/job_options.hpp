#pragma once

#include <span>

#include "cli/verb.hpp"

namespace jobhost::cli {

/// Options of the verbs about jobs that have many.
[[nodiscard]] std::span<const Option> add_options();
[[nodiscard]] std::span<const Option> list_options();
[[nodiscard]] std::span<const Option> update_options();
[[nodiscard]] std::span<const Option> copy_options();

}  // namespace jobhost::cli
