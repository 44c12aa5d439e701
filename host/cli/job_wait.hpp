#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/api_client.hpp"
#include "cli/exit_code.hpp"
#include "cli/interrupts.hpp"

namespace jobhost::cli {

/// How a wait for one job ended: with the job's end, or with the time that was given.
struct Waited {
    Answer job;  ///< as it was seen last
    bool ended = false;
};

/// Waits until the job is completed or stopped, or until `deadline`. Once the host has answered, it
/// may be away for half a minute, as a host that is restarted is. The client must have been told to
/// be interrupted by `interrupts`.
[[nodiscard]] base::Result<Waited> wait_for_end(ApiClient& client,
                                                const Interrupts& interrupts,
                                                const std::string& id,
                                                std::optional<base::Steady> deadline);

/// Completed, stopped, or not ended in time.
[[nodiscard]] ExitCode exit_code_of(const Waited& waited);

/// One line for people: "019… stopped (cancelled)".
[[nodiscard]] std::string describe_end(const Waited& waited);

/// Why a job that did not end in time does not run, as the host says it: "019…: It is paused …".
/// The host is asked once. Empty when the job ended or runs, or nothing can be learned.
[[nodiscard]] std::string describe_hindrance(ApiClient& client, const Waited& waited);

/// When a wait that begins now is over; nothing when it has no limit.
[[nodiscard]] std::optional<base::Steady> deadline_after(std::optional<base::Duration> timeout);

}  // namespace jobhost::cli
