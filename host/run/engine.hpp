#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "base/wake.hpp"
#include "events/bus.hpp"
#include "run/attempt.hpp"
#include "run/attempts.hpp"
#include "run/dispatcher.hpp"
#include "run/options.hpp"
#include "run/settler.hpp"
#include "run/starters.hpp"

namespace jobhost::run {

/// What the engine works with; all of it outlives the engine.
struct Surroundings {
    store::ClaimStore& claims;
    const core::RunnerSource& runners;
    events::Bus& bus;
    base::Metrics& metrics;
    const base::Clock& clock;
    core::NodeId node;
    std::string node_name;
};

/// How a stop went.
struct Stopped {
    int interrupted = 0;  ///< attempts that were asked to stop before they were done
    int stuck = 0;        ///< attempts that did not stop: their threads still run foreign code
    std::size_t unsettled =
        0;  ///< ends that could not be written; the next start will find them lost
};

/// The threads that run jobs: one dispatches, one settles, one watches time limits, the others
/// work.
class Engine {
public:
    Engine(const Options& options, const Surroundings& surroundings);
    /// `stop` must have been called.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void start();

    /// Stops claiming, hands back what has not begun, waits up to `drain_timeout` for what runs,
    /// asks the rest to stop, waits for it once more, and writes all ends. Meanwhile time limits
    /// and the cancels of users go on. `hurry` leaves out both waits, but for a moment in which
    /// what gives in can end.
    Stopped stop(base::Duration drain_timeout, std::stop_token hurry);

    /// While on, it takes no jobs and hands back what has not begun; what runs goes on, and wishes
    /// reach it. [any thread]
    void standby(bool on);
    [[nodiscard]] bool is_on_standby() const { return standby_; }

    [[nodiscard]] Load load() const { return attempts_.load(); }
    /// How many jobs of a type are taken at once; see `places_of`. [any thread]
    [[nodiscard]] core::Places places(const core::TypeInfo* type) const {
        return places_of(options_, attempts_.load(), type);
    }

    /// When the loops last made a turn, for the liveness check. [any thread]
    [[nodiscard]] Steady last_dispatch() const { return last_dispatch_.load(); }
    [[nodiscard]] Steady last_settle() const { return last_settle_.load(); }

private:
    using Loop = void (Engine::*)(const std::stop_token&);

    [[nodiscard]] std::jthread thread(const char* name, Loop loop);
    void dispatch_loop(const std::stop_token& stop);
    void listen_loop(const std::stop_token& stop);
    void settle_loop(const std::stop_token& stop);
    void watch_loop(const std::stop_token& stop);
    void hand_over(Assignment assignment);
    void take_back_unbegun();
    void hand_back();
    void interrupt(const std::stop_token& hurry);
    void settle_what_is_left(std::stop_token hurry);

    const Options options_;
    const Surroundings around_;
    base::Wake dispatch_wake_;
    Attempts attempts_;
    AttemptStory story_;
    Settler settler_;
    WorkerPool blocking_;
    Starters waiting_;
    Dispatcher dispatcher_;
    std::atomic<bool> standby_;
    std::vector<Token>
        unreturned_;  ///< taken back and still to be handed back; one thread at a time
    std::atomic<Steady> last_dispatch_;
    std::atomic<Steady> last_settle_;
    events::Bus::Subscription subscription_;
    std::jthread settle_thread_;
    std::jthread watch_thread_;
    std::jthread dispatch_thread_;
};

}  // namespace jobhost::run
