#include "run/engine.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/thread.hpp"

namespace jobhost::run {

namespace {

/// How long a stop goes on trying to write ends when the store refuses.
constexpr base::Duration kLastWrites = std::chrono::seconds(10);

/// In a hurry, too, what gives in at once is recorded as interrupted instead of being found lost.
constexpr base::Duration kLastMoment = std::chrono::seconds(1);

void end(std::jthread& thread) {
    if (thread.joinable()) {
        thread.request_stop();
        thread.join();
    }
}

}  // namespace

Engine::Engine(const Options& options, const Surroundings& surroundings)
    : options_(options),
      around_(surroundings),
      attempts_(options_, around_.clock, dispatch_wake_),
      story_(attempts_, around_.claims, around_.node_name),
      settler_(options_,
               attempts_,
               around_.claims,
               around_.bus,
               around_.metrics,
               around_.clock,
               around_.node),
      blocking_("work",
                options_.workers,
                [this](const Assignment& assignment) { story_.tell(assignment); }),
      waiting_([this](const Assignment& assignment) { story_.tell(assignment); }),
      dispatcher_(
          options_,
          attempts_,
          settler_,
          around_.claims,
          around_.runners,
          [this](Assignment assignment) { hand_over(std::move(assignment)); },
          around_.metrics,
          around_.clock),
      standby_(options_.standby),
      last_dispatch_(around_.clock.steady()),
      last_settle_(around_.clock.steady()) {}

Engine::~Engine() = default;

void Engine::start() {
    subscription_ = around_.bus.subscribe([this](const core::JobEvent&) { dispatch_wake_.set(); });
    settle_thread_ = thread("settle", &Engine::settle_loop);
    watch_thread_ = thread("watch", &Engine::watch_loop);
    dispatch_thread_ = thread("dispatch", &Engine::dispatch_loop);
}

void Engine::standby(bool on) {
    standby_ = on;
    dispatch_wake_.set();
}

void Engine::hand_over(Assignment assignment) {
    if (assignment.runner->type().blocking) {
        blocking_.add(std::move(assignment));
    } else {
        waiting_.add(std::move(assignment));
    }
}

std::jthread Engine::thread(const char* name, Loop loop) {
    return std::jthread([this, name, loop](const std::stop_token& stop) {
        base::run_thread(name, [&] { (this->*loop)(stop); });
    });
}

void Engine::dispatch_loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (standby_) {
            take_back_unbegun();
        }
        hand_back();
        const Steady next = standby_ ? dispatcher_.listen() : dispatcher_.step();
        last_dispatch_ = around_.clock.steady();
        dispatch_wake_.wait_until(stop, next);
    }
}

void Engine::listen_loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        dispatch_wake_.wait_until(stop, dispatcher_.listen());
    }
}

void Engine::settle_loop(const std::stop_token& stop) {
    base::Wake pause;
    while (!stop.stop_requested()) {
        const Steady next = settler_.step();
        last_settle_ = around_.clock.steady();
        if (settler_.keeps_ends()) {
            pause.wait_until(stop, next);
        } else {
            attempts_.ended().wait_until(stop, next);
        }
    }
}

void Engine::watch_loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        attempts_.wait_for_limits(stop, attempts_.watch_limits());
    }
}

Stopped Engine::stop(base::Duration drain_timeout, std::stop_token hurry) {
    end(dispatch_thread_);
    take_back_unbegun();
    hand_back();
    dispatch_thread_ = thread("dispatch", &Engine::listen_loop);
    attempts_.wait_idle(hurry, around_.clock.steady() + drain_timeout);
    Stopped result;
    if (!attempts_.idle()) {
        const Load load = attempts_.load();
        result.interrupted = load.blocking + load.waiting;
        interrupt(hurry);
    }
    end(dispatch_thread_);
    subscription_ = {};
    end(watch_thread_);
    end(settle_thread_);
    settle_what_is_left(hurry);
    result.stuck = attempts_.left();
    result.unsettled = settler_.unsettled();
    if (result.stuck > 0) {
        blocking_.abandon();
        waiting_.abandon();
    }
    return result;
}

void Engine::take_back_unbegun() {
    const auto tokens = attempts_.take_unbegun();
    unreturned_.insert(unreturned_.end(), tokens.begin(), tokens.end());
}

void Engine::hand_back() {
    if (unreturned_.empty()) {
        return;
    }
    if (const auto given = around_.claims.hand_back(unreturned_); !given) {
        base::log(base::LogLevel::Warn, "run",
                  "claimed jobs cannot be handed back now; the next turn or the next start does it",
                  {{"error", given.error().message}});
        return;
    }
    unreturned_.clear();
}

void Engine::interrupt(const std::stop_token& hurry) {
    attempts_.cancel_all(core::CancelReason::Drain);
    attempts_.wait_idle(hurry, around_.clock.steady() + options_.cancel_grace);
    if (hurry.stop_requested()) {
        attempts_.wait_idle({}, around_.clock.steady() + kLastMoment);
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
