#pragma once

#include <functional>

#include "base/clock.hpp"

namespace jobhost::plugin {

/// Runs `work` on a thread of its own, with all asynchronous signals blocked, and waits for it.
/// False when it has not returned within `limit`: the thread goes on alone, since nobody can end
/// it, so `work` must own all that it touches. `name` is the thread's, at most 15 letters.
[[nodiscard]] bool call_within(base::Duration limit, const char* name, std::function<void()> work);

}  // namespace jobhost::plugin
