#include "run/worker_pool.hpp"

#include "base/thread.hpp"

namespace jobhost::run {

WorkerPool::WorkerPool(const std::string& name, int threads, Work work) : work_(std::move(work)) {
    for (int i = 0; i < threads; ++i) {
        threads_.emplace_back([this, name](const std::stop_token& stop) {
            base::run_thread(name, [&] { loop(stop); });
        });
    }
}

WorkerPool::~WorkerPool() { assignments_.close(); }

void WorkerPool::abandon() {
    assignments_.close();
    for (std::jthread& thread : threads_) {
        thread.request_stop();
        thread.detach();
    }
    threads_.clear();
}

void WorkerPool::loop(std::stop_token stop) {
    while (auto assignment = assignments_.pop(stop)) {
        work_(*assignment);
    }
}

}  // namespace jobhost::run
