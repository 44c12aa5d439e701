#include "upkeep/loop.hpp"

#include <utility>

#include "base/thread.hpp"

namespace jobhost::upkeep {

Loop::Loop(const std::string& name, std::function<base::Steady()> step)
    : thread_([this, name, step = std::move(step)](const std::stop_token& stop) {
          base::run_thread(name, [&] {
              while (!stop.stop_requested()) {
                  wake_.wait_until(stop, step());
              }
          });
      }) {}

}  // namespace jobhost::upkeep
