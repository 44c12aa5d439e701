#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/settle.hpp"
#include "store/plan_store.hpp"
#include "store/sqlite/places.hpp"
#include "store/sqlite/turn.hpp"

/// Children: the jobs that another job brought forth.
namespace jobhost::store::sqlite {

/// How a child comes into the world.
struct Birth {
    JobKey parent;
    std::optional<core::Instant> nominal = {};  ///< of an occurrence
    core::Instant due;
    int max_tries = 1;
    bool gated = false;  ///< it waits until the other children are over
};

/// Stores a child like its parent. Nothing when this occurrence has its child already.
[[nodiscard]] std::optional<Child> bear(Turn& turn, const Birth& birth);

/// Is there one that is not over?
[[nodiscard]] bool has_live_child(Turn& turn, JobKey parent);
/// Is there one that waits until the others are over?
[[nodiscard]] bool has_gated_child(Turn& turn, JobKey parent);
[[nodiscard]] std::vector<JobKey> live_children(Turn& turn, JobKey parent);

/// Into the queue, and behind the gate when it is a child of which there must never be two at once.
void let_in(Turn& turn, const Luggage& job, std::optional<JobKey> parent, core::Instant due);

/// A job came to its end. When it was a child: lets the next one begin that waited for it, and
/// tells the recurring job, which may come to its end with it.
void left_life(Turn& turn, JobKey job, const core::Transition& landed);

/// Completes a recurring job of which nothing is left to come and no child is alive.
void end_plan_when_over(Turn& turn, JobKey parent);

}  // namespace jobhost::store::sqlite
