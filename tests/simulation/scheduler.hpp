#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "simulation/dice.hpp"
#include "simulation/fiber.hpp"

namespace jobhost::simulation {

/// Virtual time since the beginning of the run.
using Time = base::Duration;

/// Who a task or a timer belongs to: the incarnation of a node, or nobody.
using Owner = int;
inline constexpr Owner kNobody = 0;

/// One actor. It goes on when its time has come, or when somebody wakes it.
class Task {
public:
    Task(Owner its_owner, std::function<void()> work);

    const Owner owner;

private:
    friend class Scheduler;

    Time when_{0};
    bool wakeable_ = true;
    bool killed_ = false;
    Fiber fiber_;
};

/// Thrown out of a pause of a task whose owner died, so that its stack is unwound.
struct Killed {};

/// Runs tasks, one at a time: which of those that can go on goes first is decided by the dice, and
/// time passes only when none can.
class Scheduler {
public:
    explicit Scheduler(Dice& dice) : dice_(dice) {}
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    [[nodiscard]] Time now() const { return now_; }

    Task& spawn(Owner owner, std::function<void()> work);

    /// Does something at that time, unless the owner is dead by then; later when it is frozen.
    void at(Time when, Owner owner, std::function<void()> work);

    // Inside a task.

    /// Others may go first.
    void yield();
    /// Goes on at that time, or when woken.
    void sleep_until(Time when);
    /// Goes on at that time, whatever happens.
    void rest_until(Time when);
    /// Waits until it is woken.
    void block();
    [[nodiscard]] Task& current() { return *current_; }
    [[nodiscard]] bool inside() const { return current_ != nullptr; }

    // From anywhere.

    void wake(Task& task);
    /// Ends all tasks and timers of this owner. Not from inside a task.
    void kill(Owner owner);
    /// Stops them, or lets them go on. Not from inside a task.
    void freeze(Owner owner, bool frozen);

    /// One task goes on, or one timer is called, or time passes to the next one; false when nothing
    /// is left that could happen up to `limit`.
    bool turn(Time limit);

    /// Passes time though somebody would like to do something before: they are late then.
    void leap(Time to) { now_ = std::max(now_, to); }

private:
    struct Timer {
        Owner owner;
        std::function<void()> work;
    };

    void pause();
    void resume(Task& task);
    bool run_timer();
    [[nodiscard]] bool can_go(const Task& task) const;
    [[nodiscard]] Task* pick();
    [[nodiscard]] Time next_time() const;

    Dice& dice_;
    Time now_{0};
    std::list<std::unique_ptr<Task>> tasks_;
    std::multimap<Time, Timer> timers_;
    std::set<Owner> frozen_;
    Task* current_ = nullptr;
};

}  // namespace jobhost::simulation
