#include "alarm_clock.hpp"

#include <utility>

using jobhost::sdk::Completion;

AlarmClock::AlarmClock() : thread_([this] { loop(); }) {}

AlarmClock::~AlarmClock() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
    for (auto& [due, completion] : alarms_) {
        completion.finish(jobhost::sdk::cancelled());
    }
}

void AlarmClock::ring_after(std::chrono::duration<double> delay, Completion completion) {
    completion.on_cancel([this] { look_for_cancelled(); });
    const auto due = Steady::now() + std::chrono::ceil<Steady::duration>(delay);
    std::unique_lock lock(mutex_);
    // A cancellation from before this line is seen here, a later one by the loop.
    if (!completion->should_stop()) {
        alarms_.emplace(due, std::move(completion));
        changed_.notify_one();
        return;
    }
    lock.unlock();
    completion.finish(jobhost::sdk::cancelled());
}

void AlarmClock::look_for_cancelled() {
    {
        const std::lock_guard lock(mutex_);
        some_cancelled_ = true;
    }
    changed_.notify_one();
}

void AlarmClock::loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        std::vector<Ending> ended = take_ended();
        if (ended.empty()) {
            wait(lock);
            continue;
        }
        // finish() waits for a cancel callback that is running, and the callback takes this lock.
        lock.unlock();
        for (Ending& ending : ended) {
            ending.completion.finish(ending.outcome);
        }
        lock.lock();
    }
}

void AlarmClock::wait(std::unique_lock<std::mutex>& lock) {
    if (some_cancelled_ || stopping_) {
        return;
    }
    if (alarms_.empty()) {
        changed_.wait(lock);
    } else {
        const auto due = alarms_.begin()->first;
        changed_.wait_until(lock, due);
    }
}

std::vector<AlarmClock::Ending> AlarmClock::take_ended() {
    std::vector<Ending> ended;
    if (std::exchange(some_cancelled_, false)) {
        for (auto alarm = alarms_.begin(); alarm != alarms_.end();) {
            if (alarm->second->should_stop()) {
                ended.push_back({std::move(alarm->second), jobhost::sdk::cancelled()});
                alarm = alarms_.erase(alarm);
            } else {
                ++alarm;
            }
        }
    }
    while (!alarms_.empty() && alarms_.begin()->first <= Steady::now()) {
        ended.push_back({std::move(alarms_.begin()->second), jobhost::sdk::done()});
        alarms_.erase(alarms_.begin());
    }
    return ended;
}
