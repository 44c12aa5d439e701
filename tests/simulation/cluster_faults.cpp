// What goes wrong.

#include <algorithm>
#include <utility>

#include "simulation/cluster.hpp"

namespace jobhost::simulation {

using namespace std::chrono_literals;

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
            // Not while it stands still.
            scheduler_.at(in(0, 3000), slot->owner, [this, &slot = *slot] { crash_soon(slot); });
        }
    }
    scheduler_.at(now() + 1s, kNobody, [this] { expel(); });
}

/// From outside: neither a task of a node nor one of its timers can end it.
void Cluster::crash_soon(Slot& slot) {
    scheduler_.at(now(), kNobody, [this, &slot, owner = slot.owner] {
        if (slot.owner == owner) {
            crash(slot);
        }
    });
}

Time Cluster::last_beat(Owner owner) const {
    const auto silent = silent_since_.find(owner);
    return silent == silent_since_.end() ? now() : silent->second;
}

void Cluster::jump_clock(Slot& slot, bool forward) {
    constexpr std::int64_t kHour = 3'600'000;
    const Time far(dice_.between(world_.only_clocks ? kHour : 60'000, 3 * kHour));
    slot.clock.error += forward ? far : -far;
    trace_.add("has its clock moved: to", slot.owner, slot.clock.error.count());
}

void Cluster::move_clocks(Slot& slot, bool all) {
    const bool forward = dice_.in_thousand(500);
    counts_.add(all ? Fault::AllClocks : forward ? Fault::ClockForward : Fault::ClockBack);
    const Time error = slot.clock.error;
    jump_clock(slot, forward);
    const Time moved = slot.clock.error - error;
    for (const auto& other : slots_) {
        if (all && other.get() != &slot) {
            other->clock.error += moved;
        }
    }
}

/// Somewhere in the middle of what it does next.
void Cluster::crash_in_the_middle(Slot& slot) {
    turns_to_harm_ = static_cast<int>(dice_.between(0, 60));
    harm_ = [this, &slot] {
        if (slot.node) {
            counts_.add(backend_->is_inside(slot.owner) ? Fault::CrashInTransaction : Fault::Crash);
        }
        crash(slot);
    };
}

void Cluster::lose_the_store() {
    counts_.add(Fault::Outage);
    backend_->away_until(in(500, 6000));
}

void Cluster::freeze_in_the_middle(Slot& slot, Time how_long) {
    turns_to_harm_ = static_cast<int>(dice_.between(0, 60));
    harm_ = [this, &slot, how_long] {
        if (slot.node) {
            freeze(slot, how_long);
        }
    };
}

/// A machine on which nothing runs has its clock moved instead.
void Cluster::stop_in_order(Slot& slot) {
    if (!slot.node) {
        move_clocks(slot, false);
        return;
    }
    slot.node->stop([this, &slot] { crash_soon(slot); });
}

const std::vector<Cluster::Harm>& Cluster::harms() {
    static const std::vector<Harm> all{
        {3, false, [](Cluster& cluster, Slot& slot) { cluster.crash_in_the_middle(slot); }},
        {1, false, [](Cluster& cluster, Slot& slot) { cluster.stop_in_order(slot); }},
        {2, false, [](Cluster& cluster, Slot& slot) { cluster.move_clocks(slot, false); }},
        {2, true,
         [](Cluster& cluster, Slot& slot) {
             cluster.freeze_in_the_middle(slot, Time(cluster.dice_.between(100, 5000)));
         }},
        {1, true,
         [](Cluster& cluster, Slot& slot) {
             cluster.freeze_in_the_middle(slot, Time(cluster.dice_.between(10'500, 18'000)));
         }},
        {2, true, [](Cluster& cluster, Slot&) { cluster.lose_the_store(); }},
        {1, false, [](Cluster& cluster, Slot& slot) { cluster.move_clocks(slot, true); }},
    };
    return all;
}

void Cluster::harm_something() {
    Slot& slot = *slots_[dice_.below(slots_.size())];
    if (world_.only_clocks) {
        move_clocks(slot, dice_.in_thousand(333));
        return;
    }
    const Harm& harm = dice_.one_by_weight(harms());
    if (settings_.store_fails || !harm.of_failing_store) {
        harm.to(*this, slot);
    }
}

void Cluster::ask_until_calm() {
    while (!world_.calm) {
        scheduler_.rest_until(in(100, 3000));
        if (!world_.calm) {
            ask_something();
        }
    }
}

/// From outside: a task cannot end tasks.
void Cluster::harm_until_calm() {
    while (!world_.calm) {
        scheduler_.rest_until(in(1000, 8000));
        scheduler_.at(now(), kNobody, [this] {
            if (!world_.calm) {
                harm_something();
            }
        });
    }
}

void Cluster::make_trouble() {
    if (settings_.store_fails && !world_.only_clocks) {
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
        scheduler_.spawn(kNobody, [this] { ask_until_calm(); });
    }
    scheduler_.spawn(kNobody, [this] { harm_until_calm(); });
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

}  // namespace jobhost::simulation
