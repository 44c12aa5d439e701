#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/settle.hpp"
#include "store/sqlite/turn.hpp"

/// The places in which a job can stand, and the ways into and out of them. A job stands in exactly
/// one; whoever takes it out of one puts it into another in the same operation.
namespace jobhost::store::sqlite {

/// Why a job is parked; the numbers are those kept in the database.
enum class Why : int { Time = 1, Retry = 2, Paused = 3, Stopped = 4, Disabled = 5, Gate = 6 };

/// What a job that is not finished takes along from place to place.
struct Luggage {
    JobKey job;
    LaneId lane;
    Rank rank;
    int tries = 0;
    int crashes = 0;
    int attempts = 0;  ///< recorded so far
    bool enabled = true;
};

/// Where a job stands, as the database has it. A recurring one stands in its plan.
struct Standing {
    core::Status status = core::Status::Queuing;  ///< never Running: only memory knows that
    Luggage luggage;
    std::optional<core::Instant> due;       ///< of a waiting job
    std::optional<core::Instant> ended_at;  ///< of a stopped or completed one
    std::string reason;
    bool abandoned = false;
    bool in_ready = false;
    bool recurs = false;
    bool gated = false;  ///< waits until other children of its parent are over

    /// Its row, when it stands in `ready`.
    [[nodiscard]] ReadyKey ready_key() const {
        return {luggage.lane, luggage.rank, {*due, luggage.job}};
    }
};

/// What somebody may have changed since a job was claimed, and what decides about changes.
struct Order {
    LaneId lane;
    core::Kind kind = core::Kind::Once;
    core::Source source = core::Source::User;
    core::Priority priority = core::Priority::Normal;
    int max_tries = 0;
    std::int64_t version = 1;
    bool enabled = true;
    std::optional<core::Instant> begin_time;
    core::Instant created_at;
    std::optional<JobKey> parent;
    bool is_occurrence = false;
    std::optional<core::Instant> end_time;
};

[[nodiscard]] std::optional<Order> order_of(Connection& connection, JobKey job);

/// `FailedRetry` when at least one try has failed, else `Queuing`.
[[nodiscard]] core::Status waiting_status(int tries);

/// The rank of a stored job after so many failed tries.
[[nodiscard]] Rank rank_of(Connection& connection, JobKey job, int tries);

[[nodiscard]] std::optional<Standing> standing_of(Connection& connection, JobKey job);

/// Into the queue, or parked: until `due` when that is later than now, until it is enabled when it
/// is not.
void put_in_queue(Turn& turn, const Luggage& job, core::Instant due);

/// Out of `ready`. The caller has made sure that no claim takes the row meanwhile. False when it is
/// not there, which only another program can have done.
[[nodiscard]] bool take_from_ready(Turn& turn, const ReadyKey& row, int tries);

/// Parked until `take_from_gate`, which puts it into the queue.
void put_behind_gate(Turn& turn, const Luggage& job);
void take_from_gate(Turn& turn, JobKey job, core::Instant due);

/// Out of the place where a job stands that nobody holds, to be put into another one. The caller
/// has made sure that no claim takes it meanwhile.
void take_up(Turn& turn, const Standing& standing);

/// Has a waiting or paused job wait for somebody: `Why::Paused`, or `Why::Stopped` for a reason.
/// The caller has made sure that no claim takes it meanwhile.
void set_aside(Turn& turn, const Standing& standing, Why why, std::string_view reason);

/// The landing function: puts a job whose attempt is over, and which stands nowhere now, where the
/// transition says. Settle, rescue and hand-back all end here.
void land(Turn& turn, const Luggage& job, const core::Transition& transition, core::Instant at);

}  // namespace jobhost::store::sqlite
