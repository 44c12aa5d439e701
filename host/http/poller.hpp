#pragma once

#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace jobhost::http {

/// One descriptor of a wait: what is asked of it, and what the wait found.
struct Watched {
    int descriptor = -1;
    bool read = false;
    bool write = false;
    bool can_read = false;
    bool can_write = false;
    bool broken = false;  ///< gone in both directions; found without being asked for
};

/// Waits for many descriptors at once, and can be woken. Nothing is registered from one wait to the
/// next, so nothing can be forgotten there.
class Poller {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Poller>> open();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// Fills in what was found; returns at `until` or when woken at the latest. [one thread]
    void wait(std::vector<Watched>& watched, base::Duration at_most);

    /// Ends the wait that runs or the next one. [any thread], never blocks
    void wake() noexcept;

private:
    explicit Poller(int wake_descriptor) : wake_descriptor_(wake_descriptor) {}
    int wake_descriptor_;
};

}  // namespace jobhost::http
