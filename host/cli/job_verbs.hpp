#pragma once

#include <span>

#include "cli/session.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// `job add`, `job list` and so on: they speak HTTP to a running host.
[[nodiscard]] std::span<const Verb> job_verbs();

// One source each: job_add.cpp, job_list.cpp, …
ExitCode add_job(const Arguments& arguments, Session& session);
ExitCode list_jobs(const Arguments& arguments, Session& session);
ExitCode show_missed(const Arguments& arguments, Session& session);
ExitCode backfill_job(const Arguments& arguments, Session& session);
ExitCode show_job(const Arguments& arguments, Session& session);
ExitCode wait_for_jobs(const Arguments& arguments, Session& session);
ExitCode show_output(const Arguments& arguments, Session& session);

}  // namespace jobhost::cli
