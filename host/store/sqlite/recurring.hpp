#pragma once

#include "base/result.hpp"
#include "core/job_spec.hpp"
#include "core/state.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/turn.hpp"

/// What people do to recurring jobs, which stand in their plans and never run themselves. [writer]
namespace jobhost::store::sqlite {

/// Does an operation that is allowed; `enabled` is what the job is after it, `order` what it was.
void change_recurring(Turn& turn,
                      JobKey job,
                      const Order& order,
                      core::Operation operation,
                      bool enabled);

/// Gives the plan what `spec` says. What lies before now is not planned anew. `never_fires` when
/// nothing would be left to come; nothing is changed then.
[[nodiscard]] base::Result<base::Unit> change_plan(Turn& turn,
                                                   JobKey job,
                                                   const Order& order,
                                                   const core::JobSpec& spec);

/// An extra child, to be run now, or after the others where there must never be two.
[[nodiscard]] core::JobId bear_extra(Turn& turn, JobKey job, const Order& order);

}  // namespace jobhost::store::sqlite
