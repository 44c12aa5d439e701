#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/running.hpp"

/// The run log of one job. `standing` and `running` come from the same look at the store.
namespace jobhost::store::sqlite {

/// Names of nodes by the epoch of their tokens.
using NodeNames = std::map<Epoch, std::string>;

/// At most `limit` attempts with a number above `after`, oldest first, the running one last.
[[nodiscard]] std::vector<AttemptRow> read_attempts(Connection& connection,
                                                    const Standing& standing,
                                                    const Running& running,
                                                    const NodeNames& nodes,
                                                    int after,
                                                    int limit);

/// What attempt `number` printed, or the latest for 0.
[[nodiscard]] base::Result<AttemptOutput> read_attempt_output(Connection& connection,
                                                              const Standing& standing,
                                                              const Running& running,
                                                              int number);

}  // namespace jobhost::store::sqlite
