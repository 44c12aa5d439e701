#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace jobhost::base {

/// A queue between threads; only values travel. Unbounded: the senders are bounded by what they
/// send (slots, permits). [any thread]
template <typename T>
class Channel {
public:
    /// False when the channel is closed; the value is dropped then.
    bool push(T value) {
        {
            const std::scoped_lock lock(mutex_);
            if (closed_) {
                return false;
            }
            items_.push_back(std::move(value));
        }
        filled_.notify_one();
        return true;
    }

    /// Waits for one value; nothing when the channel is closed and empty, or on stop.
    std::optional<T> pop(std::stop_token stop) {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, stop, [this] { return closed_ || !items_.empty(); });
        if (items_.empty()) {
            return std::nullopt;
        }
        T value = std::move(items_.front());
        items_.pop_front();
        return value;
    }

    /// Waits until something is there, or stop, or `until`; takes nothing.
    void wait_until(std::stop_token stop, std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex_);
        filled_.wait_until(lock, stop, until, [this] { return closed_ || !items_.empty(); });
    }

    /// Takes what is there, at once.
    std::vector<T> drain() {
        const std::scoped_lock lock(mutex_);
        return take();
    }

    /// No more pushes; waiting readers see the end once it is empty.
    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        filled_.notify_all();
    }

    [[nodiscard]] std::size_t size() const {
        const std::scoped_lock lock(mutex_);
        return items_.size();
    }

private:
    std::vector<T> take() {
        std::vector<T> all(std::make_move_iterator(items_.begin()),
                           std::make_move_iterator(items_.end()));
        items_.clear();
        return all;
    }

    mutable std::mutex mutex_;
    std::condition_variable_any filled_;
    std::deque<T> items_;
    bool closed_ = false;
};

}  // namespace jobhost::base
