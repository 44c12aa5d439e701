#pragma once

#include <string>
#include <string_view>

#include "core/job_spec.hpp"
#include "core/state.hpp"
#include "http/router.hpp"

/// What the handlers of jobs have in common.
namespace jobhost::http {

/// Has `next_run_at` of a recurring job say when it really runs: its calendars may exclude the time
/// at which it is next due. Takes of `steps` what it needs, as `core::next_run` does.
void leave_out_excluded(const Call& call, store::Job& job, int& steps);
void leave_out_excluded(const Call& call, store::Job& job);

/// The job, with its version as ETag.
[[nodiscard]] Response job_response(const store::Job& job, int status = 200);

[[nodiscard]] base::Error unknown_job(std::string_view id);

/// An operation says all it has to say in its path: its body is empty or {}.
[[nodiscard]] base::Result<base::Unit> check_no_members(const std::string& body);

/// What jobs get here that do not say it themselves.
[[nodiscard]] core::JobDefaults defaults_of(const Call& call);

/// Is there somebody who can run it, and would the arguments be taken? Says yes to a type that
/// nobody knows when the query has `allow_unknown_type`.
[[nodiscard]] base::Result<base::Unit> check_type(const Call& call, const core::JobSpec& spec);

/// What a stored job is that has the unique key of a new one.
enum class Holder { IsTheAnswer, IsInTheWay };

/// Stores a job and answers with it: 201, or why it could not be stored.
[[nodiscard]] Answer store_job(const Call& call, core::JobSpec spec, Holder holder);

/// The job as it stands after it was stored or changed.
[[nodiscard]] Answer answer_with(const Call& call, core::JobId id, int status = 200);

/// Why an operation was refused, with where the job stands and what it takes there.
[[nodiscard]] Answer refused(const Call& call, const store::Verdict& verdict);

}  // namespace jobhost::http
