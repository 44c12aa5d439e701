#pragma once

#include <array>
#include <atomic>
#include <initializer_list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <jobhost/plugin.h>

/// What the runners of rogue.run share. Written against the C border, since the C++ face would not
/// let most of this happen.
struct Rogue {
    explicit Rogue(const jh_host* its_host) : host(its_host) {}

    const jh_host* host;
    std::atomic<bool> stopping = false;
    std::atomic<jh_ctx> first_ctx = 0;  ///< of the attempt that stale_context failed

    std::mutex mutex;
    std::vector<std::thread> threads;  ///< joined by quiesce
    std::string seen;                  ///< what a thread found out, for report()
};

/// One answer of the host, by the name of the call.
struct Answer {
    const char* call;
    jh_rc rc;
};

inline Rogue& rogue_of(void* self) { return *static_cast<Rogue*>(self); }

/// {"call":rc,...}
std::string to_json(std::initializer_list<Answer> answers);

/// Sets the result to what the host answered, and succeeds.
jh_rc report(Rogue& rogue, jh_ctx ctx, std::initializer_list<Answer> answers);

/// Tells a failure with these flags, and returns JH_FAILED.
jh_rc fail(Rogue& rogue,
           jh_ctx ctx,
           const char* type,
           const char* message,
           std::uint32_t flags = 0,
           std::uint32_t category = JH_CATEGORY_BUSINESS);

/// Does nothing for the argument `seconds`, or until the file of the argument `release` is there,
/// or until the plugin stops. Looks every few milliseconds, and at no cancellation.
class Pause {
public:
    Pause(Rogue& rogue, jh_ctx ctx);
    void wait() const;
    /// One look; false when the pause is over. Sleeps a few milliseconds.
    [[nodiscard]] bool goes_on() const;

private:
    Rogue& rogue_;
    std::string release_;
    std::int64_t end_ms_;
};

using Work = jh_rc(JH_CALL*)(void* self, jh_ctx ctx, const jh_run_info* info);

/// A runner: `run` when `waits` is false, `start` otherwise.
struct Type {
    const char* id;
    Work work;
    bool waits;
};

// What each of them does and what the host must do stands before its function.
extern const std::array<Type, 14> kOutcomes;  // outcomes.cpp
extern const std::array<Type, 14> kContexts;  // contexts.cpp
extern const std::array<Type, 8> kCalls;      // calls.cpp
