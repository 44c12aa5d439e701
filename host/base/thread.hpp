#pragma once

#include <functional>
#include <string>

namespace jobhost::base {

/// The top of every thread: gives it its name for debuggers, of which 15 letters are kept, and runs
/// `body`. An exception that leaves it is logged and ends the process: nobody stands in for a
/// thread that is gone.
void run_thread(const std::string& name, const std::function<void()>& body) noexcept;

}  // namespace jobhost::base
