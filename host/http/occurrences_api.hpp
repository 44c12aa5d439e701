#pragma once

#include "http/router.hpp"

namespace jobhost::http {

/// Occurrences of a recurring job that did not run, newest first.
[[nodiscard]] Answer list_not_run(const Call& call);

}  // namespace jobhost::http
