#include "plugin/bounded_call.hpp"

#include <csignal>
#include <future>
#include <pthread.h>
#include <thread>
#include <utility>

namespace jobhost::plugin {

namespace {

/// Threads inherit the mask of the one that starts them.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        for (const int synchronous : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
            ::sigdelset(&all, synchronous);
        }
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

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
