#include "simulation/node.hpp"

#include <algorithm>
#include <utility>

namespace jobhost::simulation {

namespace {

using namespace std::chrono_literals;

/// So late an attempt may be told that its time is over.
constexpr Time kPatience = 2s;

/// Few places, so that they are fought for.
run::Options small() {
    run::Options options;
    options.workers = 3;
    options.max_waiting = 4;
    options.cancel_grace = 2s;
    return options;
}

core::Outcome failed(core::RetryHint hint) {
    core::Failure failure;
    failure.hint = hint;
    failure.message = "the dice said so";
    return {core::Failed{std::move(failure)}, {}};
}

core::Outcome thrown(Dice& dice, FaultCounts& counts) {
    const auto throw_of = dice.between(0, 99);
    if (throw_of < 55) {
        return {core::Succeeded{}, {}};
    }
    if (throw_of < 58) {
        counts.add(Fault::UnwritableRow);
        return {core::Succeeded{}, "unwritable"};
    }
    if (throw_of < 80) {
        return failed(core::RetryHint::Retryable);
    }
    if (throw_of < 86) {
        return failed(core::RetryHint::Permanent);
    }
    if (throw_of < 92) {
        return {core::Snoozed{.delay = Time(dice.between(0, 5000))}, {}};
    }
    if (throw_of < 96) {
        return {core::Crashed{}, {}};
    }
    return {core::Skipped{"not now"}, {}};
}

}  // namespace

std::optional<core::Failure> SimulatedRunner::validate(const core::Attempt&) {
    if (!node_.world.calm && node_.world.dice.in_thousand(20)) {
        return core::Failure{};
    }
    return std::nullopt;
}

/// Nothing, too, when the clock was set between the attempt's begin and now.
std::optional<Time> SimulatedRunner::limit_of(const core::Attempt& attempt) const {
    const Time left = attempt.deadline ? *attempt.deadline - node_.wall_clock() : Time(0);
    const bool is_sound = left > Time(0) && left <= kLongestTimeout;
    return is_sound ? std::optional(node_.world.scheduler.now() + left) : std::nullopt;
}

void SimulatedRunner::start(core::Attempt attempt, core::Sink& sink) {
    World& world = node_.world;
    const core::Token token = attempt.token;
    const auto parent = world.exclusive_parent_of(attempt.job);
    world.witness.begins(token,
                         {.job = attempt.job, .owner = node_.owner, .exclusive_parent = parent});
    open_.emplace(token, Open{.sink = &sink, .limit = limit_of(attempt)});
    const bool is_long = !world.calm && world.dice.in_thousand(100);
    const Time took(world.dice.between(1, is_long ? 20'000 : 3'000));
    end_at(world.scheduler.now() + took, token,
           world.calm ? core::Outcome{} : thrown(world.dice, world.counts));
    if (const auto reason = sink.cancel_reason(token); reason != core::CancelReason::None) {
        cancel(token, reason);
    }
}

void SimulatedRunner::cancel(core::Token token, core::CancelReason reason) {
    World& world = node_.world;
    const auto found = open_.find(token);
    if (found == open_.end()) {
        return;
    }
    Open& open = found->second;
    open.told = true;
    if (reason == core::CancelReason::Deadline &&
        world.scheduler.now() < open.limit.value_or(Time(0))) {
        world.witness.violated("I13", "an attempt was timed out before its time was over");
    }
    const Time soon = world.scheduler.now() + Time(world.dice.between(0, 500));
    const auto throw_of = world.dice.between(0, 9);
    if (throw_of == 0 && !world.calm) {
        world.counts.add(Fault::StubbornAttempt);
    } else if (throw_of <= 2 && !world.calm) {
        world.counts.add(Fault::LateCancel);
        end_at(soon, token, {core::Succeeded{}, {}});
    } else {
        end_at(soon, token, {core::Cancelled{}, {}});
    }
}

/// The first end is the end.
void SimulatedRunner::end_at(Time when, core::Token token, core::Outcome outcome) {
    node_.world.scheduler.at(when, node_.owner, [this, token, outcome = std::move(outcome)] {
        const auto found = open_.find(token);
        if (found == open_.end()) {
            return;
        }
        World& world = node_.world;
        const Open open = found->second;
        open_.erase(found);
        if (world.only_clocks && open.limit && !open.told &&
            world.scheduler.now() > *open.limit + kPatience) {
            world.witness.violated("I13", "an attempt was not timed out when its time was over");
        }
        world.witness.ends(token, node_.owner);
        open.sink->complete(token, outcome);
        node_.wake();
    });
}

void SimulatedRunners::add(std::shared_ptr<SimulatedRunner> runner) {
    std::vector<core::TypeInfo> types = *types_;
    types.push_back(runner->type());
    types_ = std::make_shared<const std::vector<core::TypeInfo>>(std::move(types));
    runners_.push_back(std::move(runner));
}

std::shared_ptr<core::Runner> SimulatedRunners::find(std::string_view type) const {
    const auto found = std::ranges::find_if(
        runners_, [&](const auto& runner) { return runner->type().id == type; });
    return found == runners_.end() ? nullptr : *found;
}

Node::Node(World& its_world,
           const Ports& ports,
           Owner its_owner,
           core::NodeId id,
           const NodeClock& clock,
           const std::vector<core::TypeInfo>& types)
    : world(its_world),
      owner(its_owner),
      ports_(ports),
      id_(id),
      clock_(clock),
      options_(small()),
      attempts_(options_, clock, freed_),
      story_(attempts_, ports_.claims, "node"),
      settler_(options_,
               attempts_,
               ports_.claims,
               bus_,
               metrics_,
               clock,
               id,
               static_cast<std::uint64_t>(its_owner)),
      dispatcher_(
          options_,
          attempts_,
          settler_,
          ports_.claims,
          runners_,
          [this](run::Assignment assignment) { hand_over(std::move(assignment)); },
          metrics_,
          clock),
      planner_({}, ports_.plans, calendars_, metrics_, clock),
      rescuer_(ports_.claims, metrics_, clock) {
    for (const core::TypeInfo& type : types) {
        runners_.add(std::make_shared<SimulatedRunner>(*this, type));
    }
    subscription_ = bus_.subscribe([this](const core::JobEvent& event) {
        world.witness.announced(owner, event.job);
        wake_dispatcher();
    });
}

void Node::start() {
    world.trace.add("starts", owner);
    world.scheduler.spawn(owner, [this] {
        const store::Node self{.id = id_, .name = "node", .started_at = clock_.now()};
        while (!ports_.nodes.join(self) || !ports_.nodes.publish(*runners_.types())) {
            world.scheduler.rest_until(world.scheduler.now() + 500ms);
        }
        for (auto rescued = rescuer_.step(); !rescued || *rescued > 0; rescued = rescuer_.step()) {
            if (!rescued) {
                world.scheduler.rest_until(world.scheduler.now() + 500ms);
            }
        }
        begin_work();
    });
}

void Node::begin_work() {
    Scheduler& scheduler = world.scheduler;
    dispatch_task_ = &scheduler.spawn(owner, [this] { dispatch(); });
    settle_task_ = &scheduler.spawn(owner, [this] { settle(); });
    start_task_ = &scheduler.spawn(owner, [this] { begin_attempts(); });
    plan_task_ = &scheduler.spawn(owner, [this] {
        while (!stopping_) {
            world.scheduler.sleep_until(wanted(planner_.step()));
        }
    });
    rescue_task_ = &scheduler.spawn(owner, [this] {
        for (;;) {
            world.scheduler.sleep_until(world.scheduler.now() + 5s);
            static_cast<void>(rescuer_.step());
        }
    });
    scheduler.spawn(owner, [this] {
        for (;;) {
            world.scheduler.sleep_until(wanted(attempts_.watch_limits()));
        }
    });
}

/// No step takes no time: one that wants to be called at once is called a little later.
Time Node::wanted(base::Steady next) const {
    return std::max(NodeClock::time_of(next), world.scheduler.now() + 1ms);
}

void Node::dispatch() {
    while (!stopping_) {
        const Time next = wanted(dispatcher_.step());
        check_load();
        world.scheduler.sleep_until(next);
    }
    dispatch_done_ = true;
}

void Node::check_load() {
    const run::Load load = attempts_.load();
    const auto alone = load.by_type.find("alone");
    const bool alone_fits = alone == load.by_type.end() || alone->second.held <= 1;
    if (load.blocking > options_.workers || load.waiting > options_.max_waiting || !alone_fits) {
        world.witness.violated("I12", "node " + std::to_string(owner) + " holds more than it may");
    }
}

void Node::settle() {
    for (;;) {
        const Time next = wanted(settler_.step());
        if (settler_.keeps_ends()) {
            world.scheduler.rest_until(next);
        } else if (attempts_.ended().size() == 0) {
            world.scheduler.sleep_until(next);
        } else {
            world.scheduler.yield();
        }
    }
}

void Node::hand_over(run::Assignment assignment) {
    line_.push_back(std::move(assignment));
    world.scheduler.wake(*start_task_);
}

void Node::begin_attempts() {
    for (;;) {
        if (line_.empty()) {
            world.scheduler.block();
            continue;
        }
        if (world.dice.in_thousand(300)) {
            world.scheduler.rest_until(world.scheduler.now() + Time(world.dice.between(1, 200)));
        }
        const run::Assignment assignment = std::move(line_.front());
        line_.pop_front();
        story_.tell(assignment);
    }
}

void Node::wake() {
    if (settle_task_ != nullptr) {
        world.scheduler.wake(*settle_task_);
    }
    wake_dispatcher();
}

void Node::wake_dispatcher() {
    if (dispatch_task_ != nullptr && !dispatch_done_) {
        world.scheduler.wake(*dispatch_task_);
    }
}

void Node::wake_planner() {
    if (plan_task_ != nullptr && !stopping_) {
        world.scheduler.wake(*plan_task_);
    }
}

void Node::wake_rescuer() {
    if (rescue_task_ != nullptr) {
        world.scheduler.wake(*rescue_task_);
    }
}

/// The same turns as `run::Engine::stop`.
void Node::stop(std::function<void()> gone) {
    if (stopping_ || dispatch_task_ == nullptr) {
        return;
    }
    stopping_ = true;
    world.trace.add("is told to stop", owner);
    world.counts.add(Fault::OrderlyStop);
    world.scheduler.spawn(owner, [this, gone = std::move(gone)] {
        Scheduler& scheduler = world.scheduler;
        while (!dispatch_done_) {
            scheduler.rest_until(scheduler.now() + 100ms);
        }
        const auto unbegun = attempts_.take_unbegun();
        if (!unbegun.empty()) {
            static_cast<void>(ports_.claims.hand_back(unbegun));
        }
        scheduler.rest_until(scheduler.now() + 500ms);
        attempts_.cancel_all(core::CancelReason::Drain);
        wake();
        scheduler.rest_until(scheduler.now() + 3s);
        if (attempts_.left() == 0 && settler_.unsettled() == 0) {
            static_cast<void>(ports_.nodes.leave());
        }
        gone();
    });
}

}  // namespace jobhost::simulation
