#include "plugin/cancel_delivery.hpp"

#include <utility>

#include "base/thread.hpp"
#include "plugin/signals_blocked.hpp"

namespace jobhost::plugin {

CancelDelivery::~CancelDelivery() { due_.close(); }

void CancelDelivery::deliver(std::shared_ptr<Call> call) {
    std::call_once(started_, [this] {
        const SignalsBlocked blocked;
        thread_ = std::jthread([this] { base::run_thread("jh-cancel", [this] { run(); }); });
    });
    due_.push(std::move(call));
}

void CancelDelivery::run() {
    while (const auto due = due_.pop({})) {
        (*due)->attempt->cancellation.deliver();
    }
}

}  // namespace jobhost::plugin
