#include "upkeep/periodic.hpp"

#include <algorithm>

#include "base/thread.hpp"
#include "base/wake.hpp"

namespace jobhost::upkeep {

Periodic::Periodic(std::vector<Duty> duties, const base::Clock& clock) : clock_(clock) {
    for (Duty& duty : duties) {
        duties_.push_back({std::move(duty), clock_.steady()});
    }
    thread_ = std::jthread(
        [this](const std::stop_token& stop) { base::run_thread("upkeep", [&] { loop(stop); }); });
}

void Periodic::loop(std::stop_token stop) {
    base::Wake never;
    while (!stop.stop_requested()) {
        never.wait_until(stop, turn());
    }
}

base::Steady Periodic::turn() {
    base::Steady next = clock_.steady() + std::chrono::hours(1);
    for (Timed& timed : duties_) {
        if (timed.next <= clock_.steady()) {
            timed.duty.step();
            const bool more = timed.duty.has_more && timed.duty.has_more();
            timed.next = clock_.steady() + (more ? base::Duration{0} : timed.duty.every);
        }
        next = std::min(next, timed.next);
    }
    return next;
}

}  // namespace jobhost::upkeep
