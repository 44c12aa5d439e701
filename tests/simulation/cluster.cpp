#include "simulation/cluster.hpp"

#include <algorithm>
#include <utility>

namespace jobhost::simulation {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMostTurns = 1'000'000;

/// Long enough for the farthest jump of a clock and the last retry after it.
constexpr Time kLongestDrain = 12h;

/// So long nothing may be left to do before a run is over: calls that were slow when the faults
/// stopped come to their end.
constexpr Time kQuiet = 4s;

std::vector<core::TypeInfo> types_of(int slot) {
    std::vector<core::TypeInfo> types(3);
    types[0].id = "works";
    types[1].id = "waits";
    types[1].blocking = false;
    types[2].id = "alone";
    types[2].max_concurrency = 1;
    if (slot == 2) {
        types.pop_back();
    }
    return types;
}

/// Sorts after all that came before it.
core::NodeId node_id(Owner owner) {
    core::NodeId id;
    id.uuid.bytes[0] = 1;
    id.uuid.bytes[14] = static_cast<std::uint8_t>(owner / 256);
    id.uuid.bytes[15] = static_cast<std::uint8_t>(owner % 256);
    return id;
}

}  // namespace

std::string Report::text() const {
    if (!violation) {
        return "seed " + std::to_string(seed) + ": nothing is wrong";
    }
    return "seed " + std::to_string(seed) + ": " + violation->invariant + ": " + violation->what +
           "\nthe last events:\n" + events;
}

Cluster::Cluster(const Settings& settings, const BackendMaker& make)
    : settings_(settings),
      dice_(settings.seed),
      scheduler_(dice_),
      trace_(scheduler_),
      witness_(trace_),
      world_{.scheduler = scheduler_,
             .dice = dice_,
             .counts = counts_,
             .trace = trace_,
             .witness = witness_,
             .only_clocks = settings.trouble == Trouble::Clocks} {
    world_.last_beat = [this](Owner owner) { return last_beat(owner); };
    backend_ = make(world_);
    world_.exclusive_parent_of = [this](core::JobId job) { return begins(job); };
    const auto count = settings.nodes == 1 ? 1 : dice_.between(2, settings.nodes);
    for (int i = 0; i < count; ++i) {
        slots_.push_back(std::make_unique<Slot>(scheduler_, i));
        start(*slots_.back());
    }
}

Cluster::~Cluster() {
    scheduler_.kill(kNobody);
    for (const auto& slot : slots_) {
        scheduler_.kill(slot->owner);
        slot->node.reset();
    }
}

Report Cluster::run() {
    make_trouble();
    const Time end = Time(dice_.between(15'000, 40'000));
    while (turn(end)) {
    }
    calm_down();
    drain();
    Report report;
    report.seed = settings_.seed;
    report.violation = witness_.violation();
    report.events = report.violation ? trace_.text() : "";
    report.sum = trace_.sum();
    report.counts = counts_;
    report.accepted = accepted_;
    report.turns = turns_;
    report.jobs = known_.size();
    return report;
}

bool Cluster::turn(Time limit) {
    if (witness_.violation()) {
        return false;
    }
    if (harm_ && --turns_to_harm_ <= 0) {
        std::exchange(harm_, nullptr)();
    }
    if (++turns_ > kMostTurns) {
        witness_.violated("I11", "the run does not come to its end");
        return false;
    }
    return scheduler_.turn(limit);
}

void Cluster::start(Slot& slot) {
    slot.owner = ++last_owner_;
    slot.leaves = false;
    const core::NodeId id = node_id(slot.owner);
    const Ports ports = backend_->open(slot.owner, id, slot.clock);
    slot.node =
        std::make_unique<Node>(world_, ports, slot.owner, id, slot.clock, types_of(slot.index));
    slot.node->start();
}

void Cluster::crash(Slot& slot) {
    if (!slot.node) {
        return;
    }
    trace_.add("is gone", slot.owner);
    fall_silent(slot.owner);
    scheduler_.kill(slot.owner);
    witness_.forget(slot.owner);
    slot.node.reset();
    backend_->close(slot.owner);
    go_on_later(slot);
}

void Cluster::go_on_later(Slot& slot) {
    scheduler_.at(in(200, 8000), kNobody, [this, &slot] { start(slot); });
}

/// Whose answer was lost asks again after a pause, and only then announces what was written: so the
/// end is not when the store is quiet but when nobody has anything to tell it.
std::string Cluster::unfinished() {
    std::string found = backend_->unfinished();
    for (const auto& slot : slots_) {
        if (found.empty() && slot->node && slot->node->has_unsettled()) {
            found = "node " + std::to_string(slot->owner) + " has ends to settle";
        }
    }
    return found;
}

/// Whoever paused or disabled something wants it to come to its end after all. Time that nobody has
/// a use for passes at once.
void Cluster::let_all_go_on() {
    for (const Wish& wish : backend_->left_aside()) {
        scheduler_.spawn(kNobody, [this, wish] { apply(wish.operation, wish.job); });
    }
    if (const auto next = backend_->quiet_until(); next && *next > now()) {
        scheduler_.leap(*next);
    }
}

/// Liveness: from here on everything that can run must come to its end.
void Cluster::drain() {
    const Time begin = now();
    Time busy = begin;
    while (!witness_.violation() && now() <= busy + kQuiet) {
        if (const std::string left = unfinished(); !left.empty()) {
            if (now() > begin + kLongestDrain) {
                witness_.violated("I11", left + ", long after all faults stopped");
                return;
            }
            let_all_go_on();
            busy = now();
        }
        if (now() > begin + 2min) {
            backend_->check_late();
        }
        for (const Time until = now() + 1s; turn(until);) {
        }
    }
    if (!witness_.violation()) {
        backend_->check_end();
    }
}

Report simulate_clocks(std::uint64_t seed) {
    Cluster cluster({.seed = seed, .trouble = Trouble::Clocks},
                    [](World& world) { return make_model(world, Bug::None); });
    return cluster.run();
}

Report simulate(std::uint64_t seed, Bug bug) {
    Cluster cluster({.seed = seed}, [bug](World& world) { return make_model(world, bug); });
    return cluster.run();
}

}  // namespace jobhost::simulation
