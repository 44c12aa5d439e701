#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/job_spec.hpp"
#include "store/job_store.hpp"
#include "store/sqlite/lanes.hpp"
#include "store/sqlite/turn.hpp"

namespace jobhost::store::sqlite {

/// A job that comes in, as far as it can be prepared without the writer.
struct Arrival {
    core::JobSpec spec;
    std::string labels;                ///< as `labels_to_text` writes them
    std::optional<std::string> retry;  ///< the wish as text, when there is one
};

[[nodiscard]] std::vector<Arrival> prepare(std::span<const core::JobSpec> specs);

/// The lane of such jobs, made when there is none yet. [writer]
[[nodiscard]] LaneId lane_of(Turn& turn, LaneBook& book, const Arrival& arrival);

/// Why nothing is stored or changed so that it could never begin.
[[nodiscard]] base::Error end_is_over();

/// Stores what comes in, in order; a job whose name is taken is refused alone. [writer]
[[nodiscard]] std::vector<Enqueued> store_arrivals(Turn& turn,
                                                   LaneBook& book,
                                                   std::span<const Arrival> arrivals);

}  // namespace jobhost::store::sqlite
