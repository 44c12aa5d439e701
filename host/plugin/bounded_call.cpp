#include "plugin/bounded_call.hpp"

#include <future>
#include <pthread.h>
#include <thread>
#include <utility>

#include "plugin/signals_blocked.hpp"

namespace jobhost::plugin {

bool call_within(base::Duration limit, const char* name, std::function<void()> work) {
    std::promise<void> promise;
    const auto returned = promise.get_future();
    const SignalsBlocked blocked;
    std::thread thread(
        [name = std::string(name), work = std::move(work), promise = std::move(promise)]() mutable {
            ::pthread_setname_np(::pthread_self(), name.c_str());
            work();
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
