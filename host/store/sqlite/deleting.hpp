#pragma once

#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// Has the job a child, or a child's child, that is not over?
[[nodiscard]] bool has_live_children(Turn& turn, JobKey job);

/// Takes a job that is over out of the store, with its children and everything that is kept of
/// them: names, attempts, texts, output. [writer]
void delete_family(Turn& turn, JobKey job);

}  // namespace jobhost::store::sqlite
