#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "base/clock.hpp"

namespace jobhost::upkeep {

/// Something to be done every so often. `step` must not throw.
struct Duty {
    base::Duration every{};
    std::function<void()> step;
    /// Asked after `step`: is more to be done at once? The other duties that are due come first.
    std::function<bool()> has_more = {};
};

/// One thread that does every duty when its time has come, one after the other.
class Periodic {
public:
    /// `clock` must outlive this, and so must what the duties use. The first turn comes at once.
    Periodic(std::vector<Duty> duties, const base::Clock& clock);

private:
    struct Timed {
        Duty duty;
        base::Steady next;
    };

    void loop(std::stop_token stop);
    [[nodiscard]] base::Steady turn();

    std::vector<Timed> duties_;
    const base::Clock& clock_;
    std::jthread thread_;
};

}  // namespace jobhost::upkeep
