#include "run/worker_pool.hpp"

#include <pthread.h>

namespace jobhost::run {

WorkerPool::WorkerPool(const std::string& name, int threads, Work work) : work_(std::move(work)) {
    for (int i = 0; i < threads; ++i) {
        threads_.emplace_back([this](std::stop_token stop) { loop(std::move(stop)); });
        pthread_setname_np(threads_.back().native_handle(), name.c_str());
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
