#pragma once

#include <optional>

#include "store/job_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/running.hpp"

/// Jobs as they stand, put together from what the database and memory say.
namespace jobhost::store::sqlite {

/// `standing` with what runs taken into account.
[[nodiscard]] core::Status status_of(const Standing& standing, const Running& running);

[[nodiscard]] Job read_job(Connection& connection,
                           const Standing& standing,
                           const Running& running);

/// What is asked of a stored job.
[[nodiscard]] core::JobSpec read_spec(Connection& connection, JobKey key);

[[nodiscard]] std::optional<JobKey> key_of(Connection& connection, core::JobId id);

}  // namespace jobhost::store::sqlite
