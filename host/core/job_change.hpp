#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "core/job_spec.hpp"

/// What becomes of a stored job's spec by the body of a request. A member that is null gets its
/// default, as if a new job left it out; of what never changes, null says nothing.
namespace jobhost::core {

/// With the members that the body names changed; presets have no say in it. Those that never change
/// may be named only as they are: else the error is `immutable`, with the fields.
[[nodiscard]] base::Result<JobSpec> changed(const JobSpec& job,
                                            const base::JsonText& body,
                                            const JobDefaults& defaults);

/// As the body says it anew: what it leaves out gets its default, but what never changes stays.
[[nodiscard]] base::Result<JobSpec> replaced(const JobSpec& job,
                                             const base::JsonText& body,
                                             const JobDefaults& defaults);

/// A new job of a user like this one, without its name; the body may say anything else anew.
[[nodiscard]] base::Result<JobSpec> copied(const JobSpec& job,
                                           const base::JsonText& body,
                                           const JobDefaults& defaults);

}  // namespace jobhost::core
