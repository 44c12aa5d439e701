#include "run/worker_pool.hpp"

#include <latch>
#include <memory>

#include <gtest/gtest.h>

namespace jobhost::run {
namespace {

using core::Token;

TEST(WorkerPool, RunsAssignmentsAtTheSameTimeOnItsThreads) {
    std::latch all(3);
    WorkerPool pool("work", 3, [&](const Assignment&) { all.arrive_and_wait(); });
    for (std::int64_t token = 1; token <= 3; ++token) {
        pool.add({Token{token}, nullptr});
    }
    all.wait();
}

TEST(WorkerPool, FinishesWhatItWasGivenBeforeItEnds) {
    std::atomic<int> done{0};
    {
        WorkerPool pool("work", 2, [&](const Assignment&) { ++done; });
        for (std::int64_t token = 1; token <= 100; ++token) {
            pool.add({Token{token}, nullptr});
        }
    }
    EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace jobhost::run
