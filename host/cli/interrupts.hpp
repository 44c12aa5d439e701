#pragma once

#include <signal.h>

#include "base/clock.hpp"

namespace jobhost::cli {

/// While it lives, Ctrl-C and SIGTERM do not end the program but can be seen here, so that a verb
/// that waits can say what became of the job. [main]
class Interrupts {
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// Readable once a signal came.
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// Waits; true when a signal came first or before.
    [[nodiscard]] bool wait(base::Duration time) const;

private:
    sigset_t before_{};
    int descriptor_ = -1;
};

}  // namespace jobhost::cli
