#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulation/model.hpp"
#include "simulation/node.hpp"
#include "store/job_store.hpp"

namespace jobhost::simulation {

struct Parent {
    core::JobId id;
    core::Recurrence recurrence;
};

/// What is asked of a job.
struct Wish {
    core::Operation operation = core::Operation::Start;
    core::JobId job;
};

/// A store under simulation, and what its run needs to know of it.
class Backend {
public:
    virtual ~Backend() = default;

    /// A process opens the store.
    [[nodiscard]] virtual Ports open(Owner owner, core::NodeId id, const NodeClock& clock) = 0;
    /// It is gone.
    virtual void close(Owner owner) = 0;

    [[nodiscard]] virtual base::Result<std::vector<store::Enqueued>> enqueue(
        std::span<const core::JobSpec> specs) = 0;
    [[nodiscard]] virtual base::Result<store::Verdict> apply(core::Operation operation,
                                                             core::JobId id) = 0;

    /// Of a child of a recurring job.
    [[nodiscard]] virtual std::optional<Parent> parent_of(core::JobId child) = 0;
    /// Was this process told that it counts as dead?
    [[nodiscard]] virtual bool is_expelled(Owner owner) = 0;
    /// Is a transaction of it open?
    [[nodiscard]] virtual bool is_inside(Owner owner) = 0;

    virtual void fail(const Rates& rates) = 0;
    virtual void away_until(Time when) = 0;

    /// A job that is not over, for people; empty when all are.
    [[nodiscard]] virtual std::string unfinished() = 0;
    /// What lets all those go on that somebody paused or disabled.
    [[nodiscard]] virtual std::vector<Wish> left_aside() = 0;
    /// When the next job is due, if nothing can happen before.
    [[nodiscard]] virtual std::optional<Time> quiet_until() = 0;
    /// Tells the witness of recurring jobs whose next occurrence has been due for too long.
    virtual void check_late() = 0;
    /// Tells the witness what is wrong when all is over.
    virtual void check_end() = 0;
};

/// The model of a cluster's store.
[[nodiscard]] std::unique_ptr<Backend> make_model(World& world, Bug bug);

}  // namespace jobhost::simulation
