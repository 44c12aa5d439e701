#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "core/event.hpp"

namespace jobhost::events {

/// Tells those in this process who want to know that something changed. Best effort: nothing that
/// must happen may rely on it. [any thread]
class Bus {
public:
    using Listener = std::function<void(const core::JobEvent&)>;

    /// Ends the listening when it goes, after waiting for a call that runs on another thread; the
    /// listener is never called after that. May outlive the bus.
    class Subscription {
    public:
        Subscription() = default;
        explicit Subscription(std::function<void()> end) : end_(std::move(end)) {}
        Subscription(Subscription&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
        Subscription& operator=(Subscription&& other) noexcept {
            Subscription taken(std::move(other));
            std::swap(end_, taken.end_);
            return *this;
        }
        ~Subscription() {
            if (end_) {
                end_();
            }
        }

    private:
        std::function<void()> end_;
    };

    Bus();
    ~Bus();
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    /// The listener runs on the publisher's thread, perhaps on several at once; it must not block,
    /// throw, subscribe or unsubscribe.
    [[nodiscard]] Subscription subscribe(Listener listener);

    void publish(const core::JobEvent& event);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::events
