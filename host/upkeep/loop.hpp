#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/wake.hpp"

namespace jobhost::upkeep {

/// One thread that gives an actor its turns: when it wants them, and when somebody wakes it.
class Loop {
public:
    /// `step` makes one turn and says when it wants the next one; it must not throw. The first turn
    /// comes at once.
    Loop(const std::string& name, std::function<base::Steady()> step);

    /// [any thread]
    void wake() { wake_.set(); }

private:
    base::Wake wake_;
    std::jthread thread_;
};

}  // namespace jobhost::upkeep
