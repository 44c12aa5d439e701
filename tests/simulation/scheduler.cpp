#include "simulation/scheduler.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace jobhost::simulation {

Task::Task(Owner its_owner, std::function<void()> work)
    : owner(its_owner), fiber_([work = std::move(work)] {
          try {
              work();
          } catch (const Killed&) {
              // Its stack is unwound; that is all.
          }
      }) {}

Scheduler::~Scheduler() {
    std::set<Owner> owners;
    for (const auto& task : tasks_) {
        owners.insert(task->owner);
    }
    for (const Owner owner : owners) {
        kill(owner);
    }
}

Task& Scheduler::spawn(Owner owner, std::function<void()> work) {
    auto task = std::make_unique<Task>(owner, std::move(work));
    task->when_ = now_;
    return *tasks_.emplace_back(std::move(task));
}

void Scheduler::at(Time when, Owner owner, std::function<void()> work) {
    timers_.emplace(std::max(when, now_), Timer{owner, std::move(work)});
}

void Scheduler::pause() {
    Task& task = *current_;
    task.fiber_.pause();
    if (task.killed_) {
        throw Killed{};
    }
}

void Scheduler::yield() {
    current_->when_ = now_;
    pause();
}

void Scheduler::sleep_until(Time when) {
    current_->when_ = when;
    pause();
}

void Scheduler::rest_until(Time when) {
    current_->wakeable_ = false;
    current_->when_ = when;
    pause();
    current_->wakeable_ = true;
}

void Scheduler::block() { sleep_until(Time::max()); }

void Scheduler::wake(Task& task) {
    if (task.wakeable_) {
        task.when_ = std::min(task.when_, now_);
    }
}

void Scheduler::kill(Owner owner) {
    JOBHOST_ASSERT(current_ == nullptr);
    std::erase_if(timers_, [&](const auto& timer) { return timer.second.owner == owner; });
    for (auto at = tasks_.begin(); at != tasks_.end();) {
        Task& task = **at;
        if (task.owner != owner) {
            ++at;
            continue;
        }
        task.killed_ = true;
        if (task.fiber_.begun() && !task.fiber_.done()) {
            resume(task);
        }
        at = tasks_.erase(at);
    }
    frozen_.erase(owner);
}

void Scheduler::freeze(Owner owner, bool frozen) {
    if (frozen) {
        frozen_.insert(owner);
    } else {
        frozen_.erase(owner);
    }
}

void Scheduler::resume(Task& task) {
    current_ = &task;
    task.fiber_.resume();
    current_ = nullptr;
}

bool Scheduler::can_go(const Task& task) const {
    return task.when_ <= now_ && !frozen_.contains(task.owner);
}

Task* Scheduler::pick() {
    std::size_t ready = 0;
    for (const auto& task : tasks_) {
        ready += can_go(*task) ? 1U : 0U;
    }
    if (ready == 0) {
        return nullptr;
    }
    std::size_t skip = dice_.below(ready);
    for (const auto& task : tasks_) {
        if (can_go(*task) && skip-- == 0) {
            return task.get();
        }
    }
    return nullptr;
}

bool Scheduler::run_timer() {
    for (auto at = timers_.begin(); at != timers_.end() && at->first <= now_; ++at) {
        if (!frozen_.contains(at->second.owner)) {
            const auto work = std::move(at->second.work);
            timers_.erase(at);
            work();
            return true;
        }
    }
    return false;
}

Time Scheduler::next_time() const {
    Time next = Time::max();
    for (const auto& task : tasks_) {
        if (!frozen_.contains(task->owner)) {
            next = std::min(next, task->when_);
        }
    }
    for (const auto& [when, timer] : timers_) {
        if (!frozen_.contains(timer.owner)) {
            next = std::min(next, when);
            break;
        }
    }
    return next;
}

bool Scheduler::turn(Time limit) {
    if (run_timer()) {
        return true;
    }
    if (Task* const task = pick()) {
        resume(*task);
        if (task->fiber_.done()) {
            std::erase_if(tasks_, [&](const auto& other) { return other.get() == task; });
        }
        return true;
    }
    const Time next = next_time();
    if (next > limit) {
        now_ = std::max(now_, limit);
        return false;
    }
    now_ = next;
    return true;
}

}  // namespace jobhost::simulation
