#include "plugin/bounded_call.hpp"

#include <future>
#include <thread>
#include <utility>

#include "base/thread.hpp"
#include "plugin/signals_blocked.hpp"

namespace jobhost::plugin {

bool call_within(base::Duration limit, const char* name, std::function<void()> work) {
    std::promise<void> promise;
    const auto returned = promise.get_future();
    const SignalsBlocked blocked;
    std::thread thread(
        [name = std::string(name), work = std::move(work), promise = std::move(promise)]() mutable {
            base::run_thread(name, work);
            work = nullptr;  // what it owns is gone before anybody hears that it is over
            promise.set_value();
        });
    if (returned.wait_for(limit) != std::future_status::ready) {
        thread.detach();
        return false;
    }
    thread.join();
    return true;
}

}  // namespace jobhost::plugin
