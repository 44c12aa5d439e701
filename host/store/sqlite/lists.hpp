#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/running.hpp"

namespace jobhost::store::sqlite {

/// One page, newest first. At most 20,000 rows are looked at, so a filter that hardly anything
/// passes gives short pages, but never a slow one.
[[nodiscard]] base::Result<JobPage> list(Connection& connection,
                                         const Running& running,
                                         const JobQuery& query);

/// How many jobs match, at most `cap`, among as many rows as a page looks at.
[[nodiscard]] JobCount count(Connection& connection,
                             const Running& running,
                             const JobQuery& query,
                             std::int64_t cap);

}  // namespace jobhost::store::sqlite
