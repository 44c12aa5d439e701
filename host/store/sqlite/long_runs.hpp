#pragma once

#include <chrono>

#include "store/sqlite/writer.hpp"

namespace jobhost::store::sqlite {

/// What runs longer than this gets a row in `running`, so that it is known even after a loss of
/// power, which the board need not survive. What is shorter is not worth a write.
inline constexpr base::Duration kLongRun = std::chrono::seconds(1);

/// The writer's chore: marks what has been running for that long. It comes last in its transaction,
/// so nothing there needs to know of the new marks.
[[nodiscard]] Writer::Chore mark_long_runs(const base::Clock& clock);

}  // namespace jobhost::store::sqlite
