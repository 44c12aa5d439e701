#pragma once

#include <optional>

#include "base/result.hpp"
#include "core/job_spec.hpp"
#include "core/state.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/turn.hpp"

/// Which jobs the file of a host declares, and where.
namespace jobhost::store::sqlite {

[[nodiscard]] std::optional<core::Declaration> declaration_of(Connection& connection, JobKey job);

/// Does a file say now that there is such a job?
[[nodiscard]] bool is_declared(Connection& connection, JobKey job);

/// Why this may not be done to a declared job: only the file does it, or nobody (`Delete`). Nothing
/// when it may.
[[nodiscard]] std::optional<base::Error> refused_by_declaration(Connection& connection,
                                                                JobKey job,
                                                                core::Operation operation,
                                                                const OperationOptions& options);

/// Is all that is new that it is declared in another place, or by another host?
[[nodiscard]] bool only_moves(Turn& turn, JobKey job, const core::JobSpec& spec);

/// Replaces what was kept of the job before. One that is completed and not declared any more may be
/// removed when its time has come. [writer]
void keep_declaration(Turn& turn, JobKey job, const core::Declaration& declaration);

}  // namespace jobhost::store::sqlite
