#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/runner.hpp"

namespace jobhost::plugin {

/// The wish that one attempt should stop, and everybody who waits for it. [any thread]
class Cancellation {
public:
    using Callback = std::function<void()>;  ///< throws nothing

    /// What became of a request to set or to take back the callback.
    enum class Answer { Done, WrongState };

    /// Asks; the first reason stays. True when a callback is due: `deliver` runs it.
    [[nodiscard]] bool ask(core::CancelReason reason);

    /// Runs the callback on this thread, if it is due and the attempt is not over.
    void deliver();

    /// Without a lock.
    [[nodiscard]] core::CancelReason reason() const noexcept {
        return reason_.load(std::memory_order_acquire);
    }

    /// Waits until it is asked for, at most `limit`; `None` when the time is over, nothing when the
    /// attempt ended meanwhile.
    [[nodiscard]] std::optional<core::CancelReason> wait(std::chrono::milliseconds limit);

    /// At once on this thread when it was asked for already. WrongState while another callback is
    /// set or has run, and after the end.
    Answer set_callback(Callback callback);

    /// Returns when the callback is not running and never will be. WrongState from inside it.
    Answer clear_callback();

    /// The attempt is over: wakes those who wait, and returns when the callback is not running and
    /// never will be. From inside the callback it does not wait.
    void close();

private:
    enum class Stage { NoCallback, Set, Running, Ran };

    void run_callback(std::unique_lock<std::mutex>& lock);
    void wait_for_callback(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool inside_callback() const {
        return stage_ == Stage::Running && running_on_ == std::this_thread::get_id();
    }

    std::atomic<core::CancelReason> reason_{core::CancelReason::None};
    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    Stage stage_ = Stage::NoCallback;
    bool closed_ = false;
    Callback callback_;
    std::thread::id running_on_;
};

}  // namespace jobhost::plugin
