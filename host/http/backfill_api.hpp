#pragma once

#include "http/router.hpp"

namespace jobhost::http {

/// Has occurrences of a recurring job run that lie in a period of the past.
[[nodiscard]] Answer backfill_job(const Call& call);

}  // namespace jobhost::http
