#include "base/thread.hpp"

#include <cstdlib>
#include <exception>
#include <pthread.h>

#include "base/log.hpp"

namespace jobhost::base {

namespace {

constexpr std::size_t kLongestName = 15;  // of Linux

[[noreturn]] void end_process(const std::string& thread, const char* error) noexcept {
    log(LogLevel::Error, "base", "a thread cannot go on; the process ends",
        {{"thread", thread}, {"error", error}});
    flush_log();
    std::abort();
}

}  // namespace

void run_thread(const std::string& name, const std::function<void()>& body) noexcept {
    ::pthread_setname_np(::pthread_self(), name.substr(0, kLongestName).c_str());
    try {
        body();
    } catch (const std::exception& thrown) {
        end_process(name, thrown.what());
    } catch (...) {
        end_process(name, "an exception that says nothing");
    }
}

}  // namespace jobhost::base
