#include "plugin/cancellation.hpp"

#include <utility>

namespace jobhost::plugin {

bool Cancellation::ask(core::CancelReason reason) {
    if (reason == core::CancelReason::None) {
        return false;
    }
    const std::scoped_lock lock(mutex_);
    auto none = core::CancelReason::None;
    if (!reason_.compare_exchange_strong(none, reason, std::memory_order_acq_rel)) {
        return false;
    }
    changed_.notify_all();
    return stage_ == Stage::Set && !closed_;
}

void Cancellation::deliver() {
    std::unique_lock lock(mutex_);
    if (reason() != core::CancelReason::None && stage_ == Stage::Set && !closed_) {
        run_callback(lock);
    }
}

std::optional<core::CancelReason> Cancellation::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit,
                      [this] { return closed_ || reason() != core::CancelReason::None; });
    return closed_ ? std::nullopt : std::optional(reason());
}

Cancellation::Answer Cancellation::set_callback(Callback callback) {
    std::unique_lock lock(mutex_);
    if (closed_ || stage_ != Stage::NoCallback) {
        return Answer::WrongState;
    }
    callback_ = std::move(callback);
    stage_ = Stage::Set;
    if (reason() != core::CancelReason::None) {
        run_callback(lock);
    }
    return Answer::Done;
}

Cancellation::Answer Cancellation::clear_callback() {
    std::unique_lock lock(mutex_);
    if (inside_callback()) {
        return Answer::WrongState;
    }
    wait_for_callback(lock);
    stage_ = Stage::NoCallback;
    return Answer::Done;
}

void Cancellation::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
    if (!inside_callback()) {
        wait_for_callback(lock);
    }
}

void Cancellation::run_callback(std::unique_lock<std::mutex>& lock) {
    stage_ = Stage::Running;
    running_on_ = std::this_thread::get_id();
    const auto callback = std::exchange(callback_, nullptr);
    lock.unlock();
    callback();
    lock.lock();
    stage_ = Stage::Ran;
    changed_.notify_all();
}

void Cancellation::wait_for_callback(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return stage_ != Stage::Running; });
}

}  // namespace jobhost::plugin
