#pragma once

#include "descriptor.hpp"
#include "fault.hpp"

namespace jobhost::shell {

/// How much time a command is left when it has to stop.
enum class Urgency {
    Polite,  ///< SIGTERM, and its grace period
    AtOnce,  ///< none: another host may be about to run the same job
};

/// Carries the wish to stop from any thread to the one that attends to a command.
class CancelSignal {
public:
    static Result<CancelSignal> open();

    /// [any thread], never blocks.
    void ask(Urgency urgency) const noexcept;

    [[nodiscard]] bool asked() const noexcept;

    /// Readable while there is a wish that nobody took.
    [[nodiscard]] int descriptor() const noexcept { return counter_.number(); }

    /// The most urgent wish so far. To be called when the descriptor is readable.
    [[nodiscard]] Urgency take() const noexcept;

private:
    explicit CancelSignal(Descriptor counter) : counter_(std::move(counter)) {}

    Descriptor counter_;
};

}  // namespace jobhost::shell
