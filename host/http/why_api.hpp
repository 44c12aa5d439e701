#pragma once

#include "http/router.hpp"

namespace jobhost::http {

/// Why a job runs or does not, or what became of one occurrence of it.
[[nodiscard]] Answer explain_job(const Call& call);

}  // namespace jobhost::http
