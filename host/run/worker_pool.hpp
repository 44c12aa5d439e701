#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/channel.hpp"
#include "core/job.hpp"
#include "core/runner.hpp"

namespace jobhost::run {

/// An attempt that is ready to begin, and who runs it.
struct Assignment {
    core::Token token;
    std::shared_ptr<core::Runner> runner;
};

/// Threads that call runners. A thread is held as long as the runner's `start` lasts.
class WorkerPool {
public:
    using Work = std::function<void(const Assignment&)>;

    /// `name` is what a debugger shows. `work` is called on the pool's threads and must not throw.
    WorkerPool(const std::string& name, int threads, Work work);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    void add(Assignment assignment) { assignments_.push(std::move(assignment)); }

    /// Threads end when they have nothing to do; those inside a runner that does not return are let
    /// go, and the process must end without waiting for them.
    void abandon();

private:
    void loop(std::stop_token stop);

    base::Channel<Assignment> assignments_;
    Work work_;
    std::vector<std::jthread> threads_;
};

}  // namespace jobhost::run
