#include "run/engine.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

namespace jobhost::run {

namespace {

/// Runners that do not block return from `start` at once, so few threads serve them all.
constexpr int kStarters = 2;

/// How long a stop goes on trying to write ends when the store refuses.
constexpr base::Duration kLastWrites = std::chrono::seconds(10);

}  // namespace

Engine::Engine(const Options& options, const Surroundings& surroundings)
    : options_(options),
      around_(surroundings),
      attempts_(options_, around_.clock, dispatch_wake_),
      story_(attempts_, around_.claims, around_.node_name),
      settler_(attempts_,
               around_.claims,
               around_.bus,
               around_.metrics,
               around_.clock,
               around_.node),
      blocking_("work",
                options_.workers,
                [this](const Assignment& assignment) { story_.tell(assignment); }),
      waiting_("start",
               kStarters,
               [this](const Assignment& assignment) { story_.tell(assignment); }),
      dispatcher_(options_,
                  attempts_,
                  settler_,
                  around_.claims,
                  around_.runners,
                  {blocking_, waiting_},
                  around_.metrics,
                  around_.clock),
      last_dispatch_(around_.clock.steady()),
      last_settle_(around_.clock.steady()) {}

Engine::~Engine() = default;

void Engine::start() {
    subscription_ = around_.bus.subscribe([this](const core::JobEvent& event) {
        if (event.what != core::JobEvent::What::Started) {
            dispatch_wake_.set();
        }
    });
    settle_thread_ = std::jthread([this](const std::stop_token& stop) {
        base::run_thread("settle", [&] { settle_loop(stop); });
    });
    dispatch_thread_ = std::jthread([this](const std::stop_token& stop) {
        base::run_thread("dispatch", [&] { dispatch_loop(stop); });
    });
}

void Engine::dispatch_loop(std::stop_token stop) {
    while (!stop.stop_requested()) {
        const Steady next = dispatcher_.step();
        last_dispatch_ = around_.clock.steady();
        dispatch_wake_.wait_until(stop, next);
    }
}

void Engine::settle_loop(std::stop_token stop) {
    while (!stop.stop_requested()) {
        const Steady next = settler_.step();
        last_settle_ = around_.clock.steady();
        attempts_.ended().wait_until(stop, next);
    }
}

Stopped Engine::stop(base::Duration drain_timeout, std::stop_token hurry) {
    dispatch_thread_.request_stop();
    if (dispatch_thread_.joinable()) {
        dispatch_thread_.join();
    }
    subscription_ = {};
    hand_back_unbegun();
    attempts_.wait_idle(hurry, around_.clock.steady() + drain_timeout);
    Stopped result;
    if (!attempts_.idle()) {
        const Load load = attempts_.load();
        result.interrupted = load.blocking + load.waiting;
        attempts_.cancel_all(core::CancelReason::Drain);
        attempts_.wait_idle({}, around_.clock.steady() + options_.cancel_grace);
    }
    settle_thread_.request_stop();
    if (settle_thread_.joinable()) {
        settle_thread_.join();
    }
    settle_what_is_left(hurry);
    const Load load = attempts_.load();
    result.stuck = load.blocking + load.waiting;
    result.unsettled = settler_.unsettled();
    if (result.stuck > 0) {
        blocking_.abandon();
        waiting_.abandon();
    }
    return result;
}

void Engine::hand_back_unbegun() {
    const auto tokens = attempts_.take_unbegun();
    if (tokens.empty()) {
        return;
    }
    if (const auto given = around_.claims.hand_back(tokens); !given) {
        base::log(base::LogLevel::Warn, "run",
                  "claimed jobs cannot be handed back; the next start will find them",
                  {{"error", given.error().message}});
    }
}

void Engine::settle_what_is_left(std::stop_token hurry) {
    const Steady until = around_.clock.steady() + kLastWrites;
    base::Wake pause;
    settler_.step();
    while (settler_.unsettled() > 0 && !hurry.stop_requested() && around_.clock.steady() < until) {
        pause.wait_until(hurry, settler_.step());
    }
}

}  // namespace jobhost::run
