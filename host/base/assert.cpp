#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace jobhost::base {

// Straight to the descriptor: the log, the heap or the locks may be what is broken.
void assertion_failed(const char* expression, const char* file, int line) noexcept {
    char text[1024];
    const int length = std::snprintf(text, sizeof text, "jobhost: broken promise: %s (%s:%d)\n",
                                     expression, file, line);
    if (length > 0) {
        const auto size = static_cast<std::size_t>(length);
        const auto written =
            ::write(STDERR_FILENO, text, size < sizeof text ? size : sizeof text - 1);
        static_cast<void>(written);
    }
    std::abort();
}

}  // namespace jobhost::base
