#include "simulation/cluster.hpp"

#include <algorithm>
#include <utility>

#include "support/job_builder.hpp"

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
             .witness = witness_} {
    world_.last_beat = [this](Owner owner) { return last_beat(owner); };
    backend_ = make(world_);
    world_.exclusive_parent_of = [this](core::JobId job) {
        return backend_->exclusive_parent_of(job);
    };
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

// What somebody asks for.

const std::vector<Cluster::Operation>& Cluster::operations() {
    static const std::vector<Operation> kAll{
        {50, &Cluster::enqueue},
        {10, &Cluster::add_recurring},
        {40, &Cluster::cancel},
    };
    return kAll;
}

void Cluster::ask_something() {
    int all = 0;
    for (const Operation& operation : operations()) {
        all += operation.weight;
    }
    auto left = dice_.between(0, all - 1);
    for (const Operation& operation : operations()) {
        left -= operation.weight;
        if (left < 0) {
            (this->*operation.ask)();
            return;
        }
    }
}

core::JobSpec Cluster::any_spec() {
    support::JobBuilder job;
    job.type(dice_.one_of<std::string>({"works", "waits", "alone"}))
        .priority(dice_.one_of<core::Priority>({core::Priority::Low, core::Priority::Normal}))
        .max_tries(static_cast<int>(dice_.between(1, 5)));
    if (dice_.in_thousand(400)) {
        job.timeout(Time(dice_.between(500, 5000)));
    }
    return job.spec();
}

void Cluster::keep(const base::Result<std::vector<store::Enqueued>>& answer) {
    if (!answer) {
        return;
    }
    for (const store::Enqueued& one : *answer) {
        if (!one.refused) {
            known_.push_back(one.id);
            witness_.acknowledged(one.id);
        }
    }
}

void Cluster::enqueue() {
    std::vector<core::JobSpec> specs;
    for (auto left = dice_.between(1, 3); left > 0; --left) {
        specs.push_back(any_spec());
        if (dice_.in_thousand(200)) {
            specs.back().begin_time = kStart + in(0, 20'000);
        }
    }
    keep(backend_->enqueue(specs));
    for (const auto& slot : slots_) {
        if (slot->node && dice_.in_thousand(500)) {
            slot->node->wake_dispatcher();
        }
    }
}

void Cluster::add_recurring() {
    core::JobSpec spec = any_spec();
    core::Recurrence recurrence;
    if (dice_.in_thousand(300)) {
        recurrence.cron = "*/5 * * * * *";
        spec.kind = core::Kind::Period;
    } else {
        recurrence.interval = dice_.one_of<core::Duration>({2s, 7s, 20s});
        spec.kind = core::Kind::Persistent;
    }
    recurrence.misfire = dice_.one_of<core::Misfire>(
        {core::Misfire::RunLatest, core::Misfire::RunAll, core::Misfire::Skip});
    recurrence.misfire_limit = static_cast<int>(dice_.between(1, 4));
    recurrence.overlap =
        dice_.one_of<core::Overlap>({core::Overlap::Skip, core::Overlap::BufferOne,
                                     core::Overlap::CancelOther, core::Overlap::Allow});
    recurrence.occurrence_tries = static_cast<int>(dice_.between(1, 3));
    recurrence.jitter = dice_.in_thousand(300) ? 1s : 0s;
    if (dice_.in_thousand(300)) {
        recurrence.catch_up = 1min;
    }
    // Every one of them ends soon, whatever becomes of its children.
    recurrence.end_time = kStart + in(1000, 60'000);
    recurrence.max_count = dice_.in_thousand(500) ? dice_.between(1, 6) : 0;
    spec.recurrence = recurrence;
    keep(backend_->enqueue({&spec, 1}));
    for (const auto& slot : slots_) {
        if (slot->node) {
            slot->node->wake_planner();
        }
    }
}

/// Most wishes are about the newest jobs: they still stand somewhere.
void Cluster::cancel() {
    if (known_.empty()) {
        return;
    }
    const std::size_t few = std::min<std::size_t>(known_.size(), 6);
    backend_->cancel(known_[known_.size() - 1 - dice_.below(few)]);
}

// What goes wrong.

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

void Cluster::freeze(Slot& slot, Time how_long) {
    const Owner owner = slot.owner;
    if (silent_since_.contains(owner)) {
        return;
    }
    counts_.add(how_long < kLease ? Fault::Freeze : Fault::FreezeBeyondLease);
    trace_.add("stands still: for", owner, how_long.count());
    fall_silent(owner);
    scheduler_.freeze(owner, true);
    if (how_long >= kLease) {
        scheduler_.at(now() + kLease, kNobody, [this, owner] { witness_.expire(owner); });
    }
    scheduler_.at(now() + how_long, kNobody, [this, &slot, owner] {
        if (slot.owner == owner && slot.node) {
            trace_.add("goes on", owner);
            silent_since_.erase(owner);
            scheduler_.freeze(owner, false);
        }
    });
}

/// All who watch it see at the same time that its lease is over.
void Cluster::fall_silent(Owner owner) {
    silent_since_.try_emplace(owner, now());
    scheduler_.at(now() + kLease, kNobody, [this] {
        for (const auto& slot : slots_) {
            if (slot->node) {
                slot->node->wake_rescuer();
            }
        }
    });
}

/// Somebody who was told that he is dead does not go on for long.
void Cluster::expel() {
    for (const auto& slot : slots_) {
        if (slot->node && !slot->leaves && backend_->is_expelled(slot->owner)) {
            slot->leaves = true;
            scheduler_.at(in(0, 3000), slot->owner, [this, &slot = *slot] {
                scheduler_.at(now(), kNobody, [this, &slot, owner = slot.owner] {
                    if (slot.owner == owner) {
                        crash(slot);
                    }
                });
            });
        }
    }
    scheduler_.at(now() + 1s, kNobody, [this] { expel(); });
}

Time Cluster::last_beat(Owner owner) const {
    const auto silent = silent_since_.find(owner);
    return silent == silent_since_.end() ? now() : silent->second;
}

void Cluster::jump_clock(Slot& slot, bool forward) {
    const Time far(dice_.between(60'000, 3 * 3'600'000));
    slot.clock.error += forward ? far : -far;
    trace_.add("has its clock moved: to", slot.owner, slot.clock.error.count());
}

void Cluster::harm_something() {
    Slot& slot = *slots_[dice_.below(slots_.size())];
    const auto kind = dice_.between(0, 11);
    if (kind <= 2) {
        turns_to_harm_ = static_cast<int>(dice_.between(0, 60));
        harm_ = [this, &slot] {
            if (slot.node) {
                counts_.add(backend_->is_inside(slot.owner) ? Fault::CrashInTransaction
                                                            : Fault::Crash);
            }
            crash(slot);
        };
    } else if (kind == 3 && slot.node) {
        slot.node->stop([this, &slot, owner = slot.owner] {
            scheduler_.at(now(), kNobody, [this, &slot, owner] {
                if (slot.owner == owner) {
                    crash(slot);
                }
            });
        });
    } else if (kind <= 5 || kind == 11) {
        const bool forward = dice_.in_thousand(500);
        if (kind == 11) {
            counts_.add(Fault::AllClocks);
            const Time error = slot.clock.error;
            jump_clock(slot, forward);
            for (const auto& other : slots_) {
                other->clock.error += other.get() == &slot ? Time(0) : slot.clock.error - error;
            }
        } else {
            counts_.add(forward ? Fault::ClockForward : Fault::ClockBack);
            jump_clock(slot, forward);
        }
    } else if (settings_.store_fails && kind <= 8) {
        turns_to_harm_ = static_cast<int>(dice_.between(0, 60));
        const Time how_long(kind == 8 ? dice_.between(10'500, 18'000) : dice_.between(100, 5000));
        harm_ = [this, &slot, how_long] {
            if (slot.node) {
                freeze(slot, how_long);
            }
        };
    } else if (settings_.store_fails) {
        counts_.add(Fault::Outage);
        backend_->away_until(in(500, 6000));
    }
}

void Cluster::make_trouble() {
    if (settings_.store_fails) {
        const auto some = [this](int most) {
            return dice_.in_thousand(500) ? static_cast<int>(dice_.between(0, most)) : 0;
        };
        backend_->fail({.refused_before = some(30),
                        .failed_inside = some(8),
                        .lost_answer = some(30),
                        .lost_commit = some(30),
                        .slow = some(50)});
    }
    const auto clients = dice_.between(1, 2);
    for (int i = 0; i < clients; ++i) {
        scheduler_.spawn(kNobody, [this] {
            while (!world_.calm) {
                scheduler_.rest_until(in(100, 3000));
                if (!world_.calm) {
                    ask_something();
                }
            }
        });
    }
    scheduler_.spawn(kNobody, [this] {
        while (!world_.calm) {
            scheduler_.rest_until(in(1000, 8000));
            // From outside: a task cannot end tasks.
            scheduler_.at(now(), kNobody, [this] {
                if (!world_.calm) {
                    harm_something();
                }
            });
        }
    });
    scheduler_.at(now() + 1s, kNobody, [this] { expel(); });
}

void Cluster::calm_down() {
    trace_.add("all faults stop", kNobody);
    world_.calm = true;
    harm_ = nullptr;
    backend_->fail({});
    backend_->away_until(Time(0));
    for (const auto& slot : slots_) {
        slot->clock.error = Time(0);
    }
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
            if (const auto next = backend_->quiet_until(); next && *next > now()) {
                scheduler_.leap(*next);
            }
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

Report simulate(std::uint64_t seed, Bug bug) {
    Cluster cluster({.seed = seed}, [bug](World& world) { return make_model(world, bug); });
    return cluster.run();
}

}  // namespace jobhost::simulation
