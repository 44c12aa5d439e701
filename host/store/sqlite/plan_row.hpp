#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/planning.hpp"
#include "core/state.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// How a recurring job stands, as the database has it.
struct PlanRow {
    core::Status status = core::Status::Queuing;  ///< `Queuing` is armed
    core::Instant changed_at;                     ///< when it came to its status
    std::string reason;
    bool abandoned = false;
    std::optional<core::Instant> next_due;
    std::optional<core::Instant> last_fired;
    int failures = 0;
    core::PlanPoint point;
    core::Recurrence recurrence;
};

/// As the database has them.
[[nodiscard]] std::string calendars_to_text(const std::vector<std::string>& names);

/// Nothing for a job that does not recur.
[[nodiscard]] std::optional<PlanRow> read_plan(Connection& connection, JobKey job);

/// Arms a recurring job that was just stored: `next` is its first occurrence after `last`.
void arm(Turn& turn,
         JobKey job,
         const core::Recurrence& recurrence,
         core::Instant last,
         core::Instant next);

/// Brings it to its end.
void end_plan(Turn& turn,
              JobKey job,
              const PlanRow& plan,
              core::Status to,
              std::string_view reason,
              bool abandoned);

}  // namespace jobhost::store::sqlite
