#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"

namespace jobhost::upkeep {

/// Something to be done every so often. `step` must not throw.
struct Duty {
    std::string name;
    base::Duration every{};
    std::function<void()> step;
};

/// One thread that does every duty when its time has come, one after the other.
class Periodic {
public:
    /// `clock` must outlive this, and so must what the duties use. The first turn comes at once.
    Periodic(std::vector<Duty> duties, const base::Clock& clock);

    /// When the loop last made a turn. [any thread]
    [[nodiscard]] base::Steady last_turn() const { return last_turn_.load(); }

private:
    struct Timed {
        Duty duty;
        base::Steady next;
    };

    void loop(std::stop_token stop);
    [[nodiscard]] base::Steady turn();

    std::vector<Timed> duties_;
    const base::Clock& clock_;
    std::atomic<base::Steady> last_turn_;
    std::jthread thread_;
};

}  // namespace jobhost::upkeep
