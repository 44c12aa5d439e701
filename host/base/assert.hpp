#pragma once

namespace jobhost::base {

/// Logs the broken promise and ends the process. Only for our own promises, never for anything that
/// an outsider can cause.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace jobhost::base

#define JOBHOST_ASSERT(expression) \
    (static_cast<bool>(expression) \
         ? static_cast<void>(0)    \
         : ::jobhost::base::assertion_failed(#expression, __FILE__, __LINE__))
