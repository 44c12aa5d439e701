#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace jobhost::base {

/// Data that can only be touched while its lock is held:
/// `guarded.with([](Data& data) { … })`. No call into another room inside.
template <typename T>
class Guarded {
public:
    template <typename... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

    template <typename F>
    decltype(auto) with(F&& work) {
        const std::scoped_lock lock(mutex_);
        return std::forward<F>(work)(value_);
    }
    template <typename F>
    decltype(auto) with(F&& work) const {
        const std::scoped_lock lock(mutex_);
        return std::forward<F>(work)(value_);
    }

private:
    mutable std::mutex mutex_;
    T value_;
};

}  // namespace jobhost::base
