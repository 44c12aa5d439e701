#pragma once

#include <span>
#include <vector>

#include "store/claim_store.hpp"
#include "store/sqlite/history.hpp"
#include "store/sqlite/turn.hpp"

/// The ends of holding a job. [writer]
namespace jobhost::store::sqlite {

/// Records the ends of attempts and lands their jobs; answers in the order given. `last_kept`: see
/// `record_attempt`.
[[nodiscard]] std::vector<Settled> settle(Turn& turn,
                                          std::span<const Settlement> settlements,
                                          int last_kept = kLastAttemptsKept);

/// Lets go of claims that have not begun. Nothing is written, unless somebody wants something of
/// the job or changed it: then it lands as if its attempt had been interrupted.
void hand_back(Turn& turn, std::span<const core::Token> tokens);

/// Keeps output of attempts that still run.
void keep_updates(Turn& turn, std::span<const AttemptUpdate> updates);

}  // namespace jobhost::store::sqlite
