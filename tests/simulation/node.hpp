#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "events/bus.hpp"
#include "run/attempt.hpp"
#include "run/dispatcher.hpp"
#include "run/settler.hpp"
#include "simulation/dice.hpp"
#include "simulation/faults.hpp"
#include "simulation/scheduler.hpp"
#include "simulation/witness.hpp"
#include "store/node_store.hpp"
#include "upkeep/planner.hpp"
#include "upkeep/rescuer.hpp"

namespace jobhost::simulation {

/// The clocks of one machine: its wall clock may be wrong, its steady one never is.
class NodeClock final : public base::Clock {
public:
    NodeClock(const Scheduler& scheduler, base::Instant start)
        : scheduler_(scheduler), start_(start) {}

    [[nodiscard]] base::Instant now() const override { return start_ + scheduler_.now() + error; }
    [[nodiscard]] base::Steady steady() const override {
        return base::Steady(std::chrono::hours(1)) + scheduler_.now();
    }
    [[nodiscard]] static Time time_of(base::Steady steady) {
        return std::chrono::ceil<Time>(steady - base::Steady(std::chrono::hours(1)));
    }

    base::Duration error{0};

private:
    const Scheduler& scheduler_;
    base::Instant start_;
};

/// No job of a simulation may run longer.
inline constexpr Time kLongestTimeout = std::chrono::seconds(5);

/// What all nodes of a run share.
struct World {
    Scheduler& scheduler;
    Dice& dice;
    FaultCounts& counts;
    Trace& trace;
    Witness& witness;
    /// An attempt of this job begins. The recurring job that never has two children at once, of
    /// one of its children.
    std::function<std::optional<core::JobId>(core::JobId)> exclusive_parent_of = {};
    /// When an incarnation last showed that it is there.
    std::function<Time(Owner)> last_beat = {};
    bool only_clocks = false;  ///< nothing else goes wrong, so that whoever waits is punctual
    bool calm = false;         ///< no more faults: every attempt succeeds, in time
};

/// The store as one node has it.
struct Ports {
    store::ClaimStore& claims;
    store::PlanStore& plans;
    store::NodeStore& nodes;
};

class Node;

/// Attempts that end later, as the dice say; most of them give in when asked to stop.
class SimulatedRunner final : public core::Runner {
public:
    SimulatedRunner(Node& node, core::TypeInfo type) : node_(node), type_(std::move(type)) {}

    [[nodiscard]] const core::TypeInfo& type() const override { return type_; }
    [[nodiscard]] std::optional<core::Failure> validate(const core::Attempt& attempt) override;
    void start(core::Attempt attempt, core::Sink& sink) override;
    void cancel(core::Token token, core::CancelReason reason) override;

private:
    struct Open {
        core::Sink* sink;
        std::optional<Time> limit;  ///< when it may have run as long as its job may
        bool told = false;          ///< to stop
    };

    void end_at(Time when, core::Token token, core::Outcome outcome);
    [[nodiscard]] std::optional<Time> limit_of(const core::Attempt& attempt) const;

    Node& node_;
    core::TypeInfo type_;
    std::map<core::Token, Open> open_;
};

class SimulatedRunners final : public core::RunnerSource {
public:
    void add(std::shared_ptr<SimulatedRunner> runner);
    [[nodiscard]] std::shared_ptr<core::Runner> find(std::string_view type) const override;
    [[nodiscard]] Types types() const override { return types_; }

private:
    std::vector<std::shared_ptr<SimulatedRunner>> runners_;
    Types types_ = std::make_shared<const std::vector<core::TypeInfo>>();
};

/// One process: the real actors, each a task, over a store that is given to it.
class Node {
public:
    /// The references must outlive this; the tasks must be killed before it goes.
    Node(World& its_world,
         const Ports& ports,
         Owner its_owner,
         core::NodeId id,
         const NodeClock& clock,
         const std::vector<core::TypeInfo>& types);

    /// Joins, rescues what is there to be rescued, and begins to work.
    void start();
    /// Ends as a host that is told to stop; then calls `gone`.
    void stop(std::function<void()> gone);

    /// An attempt ended, a place is free.
    void wake();
    void wake_dispatcher();
    void wake_planner();
    void wake_rescuer();

    /// Are there ends that it has not settled, or does not know to be?
    [[nodiscard]] bool has_unsettled() const { return settler_.unsettled() > 0; }

    [[nodiscard]] base::Instant wall_clock() const { return clock_.now(); }

    World& world;
    const Owner owner;

private:
    void begin_work();
    void dispatch();
    void settle();
    void begin_attempts();
    void check_load();
    void hand_over(run::Assignment assignment);
    [[nodiscard]] Time wanted(base::Steady next) const;

    Ports ports_;
    core::NodeId id_;
    const NodeClock& clock_;
    run::Options options_;
    base::Metrics metrics_;
    events::Bus bus_;
    base::Wake freed_;
    run::Attempts attempts_;
    run::AttemptStory story_;
    run::Settler settler_;
    SimulatedRunners runners_;
    run::Dispatcher dispatcher_;
    core::Calendars calendars_;
    upkeep::Planner planner_;
    upkeep::Rescuer rescuer_;
    events::Bus::Subscription subscription_;
    std::deque<run::Assignment> line_;
    Task* dispatch_task_ = nullptr;
    Task* settle_task_ = nullptr;
    Task* start_task_ = nullptr;
    Task* plan_task_ = nullptr;
    Task* rescue_task_ = nullptr;
    bool stopping_ = false;
    bool dispatch_done_ = false;
};

}  // namespace jobhost::simulation
