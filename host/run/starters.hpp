#pragma once

#include <map>
#include <string>

#include "run/worker_pool.hpp"

namespace jobhost::run {

/// Threads that call runners which return from `start` at once: one for each job type, from its
/// first job on. So one that breaks the rule and does not return holds up its own type alone.
/// [one thread at a time]
class Starters {
public:
    /// `work` is called on the threads and must not throw.
    explicit Starters(WorkerPool::Work work) : work_(std::move(work)) {}

    void add(Assignment assignment) {
        const std::string& type = assignment.runner->type().id;
        lines_.try_emplace(type, "start", 1, work_).first->second.add(std::move(assignment));
    }

    /// As `WorkerPool::abandon`, for every thread.
    void abandon() {
        for (auto& [type, line] : lines_) {
            line.abandon();
        }
    }

private:
    const WorkerPool::Work work_;
    std::map<std::string, WorkerPool> lines_;
};

}  // namespace jobhost::run
