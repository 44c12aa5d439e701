#pragma once

#include <functional>
#include <memory>

namespace jobhost::app {

/// What is done when a signal comes; called on the thread that runs `wait`.
struct SignalActions {
    std::function<void()> stop;    ///< first SIGTERM or SIGINT
    std::function<void()> hurry;   ///< every one after it
    std::function<void()> reload;  ///< SIGHUP
};

/// The signals of this process. Made before any thread, so that none of them is lost on the way up;
/// SIGPIPE and SIGXFSZ become errors of the call that caused them.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Serves signals until `finish` is called. [main]
    void wait(SignalActions actions);

    /// Ends `wait`. [any thread]
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::app
