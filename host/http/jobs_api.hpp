#pragma once

#include "core/state.hpp"
#include "http/router.hpp"

namespace jobhost::http {

/// Handlers below `/api/v1/jobs`; `docs/http-api.md` says what each takes and gives.
[[nodiscard]] Answer create_job(const Call& call);
[[nodiscard]] Answer list_jobs(const Call& call);
/// Waits for the end of the job when asked to.
[[nodiscard]] Answer show_job(const Call& call);

/// Handlers for what people do to stored jobs.
[[nodiscard]] Answer operate_on_job(const Call& call, core::Operation operation);
template <core::Operation Asked>
[[nodiscard]] Answer operate(const Call& call) {
    return operate_on_job(call, Asked);
}
[[nodiscard]] Answer operate_on_many(const Call& call);
[[nodiscard]] Answer delete_job(const Call& call);
[[nodiscard]] Answer change_job(const Call& call);
[[nodiscard]] Answer put_named_job(const Call& call);
[[nodiscard]] Answer copy_job(const Call& call);

/// Handlers below one job for what its attempts left behind.
[[nodiscard]] Answer list_attempts(const Call& call);
[[nodiscard]] Answer show_output(const Call& call);

/// The job that the path names.
[[nodiscard]] base::Result<store::Job> find_job(const Call& call);

inline constexpr int kUsualPage = 50;
inline constexpr int kLongestPage = 1000;

}  // namespace jobhost::http
