#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/job.hpp"
#include "events/bus.hpp"
#include "http/request.hpp"

namespace jobhost::http {

/// Requests that wait until something happens to a job. [any thread]
class JobWaits {
public:
    static constexpr std::size_t kMost = 256;

    /// The bus must outlive it; what `watch` gave must be gone before it.
    explicit JobWaits(events::Bus& bus);
    ~JobWaits();
    JobWaits(const JobWaits&) = delete;
    JobWaits& operator=(const JobWaits&) = delete;

    /// Calls `tell` at every change of the job until the interest goes; `tell` must not block. Ask
    /// first and look at the job then, so that no change falls between. Null when `kMost` wait.
    [[nodiscard]] std::unique_ptr<Interest> watch(core::JobId job, std::function<void()> tell);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace jobhost::http
