#pragma once

#include <optional>
#include <string>

#include "core/planning.hpp"
#include "core/settle.hpp"
#include "simulation/scheduler.hpp"
#include "store/claim_store.hpp"
#include "store/plan_store.hpp"

/// The rows of the model: what was asked for apart from where it stands, as a real store has them.
namespace jobhost::simulation {

using core::Instant;
using core::JobId;
using core::NodeId;
using core::Token;

/// What was asked for; of this only `enabled` is written again.
struct JobRow {
    std::string type;
    core::Priority priority = core::Priority::Normal;
    int max_tries = 0;
    Instant created_at;
    std::optional<core::Duration> timeout;
    bool recurs = false;
    std::optional<JobId> parent = {};
    std::optional<Instant> nominal = {};
    std::optional<Instant> begin = {};
    bool enabled = true;
};

/// What goes with a job from place to place.
struct Luggage {
    int tries = 0;
    int crashes = 0;
    int attempts = 0;
};

struct ReadyRow {
    Instant due;
    Luggage luggage;
};

enum class Why { Time, Gate, Paused, Disabled };

struct ParkedRow {
    Why why = Why::Time;
    std::optional<Instant> until;  ///< of `Time` alone
    Luggage luggage;
};

struct RunningRow {
    JobId job;
    NodeId node;
    Instant due;
    std::optional<Instant> started_at;
    Luggage luggage;
};

struct FinishedRow {
    core::Status status = core::Status::Completed;
    std::string reason;
    bool abandoned = false;
    Luggage luggage;
};

struct AttemptRecord {
    JobId job;
    NodeId node;
    int number = 0;
    core::AttemptOutcome outcome = core::AttemptOutcome::Succeeded;
};

struct PlanRow {
    core::Status status = core::Status::Queuing;
    core::Recurrence recurrence;
    Instant begin;
    Instant created_at;
    Instant last;
    std::optional<Instant> next_due;
    std::optional<Instant> resumed_at = {};
    std::int64_t ran = 0;
    int failures = 0;
    int max_tries = 0;
};

struct LiveChildRow {
    JobId parent;
    bool gated = false;
    bool is_occurrence = true;
};

struct NodeRow {
    bool alive = true;
    Owner owner = kNobody;
};

}  // namespace jobhost::simulation
