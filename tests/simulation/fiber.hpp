#pragma once

#include <functional>
#include <memory>

namespace jobhost::simulation {

/// A function that can stop in the middle and go on later: a stack of its own on the thread of
/// whoever resumes it. A thousand switches cost less than one thread that passes a baton a hundred
/// times, and nothing but the caller decides who goes on.
class Fiber {
public:
    /// `work` must not throw.
    explicit Fiber(std::function<void()> work);
    /// It must be done, or never have been resumed: what is on a stack must be unwound by itself.
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Goes on until the work pauses or is over.
    void resume();

    /// Back to whoever resumed it. [inside the work]
    void pause();

    [[nodiscard]] bool begun() const;
    [[nodiscard]] bool done() const;

private:
    struct Machine;
    static void enter(unsigned high, unsigned low);

    std::unique_ptr<Machine> machine_;
};

}  // namespace jobhost::simulation
