#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "base/channel.hpp"
#include "plugin/call.hpp"

namespace jobhost::plugin {

/// Runs the cancel callbacks of one plugin on a thread of its own, so that one that blocks holds up
/// nobody but its own plugin. The thread is there from the first callback on. [any thread]
class CancelDelivery {
public:
    CancelDelivery() = default;
    /// Waits for the callback that is running.
    ~CancelDelivery();
    CancelDelivery(const CancelDelivery&) = delete;
    CancelDelivery& operator=(const CancelDelivery&) = delete;

    /// Has the callback of an attempt run soon, unless the attempt ends before.
    void deliver(std::shared_ptr<Call> call);

private:
    void run();

    base::Channel<std::shared_ptr<Call>> due_;
    std::once_flag started_;
    std::jthread thread_;
};

}  // namespace jobhost::plugin
