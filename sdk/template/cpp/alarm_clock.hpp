#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <jobhost/plugin.hpp>

/// Ends attempts when their time has come or when they are cancelled, with one thread for all.
class AlarmClock {
public:
    AlarmClock();
    /// Joins the thread. Attempts that still wait end as cancelled.
    ~AlarmClock();

    AlarmClock(const AlarmClock&) = delete;
    AlarmClock& operator=(const AlarmClock&) = delete;

    /// Takes the attempt over. [any thread]
    void ring_after(std::chrono::duration<double> delay, jobhost::sdk::Completion completion);

private:
    using Steady = std::chrono::steady_clock;

    struct Ending {
        jobhost::sdk::Completion completion;
        jobhost::sdk::Outcome outcome;
    };

    void loop();
    void look_for_cancelled();
    void wait(std::unique_lock<std::mutex>& lock);
    std::vector<Ending> take_ended();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool some_cancelled_ = false;
    std::multimap<Steady::time_point, jobhost::sdk::Completion> alarms_;
    std::thread thread_;
};
