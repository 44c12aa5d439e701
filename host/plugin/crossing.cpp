#include "plugin/crossing.hpp"

#include <cstdlib>

#include "base/log.hpp"

namespace jobhost::plugin {

void thread_ended_by(const Conduct& plugin) noexcept {
    base::log(base::LogLevel::Error, "plugin",
              plugin.name() + " ends a thread of the host; the process cannot go on",
              {{"plugin", plugin.id()}});
    base::flush_log();
    std::abort();
}

}  // namespace jobhost::plugin
