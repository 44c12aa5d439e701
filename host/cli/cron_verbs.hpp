#pragma once

#include <span>

#include "cli/session.hpp"
#include "cli/verb.hpp"

namespace jobhost::cli {

/// What a cron expression means; no host is asked.
[[nodiscard]] std::span<const Verb> cron_verbs();

// The verbs themselves, each in a source file of its own.
ExitCode next_of_cron(const Arguments& arguments, Session& session);
ExitCode explain_cron(const Arguments& arguments, Session& session);

}  // namespace jobhost::cli
