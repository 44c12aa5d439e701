#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace jobhost::base {

/// One bit that says "look again". Setting it twice is setting it once; a wake between two waits is
/// never lost. [any thread]
class Wake {
public:
    void set() {
        {
            const std::scoped_lock lock(mutex_);
            set_ = true;
        }
        changed_.notify_one();
    }

    /// Waits for the bit, for stop or for `until`, and clears the bit.
    void wait_until(std::stop_token stop, std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, stop, until, [this] { return set_; });
        set_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool set_ = false;
};

}  // namespace jobhost::base
